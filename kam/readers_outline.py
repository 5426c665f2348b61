"""What a book says about its rows beside their cells: how deep each stands in the outline, how far its name is indented.

Knows the members of an xlsx archive; runs in the child process, a second pass over books that have outlines or indents.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from kam import guard
from kam.readers import Sheet

ROW = re.compile(rb"<(?:x:)?row ([^>]*)>(?:\s*<(?:x:)?c ([^>]*)>)?")
NUMBER = re.compile(rb'(?:^|\s)r="(\d+)"')
LEVEL = re.compile(rb'outlineLevel="(\d)"')
STYLE = re.compile(rb'(?:^|\s)s="(\d+)"')
STYLES = re.compile(rb"<(?:x:)?cellXfs[ >].*?</(?:x:)?cellXfs>", re.DOTALL)
FORMAT = re.compile(rb"<(?:x:)?xf [^>]*?(?:/>|>.*?</(?:x:)?xf>)", re.DOTALL)
INDENT = re.compile(rb'indent="(\d{1,3})"')


def with_depths(path: Path, name: str, sheets: list[Sheet], facts: guard.ScanFacts) -> list[Sheet]:
    """The sheets with the depth of each row, where the book has outlines or indents."""
    if not facts.has_indents and not any(sheet.has_outline for sheet in facts.sheets.values()):
        return sheets
    members = sheet_members(path, name)
    indents = _indents(styles_of(path, name)) if facts.has_indents else {}
    found = []
    for sheet in sheets:
        member = members.get(sheet.name, "")
        has_outline = member in facts.sheets and facts.sheets[member].has_outline
        depths = _depths(path, name, member, sheet.cells.num_rows, {} if has_outline else indents) if member else None
        found.append(replace(sheet, depths=depths))
    return found


def _depths(path: Path, name: str, title: str, row_count: int, indents: Mapping[int, int]) -> pa.Array | None:
    depths = array("b", bytes(row_count))
    with guard.open_archive(path, name) as archive:
        member = next((m for m in archive.infolist() if guard.member_path(m.filename) == title), None)
        if member is None:
            return None
        for part in guard.parts(archive, member, name):
            for row, cell in ROW.findall(part):
                number, level = NUMBER.search(row), LEVEL.search(row)
                style = STYLE.search(cell)
                depth = indents.get(int(style[1]), 0) if style else 0
                if number and 1 <= int(number[1]) <= row_count:
                    depths[int(number[1]) - 1] = int(level[1]) if level else min(depth, 120)
    return pa.array(depths, pa.int8()) if any(depths) else None


def _indents(styles: bytes) -> dict[int, int]:
    """Number of a cell's format → how far it is indented."""
    found = STYLES.search(styles)
    formats = FORMAT.findall(found[0]) if found else []
    indents = {number: INDENT.search(text) for number, text in enumerate(formats)}
    return {number: int(indent[1]) for number, indent in indents.items() if indent}


def styles_of(path: Path, name: str) -> bytes:
    """The member of the archive that says how cells look; empty where there is none."""
    with guard.open_archive(path, name) as archive:
        member = next((m for m in archive.namelist() if guard.member_path(m).lower() == "xl/styles.xml"), None)
        return archive.read(member) if member else b""


def sheet_members(path: Path, name: str) -> dict[str, str]:
    """Sheet name → member of the archive, as the workbook's own relations say."""
    from xml.etree import ElementTree

    with guard.open_archive(path, name) as archive:
        members = {guard.member_path(member).lower(): member for member in archive.namelist()}
        try:
            book = ElementTree.fromstring(archive.read(members["xl/workbook.xml"]))
            relations = ElementTree.fromstring(archive.read(members["xl/_rels/workbook.xml.rels"]))
        except (KeyError, ElementTree.ParseError):
            return {}
    targets = {relation.get("Id"): guard.member_path(relation.get("Target", "")) for relation in relations}
    return {
        sheet.get("name", ""): _under_xl(targets.get(_relation_id(sheet), ""))
        for sheet in book.iter()
        if sheet.tag.endswith("}sheet")
    }


def _relation_id(sheet: Any) -> str:
    return next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")


def _under_xl(target: str) -> str:
    return target if target.startswith("xl/") else f"xl/{target}"
