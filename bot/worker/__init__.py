"""What runs without being asked: submission, outbox, clock (expiry, leases, looks for outcomes)."""
