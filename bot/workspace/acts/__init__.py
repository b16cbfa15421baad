"""What members do: one verb a file. Each takes the workspace and a member, and answers what the page shows."""
