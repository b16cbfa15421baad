"""A repository per aggregate. They return frozen records, never rows, and live as long as their transaction."""
