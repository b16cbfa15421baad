"""Listeners for modals."""
