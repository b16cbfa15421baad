"""The workspace over HTTP: the JSON interface of docs/workspace.md, the page's files, and what apps call."""
