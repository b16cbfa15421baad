"""Listeners for buttons and menus."""
