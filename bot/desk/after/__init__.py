"""After an upgrade: the accounts that need work, worked off as a list (the article's step 4)."""
