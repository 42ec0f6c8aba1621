"""A release in the files that other programs read. Only what two people have signed is
written here: no table of this room has an observation."""
