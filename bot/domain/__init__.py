"""The domain: roles, policy, changes and their states, the audit vocabulary, errors. Pure; imports nothing of ours."""
