"""The two ways to an app: Socket Mode and signed HTTP."""
