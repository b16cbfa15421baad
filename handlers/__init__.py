"""Slack in and out: listeners that ack, parse, call one desk verb and render."""
