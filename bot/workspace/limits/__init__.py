"""What Slack refuses: the documented limits of messages, blocks, elements and views, under Slack's own error names."""

from bot.workspace.limits.messages import validate_message
from bot.workspace.limits.options import validate_options
from bot.workspace.limits.rules import Problem
from bot.workspace.limits.views import validate_view

__all__ = ["Problem", "validate_message", "validate_options", "validate_view"]
