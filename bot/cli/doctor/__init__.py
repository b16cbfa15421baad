"""`doctor`: checks what the bot needs, before it needs it. One file per group of checks; `examine` runs them all."""
