"""The only place where objects are wired; tests wire through it too: `application.bootstrap`."""
