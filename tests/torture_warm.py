"""Imported by the server that tests/torture.py forks its processes from: what each of them would make anew is made here, once."""

from kam import blank
from tests import torture_child

blank.CONFIG["threads"] = "1"  # no thread of its own may be left behind at a fork
blank.blank()

__all__ = ["torture_child"]
