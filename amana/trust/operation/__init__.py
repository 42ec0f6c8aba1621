"""Whether the server does its work, and what can be done where it does not."""
