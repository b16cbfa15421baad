"""What a workspace remembers, and the rules of remembering it. No network here."""
