"""More seats: the second kind of a change. Its own rules and verbs; all else is on the rails of every change."""
