"""The entry of `make test`: every test, side by side, on SQLite and on a real PostgreSQL.

Where no browser can be had, the tests that need one are left out and the last line says so; with CI set in the
environment that is an error. Further arguments go to pytest as they are.
"""

import os
import sys

import pytest

from tests.support.browser import NO_BROWSER, find_chromium
from tests.support.engines import runtime_directory


def main(arguments: list[str]) -> int:
    """Run; returns pytest's exit code, or 1 where CI has no browser."""
    runtime_directory()
    browser = find_chromium() is not None
    if not browser and os.environ.get("CI"):
        sys.stdout.write(f"CI runs every test: {NO_BROWSER}\n")
        return 1
    chosen = arguments
    if not any(each.startswith(("-n", "--numprocesses")) for each in arguments):
        chosen = ["-n", "auto", *chosen]
    if not browser:
        chosen = [*chosen, "-m", "not browser"]
    code = int(pytest.main(chosen))
    sys.stdout.flush()
    if not browser:
        sys.stdout.write(f"The browser tests were left out: {NO_BROWSER}.\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
