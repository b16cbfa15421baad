"""Finding the customer without typing a command's argument: in a message, by a channel's link, by a choice."""
