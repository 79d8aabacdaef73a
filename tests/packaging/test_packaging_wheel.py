"""The wheel: all of Soundings and nothing else, at work where nothing but the wheel is."""

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(400)  # with an empty cache pip has some 300 MB to fetch

ROOT = Path(__file__).parents[2]
FOLDERS = ("services", "streams", "dashboards", "deploy")

# From the third week on: ten days of ordinary posts to learn from, then the made-up firestorm.
CUT = """
import json, sys
from soundings.deploy.scenario import ACCOUNTS_TOML, posts
with open("posts.jsonl", "w", encoding="utf-8") as file:
    file.writelines(json.dumps(row) + "\\n" for row in posts() if str(row["created_at"]) >= "2026-10-05")
print(ACCOUNTS_TOML)
"""


def call(*words: str | Path, cwd: Path, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, timeout=360)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the tracked files alone: what lies about in a working copy must not make it better or worse."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git clone: which files belong to the project is not known")
    sources, built = tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("built")
    for name in call("git", "ls-files", "-z", cwd=ROOT).split("\0"):
        if name and (ROOT / name).is_file():
            (sources / name).parent.mkdir(parents=True, exist_ok=True)
            (sources / name).write_bytes((ROOT / name).read_bytes())
    call(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", built, sources, cwd=built)
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_every_folder_with_modules_is_listed_as_a_package() -> None:
    """A sub-package that is forgotten in pyproject.toml would be missing from the wheel without a word."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    there = {
        ".".join(("soundings", *file.relative_to(ROOT).parent.parts))
        for folder in FOLDERS
        for file in (ROOT / folder).rglob("*.py")
    }
    assert set(listed) == there


def test_the_wheel_adds_one_top_level_name(names: list[str]) -> None:
    """No module called `services` or `tests` gets into other people's environments."""
    assert {name.split("/")[0] for name in names} == {"soundings", "whitehall_soundings-0.1.0.dist-info"}


def test_the_wheel_has_every_tracked_file_that_runs_or_is_read(names: list[str]) -> None:
    """Weights, templates, the lock of the jars, the scenario's accounts: what is not a module is easily forgotten."""
    tracked = call("git", "ls-files", *FOLDERS, cwd=ROOT).split()
    wanted = {
        f"soundings/{name}"
        for name in tracked
        if Path(name).suffix in {".py", ".npz", ".j2", ".lock", ".toml", ".typed"} and (ROOT / name).is_file()
    }
    assert {Path(name).suffix for name in wanted} == {".py", ".npz", ".j2", ".lock", ".toml", ".typed"}
    assert sorted(wanted - set(names)) == []
    assert "whitehall_soundings-0.1.0.dist-info/licenses/LICENSE" in names


@pytest.fixture(scope="module")
def alone(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A virtual environment with the wheel and what it needs, at the versions of the lock."""
    folder = tmp_path_factory.mktemp("alone")
    call(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(locked((ROOT / "requirements.lock").read_text())))
    pip = (sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "--quiet", "--disable-pip-version-check")
    # Compiling 100 packages takes longer than running the few modules that are needed.
    call(*pip, "install", "--no-compile", "--constraint", constraints, wheel, cwd=folder, environment=clean(folder))
    yield folder


def locked(text: str) -> list[str]:
    """Names and versions without the sums: pip wants a sum for the wheel itself as soon as one package has one."""
    return [line.rstrip("\\ ") for line in text.splitlines() if line[:1].isalnum()]


def clean(folder: Path) -> dict[str, str]:
    """No import path and no settings of the caller's; folders of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SOUNDINGS_"))}
    own = {f"SOUNDINGS_{name}": str(folder / name.lower()) for name in ("STATE", "DATA_DIR", "CONFIG")}
    return kept | own


def test_the_wheel_alone_judges_an_archive(alone: Path, tmp_path: Path) -> None:
    environment = clean(tmp_path)
    python, soundings = alone / "bin" / "python", alone / "bin" / "soundings"
    assert "backtest" in call(soundings, "--help", cwd=tmp_path, environment=environment)

    accounts = Path(call(python, "-c", CUT, cwd=tmp_path, environment=environment).strip())
    assert accounts.is_relative_to(alone)
    told = tmp_path / "told.jsonl"
    call(
        *(soundings, "backtest", "posts.jsonl", "--accounts", accounts, "--alerts", told),
        cwd=tmp_path,
        environment=environment,
    )
    alerts = [json.loads(line) for line in told.read_text().splitlines()]
    assert any(alert["opened_at"].startswith("2026-10-1") for alert in alerts)


@pytest.mark.parametrize("name", [*FOLDERS, "tests", "benchmarks"])
def test_no_folder_of_the_project_can_be_imported_by_its_bare_name(alone: Path, tmp_path: Path, name: str) -> None:
    done = subprocess.run(
        [alone / "bin" / "python", "-c", f"import {name}"],
        cwd=tmp_path,
        env=clean(tmp_path),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert f"No module named '{name}'" in done.stderr
