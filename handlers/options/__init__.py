"""Listeners that fill external menus."""
