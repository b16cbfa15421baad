"""`upgrade-desk`: one file per group of commands."""

from bot.cli.main import main

__all__ = ["main"]
