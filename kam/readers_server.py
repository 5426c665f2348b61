"""The process that every reading process is forked from: `python -m kam.readers_server SOCKET`, one message a file.

Owns the fork: it has the reading libraries at hand, never opens a file of the user itself, and ends when its parent does.
What a reading process may take, it is held to by the kernel: its memory, and its time by an alarm. Its end is seen by the
other end of the pipe that came with the order. Linux alone; elsewhere each file has a process started anew.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from kam import readers_child

MESSAGE_BYTES = 1 << 20
STARTED = b"+"  # said in the pipe by a reading process that has come to life
PRELOADED = ("kam.readers_books", "kam.readers_html", "kam.readers_text")


def serve(orders: socket.socket) -> None:
    """Forks a process for each order until the parent closes its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries them
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl-c is the parent's
    while True:
        message, pipes, _, _ = socket.recv_fds(orders, MESSAGE_BYTES, 1)
        if not message:
            return
        if os.fork() == 0:
            orders.close()
            _read(json.loads(message), pipes[0])
        os.close(pipes[0])


def _read(message: dict[str, Any], pipe: int) -> None:
    """The life of one reading process."""
    try:
        os.write(pipe, STARTED)
        signal.setitimer(signal.ITIMER_REAL, message["seconds"])
        folder = Path(message["folder"])
        os.dup2(os.open(folder / "stderr", os.O_WRONLY | os.O_CREAT), sys.stderr.fileno())
        readers_child.child(folder, message["order"])
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(0)  # a reader that is still busy with a book already refused is not waited for


if __name__ == "__main__":
    readers_child.keep_lean()
    for name in PRELOADED:
        __import__(name)
    with socket.socket(fileno=int(sys.argv[1])) as listening:
        serve(listening)
