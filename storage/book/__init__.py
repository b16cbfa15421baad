"""The embedded eligibility service's own tables: the book of customers and subscriptions."""
