"""`python -m kam`: the command line."""

from __future__ import annotations

import sys

from kam.cli import main

sys.exit(main())
