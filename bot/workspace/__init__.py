"""The local workspace: a Slack stand-in with a web page, as strict as Slack."""
