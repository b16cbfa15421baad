"""Slack's limits, once (facts/slack.md, 2), and the lengths that we allow ourselves inside them. In characters."""

from typing import Final

BLOCKS_PER_MESSAGE: Final = 50
BLOCKS_PER_VIEW: Final = 100
SECTION_TEXT: Final = 3000
CONTEXT_TEXT: Final = 2000
ACTIONS_ELEMENTS: Final = 25
MENU_OPTIONS: Final = 100
BLOCK_ID: Final = 255

TEXT_UPDATED: Final = 4000
"""The top-level text of what chat.update may have to take."""
TEXT_POSTED: Final = 30_000
"""The top-level text of what is only posted; Slack cuts at 40,000."""
TOTAL_POSTED: Final = 10_000
"""All characters of the blocks that chat.postMessage takes: near 12,000 it answers msg_blocks_too_long
(bolt-js issues 2509 and 2867; not documented)."""
TOTAL_ANSWERED: Final = 30_000
"""The same for a response_url, which takes more."""

BUTTON_TEXT: Final = 24
"""Slack takes 75; clients cut near 30 (screens.md)."""
ACCESSIBILITY_LABEL: Final = 75
OPTION_TEXT: Final = 75
PLACEHOLDER: Final = 150
VIEW_TITLE: Final = 24
CONFIRM_TITLE: Final = 100
CONFIRM_TEXT: Final = 300
CONFIRM_BUTTON: Final = 30
INPUT_LABEL: Final = 2000
NOTE: Final = 500
"""A reason or ticket; Slack's inputs take 3,000."""
VIEW_BYTES: Final = 200_000
"""Slack takes 250 kB."""

NAME: Final = 300
"""Names that people or services wrote, before escaping. Five times that still fits a section beside the rest."""
DOMAIN: Final = 253
ID: Final = 80
FREE_TEXT: Final = 600
LISTED: Final = 30
"""Things named one after the other in one line, before `and n more`."""
BLOCKING: Final = 3
"""Subscriptions in the way that are named for one reason, before the others are counted."""
