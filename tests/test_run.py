"""`make test` where there is no browser."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run two small tests, one of which needs a browser, with an empty PATH."""
    (tmp_path / "test_two.py").write_text(
        "import pytest\ndef test_plain(): pass\n@pytest.mark.browser\ndef test_needs_a_browser(): assert False\n"
    )
    kept = {key: value for key, value in os.environ.items() if key not in {"CI", "CHROMIUM", "XDG_RUNTIME_DIR"}}
    command = [sys.executable, "-m", "tests.run", "-n", "0", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    environment = kept | {"PATH": str(tmp_path)} | environment
    return subprocess.run(  # noqa: S603 - our own command
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_without_a_browser_the_last_line_says_what_was_left_out_and_how_to_get_one(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed, 1 deselected" in done.stdout
    last = done.stdout.strip().splitlines()[-1]
    assert "browser tests were left out" in last
    assert "chromium" in last


def test_ci_does_not_accept_that(tmp_path: Path) -> None:
    done = run(tmp_path, CI="true")
    assert done.returncode == 1
    assert "Chromium" in done.stdout
    assert "passed" not in done.stdout


def test_with_a_browser_nothing_is_left_out(tmp_path: Path) -> None:
    done = run(tmp_path, CI="true", CHROMIUM="/somewhere/chromium")
    assert "1 failed, 1 passed" in done.stdout
    assert "left out" not in done.stdout
