"""The desk: the use cases, one verb a file."""
