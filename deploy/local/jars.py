"""The jars of Kafka and Elasticsearch, in the cache and proven to be the pinned ones before anything runs them."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import requests
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from soundings.deploy.local.errors import JarsMissingError, JarTamperedError, StackError
from soundings.deploy.local.filelock import locked
from soundings.deploy.local.lockfile import LOCK, Jar, every, read_lock, sha256_of

AT_ONCE = 4
"""Downloads at a time: a jar is small, so most of the time of a lone one goes into greetings."""

LOCK_WAIT_SECONDS = 900.0
"""How long a second start waits while the first one downloads: 90 MB at 1 Mbit/s."""

TIMEOUT_SECONDS = 30
"""A repository that says nothing for this long is not there."""

Counted = Callable[[int], None]
Fetch = Callable[[Jar, Path, Counted], Path]
"""Brings one jar into a folder, says how many bytes came, returns where it is; OSError or RuntimeError if it cannot."""


def folder_of(cache: Path) -> Path:
    return cache / "jars"


def provide(
    cache: Path, *, console: Console, repository: str = "", fetch: Fetch | None = None, lock: Path = LOCK
) -> Path:
    """The folder with every pinned jar, each checked against its sum; downloads what is absent.

    Args:
        repository: Base address of a Maven repository; empty is the public one.

    Raises:
        JarsMissingError: a jar is absent and cannot be had.
        JarTamperedError: a jar's sum is not the pinned one.
    """
    jars = every(read_lock(lock))
    folder = folder_of(cache)
    with locked(cache / "jars.lock", wait=LOCK_WAIT_SECONDS) as held:
        if not held:
            raise StackError(f"Another start has been filling {folder} for a quarter of an hour; try again later.")
        absent = [jar for jar in jars if not (folder / jar.file).is_file()]
        if absent:
            folder.mkdir(parents=True, exist_ok=True)
            _tidy(cache)
            problem = _download(absent, folder, console, fetch or fetcher(repository))
            if problem is not None:
                raise JarsMissingError(_what_is_missing(jars, folder, problem)) from problem
        for jar in jars:
            check(folder / jar.file, jar)
    return folder


def check(path: Path, jar: Jar) -> None:
    """Raises JarTamperedError unless the file is, byte for byte, the pinned one."""
    found = sha256_of(path)
    if found != jar.sha256:
        raise JarTamperedError(
            f"{jar.file} is not the jar that Soundings pins ({jar.coordinate}): its SHA-256 is {found}, "
            f"it must be {jar.sha256}. Nothing was started. Delete {path} and start again; if it comes back "
            "like this, the place it is downloaded from cannot be trusted."
        )


INCOMING = "incoming-"


def _tidy(cache: Path) -> None:
    """Removes what a killed start had half downloaded; to be called with the lock held."""
    for folder in cache.glob(f"{INCOMING}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _download(absent: Sequence[Jar], folder: Path, console: Console, fetch: Fetch) -> Exception | None:
    """Brings the jars; the first problem if not all came.

    Raises:
        JarTamperedError: one that came is not the pinned one.
    """
    pool = ThreadPoolExecutor(AT_ONCE)
    with (
        tempfile.TemporaryDirectory(prefix=INCOMING, dir=folder.parent, ignore_cleanup_errors=True) as incoming,
        _bar(absent, console) as (progress, task),
    ):

        def bring(jar: Jar) -> None:
            path = fetch(jar, Path(incoming), lambda size: progress.advance(task, size))
            check(path, jar)
            path.replace(folder / jar.file)  # only what was proven, and only whole, ever stands in the cache

        waiting = [pool.submit(bring, jar) for jar in absent]
        try:
            for one in waiting:
                one.result()
        except (OSError, RuntimeError) as error:  # requests' errors are OSErrors
            return error
        finally:
            # Not waited for: after Ctrl-C, downloads from a repository that says nothing would hold the process.
            pool.shutdown(wait=False, cancel_futures=True)
    return None


def _what_is_missing(jars: Sequence[Jar], folder: Path, problem: Exception) -> str:
    missing = [jar for jar in jars if not (folder / jar.file).is_file()]
    megabytes = sum(jar.size for jar in missing) / 1e6
    names = "\n".join(f"  {jar.coordinate}" for jar in missing)
    return (
        f"{len(missing)} of the {len(jars)} jars of Kafka and Elasticsearch ({megabytes:.0f} MB) are not in {folder}, "
        f"and they could not be downloaded: {_in_words(problem)}.\n"
        "Do one of these, then start again:\n"
        "  - connect this machine to the internet; after the first start no network is needed;\n"
        "  - name your organisation's Maven mirror: SOUNDINGS_STACK__MAVEN=https://...;\n"
        f"  - copy the folder {folder} from a machine that has it.\n"
        f"Missing:\n{names}"
    )


def _in_words(problem: Exception) -> str:
    if isinstance(problem, requests.Timeout):
        return "the repository did not answer in time"
    if isinstance(problem, requests.ConnectionError):
        return "the repository cannot be reached (no network, or a proxy is in the way)"
    return str(problem).splitlines()[0] if str(problem) else type(problem).__name__


@contextmanager
def _bar(jars: Sequence[Jar], console: Console) -> Iterator[tuple[Progress, TaskID]]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        words = f"Kafka and Elasticsearch: {len(jars)} jars"
        yield progress, progress.add_task(words, total=sum(jar.size for jar in jars))


def fetcher(repository: str = "") -> Fetch:
    """jgo as a downloader of single jars: what is needed is in the lock, nothing is resolved here."""
    from jgo.maven import MavenContext, PythonResolver

    def fetch(jar: Jar, folder: Path, counted: Counted) -> Path:
        @contextmanager
        def one_file(_name: str, _size: int) -> Iterator[Counted]:
            yield counted

        context = MavenContext(
            repo_cache=folder,
            local_repos=[],
            remote_repos={"mirror": repository.rstrip("/")} if repository else None,
            resolver=PythonResolver(progress_callback=one_file),
            timeout=TIMEOUT_SECONDS,
        )
        group, artifact, version, *classifier = jar.coordinate.split(":")
        component = context.project(group, artifact).at_version(version)
        return Path(component.artifact(*classifier).resolve())

    return fetch
