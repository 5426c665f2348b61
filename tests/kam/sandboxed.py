"""Many texts in one locked process: what the attack list needs to be run in seconds. The half of kam.sandbox that starts a
process for each text is tested beside it, with a few of the same texts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent

_SERVES = """
import json, os, socket, sys
sys.path.insert(0, {root!r})
from kam import sandbox_child as child
order = json.loads(sys.stdin.readline())
child.limit(order["memory"], 600)
db = child.opened(order, {{}})
child.open_no_more()
out = sys.stdout.buffer

def tried(work):
    try:
        return repr(work())
    except OSError as error:
        return type(error).__name__

texts = order.pop("texts")
for text in texts:
    said, table = child.answered(db, order | {{"text": text}})
    out.write(json.dumps([said, None if table is None else str(table.to_pydict())]).encode() + b"\\n")
    out.flush()
own = {{
    "reads": tried(lambda: open(order["canary"]).read()),
    "writes": tried(lambda: open(order["canary"] + ".new", "w")),
    "connects": tried(lambda: socket.socket()),
    "environment": sorted(set(os.environ) - {{"LC_CTYPE"}}),
}}
out.write(json.dumps(own).encode() + b"\\n")
out.flush()
"""


def answers(file: Path, canary: Path, texts: list[str], makes: list[str]) -> tuple[list[Any], dict[str, Any]]:
    """What became of each text: (said, rows as text or None); and what the locked process can do itself."""
    order = {
        "file": str(file), "texts": texts, "values": {}, "makes": makes, "rows": 1000, "seconds": 5, "explains": False,
        "memory": 3 << 30, "canary": str(canary),
    }  # fmt: skip
    ended = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", "-c", _SERVES.format(root=str(ROOT))],
        input=json.dumps(order).encode() + b"\n", env={}, cwd=os.sep, capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    lines = ended.stdout.splitlines()
    assert len(lines) == len(texts) + 1, f"it ended with {ended.returncode} at {texts[len(lines) :][:1]}: {ended.stderr[-500:]!r}"
    return [json.loads(line) for line in lines[:-1]], json.loads(lines[-1])
