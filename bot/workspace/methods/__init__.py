"""Slack's Web API: one table of methods, one function each."""
