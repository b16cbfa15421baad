"""The entry of `make test`: every test, side by side, on SQLite and on a real PostgreSQL.

Where no browser can be had, the tests that need one are left out and the last line says so; with CI set in the
environment that is an error. Further arguments go to pytest as they are.
"""

import os
import subprocess
import sys
from typing import Final

import pytest

from tests.support.browser import NO_BROWSER, find_chromium
from tests.support.engines import runtime_directory

FEW: Final = 8


class Failures:
    """Keeps what failed, by the reports that the workers send."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Pytest calls this for every phase of every test."""
        if report.failed:
            self.names.add(report.nodeid)


def _alone(chosen: list[str], failed: list[str]) -> int:
    """Run what failed once more, by itself and in a process of its own: a machine that is too busy breaks deadlines.

    Only for a few: more is no accident. What passes only alone is named, so that it is mended and not forgotten.
    """
    if not 0 < len(failed) <= FEW:
        return int(pytest.ExitCode.TESTS_FAILED)
    again = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *_options(chosen), *failed]
    code = subprocess.run(again, check=False).returncode  # noqa: S603 - our own tests, by their own names
    names = "\n  ".join(failed)
    sys.stdout.write(f"Failed beside the others, {'passed' if code == 0 else 'not all passed'} alone:\n  {names}\n")
    return code


def _options(chosen: list[str]) -> list[str]:
    """The choice of markers, if there is one."""
    return ["-m", chosen[chosen.index("-m") + 1]] if "-m" in chosen else []


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
    failures = Failures()
    code = int(pytest.main(chosen, plugins=[failures]))
    if code == pytest.ExitCode.TESTS_FAILED:
        code = _alone(chosen, sorted(failures.names))
    sys.stdout.flush()
    if not browser:
        sys.stdout.write(f"The browser tests were left out: {NO_BROWSER}.\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
