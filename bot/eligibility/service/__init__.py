"""The internal eligibility service: Partner Center's contract over the book (docs/eligibility.md)."""
