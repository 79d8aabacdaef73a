"""The package list of pyproject.toml is the folders' truth: a forgotten one would be missing from the wheel."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOP = ("services", "streams", "dashboards", "deploy")


def test_every_folder_with_code_is_a_listed_package() -> None:
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    found = {
        "soundings." + ".".join(file.parent.relative_to(ROOT).parts)
        for top in TOP
        for file in (ROOT / top).rglob("*.py")
        if "__pycache__" not in file.parts
    }
    assert found == listed


def test_every_package_has_an_init() -> None:
    for top in TOP:
        for file in (ROOT / top).rglob("*.py"):
            assert (file.parent / "__init__.py").exists(), file
