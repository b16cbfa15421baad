"""The bot: its domain, use cases, directory, worker, web intake and the parts it is run with."""
