"""Loading a book file: read in pieces, checked as a whole, loaded beside the book in use (docs/decisions/0021)."""

from bot.eligibility.importing.faults import BookFault, BookRefused
from bot.eligibility.importing.run import ImportReport, import_book

__all__ = ["BookFault", "BookRefused", "ImportReport", "import_book"]
