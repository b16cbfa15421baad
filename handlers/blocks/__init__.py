"""Views: pure functions from a record to Block Kit."""
