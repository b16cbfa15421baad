"""The directory of customers: a copy of the service's list, to search in while somebody types (docs/decisions/0110)."""
