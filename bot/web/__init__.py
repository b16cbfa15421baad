"""What the bot serves by HTTP: the intake for Slack, health, metrics."""
