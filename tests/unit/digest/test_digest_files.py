"""The files of a digest, and what is asked for by names."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from soundings.services.digests.area import find_area
from soundings.services.digests.files import write
from soundings.services.digests.making import stem, wanted
from soundings.services.domain.accounts import AccountBook, PolicyArea


def test_files_are_written_whole_or_not_at_all(eg: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = eg.composed(eg.stormy())
    files = write(digest, tmp_path, stem(digest))
    assert [file.name for file in files] == [
        f"department-of-examples-2026-W28.{suffix}" for suffix in ("html", "txt", "json", "csv")
    ]
    assert json.loads(files[2].read_text())["digest"]["week"] == "2026-W28"
    before = {file: file.read_bytes() for file in files}

    def broken(descriptor: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("os.fsync", broken)
    with pytest.raises(OSError, match="disk is full"):
        write(eg.composed([]), tmp_path, stem(digest))
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_what_is_asked_for_is_found_by_name_or_the_error_lists_what_there_is(eg: Any) -> None:
    asked = wanted(eg.BOOK, department="", area="permits", week="", now=eg.NOW)
    assert (asked.department, asked.area, str(asked.week)) == (eg.DEPARTMENT, eg.PERMITS, "2026-W28")
    with pytest.raises(LookupError, match="'Permits'"):
        find_area(eg.DEPARTMENT, "Weather")
    with pytest.raises(LookupError, match="department-of-examples"):
        wanted(eg.BOOK, department="nobody", area="", week="", now=eg.NOW)
    with pytest.raises(ValueError, match="has not begun"):
        wanted(eg.BOOK, department="", area="", week="2026-W30", now=eg.NOW)
    second = replace(eg.DEPARTMENT, key="second", name="Second", accounts=(), policy_areas=(PolicyArea(name="Rivers"),))
    both = AccountBook(departments=(eg.DEPARTMENT, second))
    assert wanted(both, department="", area="rivers", week="", now=eg.NOW).department.key == "second"
    with pytest.raises(LookupError, match="--department"):
        wanted(both, department="", area="", week="", now=eg.NOW)
