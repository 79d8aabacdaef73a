"""The pinned jars: what is proven before anything runs, and what a person is told."""

from pathlib import Path

import pytest
from rich.console import Console

from soundings.deploy.local.errors import JarsMissingError, JarTamperedError
from soundings.deploy.local.jars import Counted, Fetch, folder_of, provide
from soundings.deploy.local.lockfile import Jar, every, read_lock, sha256_of, written

SMALL = {"one-1.jar": b"the first", "two-2.jar": b"the second"}


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock file of two small jars."""
    jars = []
    for name, content in SMALL.items():
        (tmp_path / name).write_bytes(content)
        stem, version = name.removesuffix(".jar").split("-")
        jars.append(
            Jar(
                coordinate=f"org.example:{stem}:{version}",
                file=name,
                sha256=sha256_of(tmp_path / name),
                size=len(content),
            )
        )
    path = tmp_path / "jars.lock"
    path.write_text(written({"kafka": tuple(jars)}))
    return path


def brings(contents: dict[str, bytes], seen: list[str]) -> Fetch:
    def fetch(jar: Jar, folder: Path, counted: Counted) -> Path:
        seen.append(jar.file)
        if jar.file not in contents:
            raise ConnectionError("unplugged")
        path = folder / jar.file
        path.write_bytes(contents[jar.file])
        counted(len(contents[jar.file]))
        return path

    return fetch


@pytest.fixture
def quiet() -> Console:
    return Console(quiet=True)


def test_a_second_start_downloads_nothing(tmp_path: Path, lock: Path, quiet: Console) -> None:
    seen: list[str] = []
    folder = provide(tmp_path / "cache", console=quiet, fetch=brings(SMALL, seen), lock=lock)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == SMALL
    provide(tmp_path / "cache", console=quiet, fetch=brings({}, seen), lock=lock)
    assert sorted(seen) == sorted(SMALL)


def test_a_jar_changed_in_the_cache_is_refused_by_name(tmp_path: Path, lock: Path, quiet: Console) -> None:
    folder = provide(tmp_path / "cache", console=quiet, fetch=brings(SMALL, []), lock=lock)
    (folder / "two-2.jar").write_bytes(b"the secomd")
    with pytest.raises(JarTamperedError, match=r"two-2\.jar .*org\.example:two:2"):
        provide(tmp_path / "cache", console=quiet, fetch=brings(SMALL, []), lock=lock)


def test_a_wrong_download_is_refused_by_name_and_never_enters_the_cache(
    tmp_path: Path, lock: Path, quiet: Console
) -> None:
    wrong = SMALL | {"one-1.jar": b"something else"}
    with pytest.raises(JarTamperedError, match=r"one-1\.jar"):
        provide(tmp_path / "cache", console=quiet, fetch=brings(wrong, []), lock=lock)
    assert not (folder_of(tmp_path / "cache") / "one-1.jar").exists()
    assert not list((tmp_path / "cache").glob("incoming-*"))


def test_without_network_it_says_what_is_missing_and_what_to_do(tmp_path: Path, lock: Path, quiet: Console) -> None:
    with pytest.raises(JarsMissingError) as caught:
        provide(tmp_path / "cache", console=quiet, fetch=brings({"one-1.jar": SMALL["one-1.jar"]}, []), lock=lock)
    message = str(caught.value)
    assert "1 of the 2 jars" in message
    assert "org.example:two:2" in message
    assert "org.example:one:1" not in message
    assert "SOUNDINGS_STACK__MAVEN" in message
    assert "unplugged" in message


def test_a_download_that_was_cut_off_is_tidied_up_by_the_next(tmp_path: Path, lock: Path, quiet: Console) -> None:
    half = tmp_path / "cache" / "incoming-killed"
    half.mkdir(parents=True)
    (half / "one-1.jar").write_bytes(b"the fi")
    provide(tmp_path / "cache", console=quiet, fetch=brings(SMALL, []), lock=lock)
    assert not half.exists()


def test_the_shipped_lock_pins_both_servers_and_names_no_host() -> None:
    servers = read_lock()
    names = {jar.coordinate for jar in every(servers)}
    assert set(servers) == {"kafka", "elasticsearch", "transport-netty4"}
    assert {"org.apache.kafka:kafka_2.13:4.1.0", "org.elasticsearch:elasticsearch:9.5.3"} <= names
    assert all(len(jar.sha256) == 64 and jar.size > 0 and "/" not in jar.file for jar in every(servers))
    assert "http" not in {name.split(":")[0] for name in names}


def test_no_file_name_stands_for_two_different_jars() -> None:
    """Parts share a folder: the same name with two sums would make one of them fail its check for ever."""
    jars = [jar for part in read_lock().values() for jar in part]
    assert len({jar.file for jar in jars}) == len({jar.sha256 for jar in jars})


def test_a_lock_file_reads_back_as_it_was_written(tmp_path: Path) -> None:
    servers = read_lock()
    path = tmp_path / "again.lock"
    path.write_text(written(servers))
    assert read_lock(path) == {part: tuple(sorted(jars)) for part, jars in servers.items()}
