"""A zip of several files as the files in it, each to be judged by itself.

Knows archives and their limits (kam.guard); must not know what is in the files.
"""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kam import guard
from kam.errors import KamError

MAX_FILES = 500
_LITTER = ("__macosx/", "thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Unpacked:
    """One file of an archive: what it is called there, and where its bytes lie now."""

    name: str
    path: Path


def is_archive(path: Path, name: str) -> bool:
    """Whether the file is a zip that is no workbook. What else is wrong with it is said when it is read."""
    try:
        guard.identify(path, name)
    except KamError as error:
        return error.key == "errors.archive"
    return False


def unpack(path: Path, name: str, folder: Path) -> list[Unpacked]:
    """The files of the archive, written into `folder`; KamError for one that is damaged, too large or has none."""
    with guard.open_archive(path, name) as archive:
        members = [member for member in archive.infolist() if not _is_litter(member)]
        if not members:
            raise KamError("errors.archive", file=name)
        if len(members) > MAX_FILES:
            raise KamError("errors.archive_too_many", file=name, count=len(members), limit=MAX_FILES)
        return list(_written(archive, members, name, folder))


def _is_litter(member: zipfile.ZipInfo) -> bool:
    title = guard.member_path(member.filename).lower()
    return member.is_dir() or title.startswith(_LITTER) or title.rpartition("/")[2].startswith((".", "~$", *_LITTER))


def _written(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], name: str, folder: Path) -> Iterator[Unpacked]:
    for number, member in enumerate(members):
        target = folder / str(number)  # never the member's own name: it may point out of the folder
        with target.open("wb") as stream:
            for part in guard.parts(archive, member, name):
                stream.write(part)
        # The day of the export is the file's own.
        with suppress(OverflowError, ValueError):
            stamp = time.mktime((*member.date_time, 0, 0, -1))
            os.utime(target, (stamp, stamp))
        yield Unpacked(_title(member), target)


def _title(member: zipfile.ZipInfo) -> str:
    """The member's name without its folders; Windows writes Russian ones in cp866 and does not say so."""
    name = member.filename
    if not member.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("cp866")
    return guard.member_path(name).rpartition("/")[2]
