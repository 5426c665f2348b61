"""The place to drop files: keeps what was dropped on disk by its content, and hands it from the invitation to the upload."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from kam import scratch
from kam.i18n import Translator
from kam.imports import Upload, warm
from kam.ui import menu

PREFIX = "ritm-upload-"
DAY_SECONDS = 86_400


def _folder() -> Path:
    """This session's own folder for dropped files. Folders that sessions left behind go after a day."""
    if "upload_folder" not in st.session_state:
        for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
            if time.time() - left.stat().st_mtime > DAY_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
        st.session_state["upload_folder"] = str(scratch.lasting("upload"))
    return Path(st.session_state["upload_folder"])


def _kept(file: Any) -> Path:
    """The dropped file on disk: the widget gives it again in every run, it is read and written in the first."""
    known: dict[str, Path] = st.session_state.setdefault("upload_kept", {})
    if file.file_id not in known:
        content = file.getvalue()
        known[file.file_id] = _folder() / hashlib.sha256(content).hexdigest()
        known[file.file_id].write_bytes(content)
    return known[file.file_id]


def passwords() -> dict[str, str]:
    """The passwords given, by file; kept apart from their widgets, which go once the file opens."""
    kept: dict[str, str] = st.session_state.setdefault("passwords", {})
    return kept


def zone(t: Translator, label: str) -> list[Upload]:
    """The drop zone; the files dropped, each with the password given for it. label: locale key."""
    st.html(f"<style>{_own_captions(t)}</style>")
    warm()  # what is dropped is read at once
    files = st.file_uploader(
        t(label),
        accept_multiple_files=True,
        key=f"files_{st.session_state.get('upload_round', 0)}",
        help=t("upload.formats"),
    )
    return [Upload(file.name, _kept(file), passwords().get(file.name)) for file in files]


def _own_captions(t: Translator) -> str:
    """Streamlit's own captions of the drop zone are English only: ours stand in their place."""
    place = '[data-testid="stFileUploaderDropzone"]'
    button, hint = f"{place} button p", '[data-testid="stFileUploaderDropzoneInstructions"] span'
    return (
        f"{button}, {hint} {{ font-size: 0; }}"
        f'{button}::after {{ font-size: .95rem; content: "{t("upload.browse")}"; }}'
        f'{hint}::after {{ font-size: .85rem; content: "{t("upload.drop_here")}"; }}'
    )


def _let_go(file_ids: Iterable[str]) -> None:
    """Streamlit itself keeps the bytes of every dropped file until the tab is closed and forgotten."""
    context = get_script_run_ctx()
    store = context.uploaded_file_mgr if context else None
    if context is not None and isinstance(store, MemoryUploadedFileManager):
        for file_id in file_ids:
            store.remove_file(session_id=context.session_id, file_id=file_id)


def hand_over(uploads: Sequence[Upload], query: Mapping[str, str]) -> None:
    """Takes files dropped elsewhere to the upload page: a widget would lose them on the way."""
    st.session_state["upload_handed"] = list(uploads)
    st.switch_page(menu.script_of("upload"), query_params=dict(query))


def handed() -> list[Upload]:
    """The files that another page handed over, with the passwords given since."""
    kept: list[Upload] = st.session_state.get("upload_handed", [])
    return [Upload(upload.name, upload.path, passwords().get(upload.name)) for upload in kept]


def forget() -> None:
    """Empties the drop zone, the answers of this upload and the copies in memory and on disk: they are the user's data."""
    _let_go(st.session_state.get("upload_kept", {}))
    if "upload_folder" in st.session_state:
        shutil.rmtree(st.session_state["upload_folder"], ignore_errors=True)
    st.session_state["upload_round"] = st.session_state.get("upload_round", 0) + 1
    for key in ("corrections", "inspected", "passwords", "upload_handed", "upload_kept", "upload_folder"):
        st.session_state.pop(key, None)
