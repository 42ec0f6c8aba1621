"""A release in the files that other programs read. Nothing comes in here but what two
people have signed: no table of this room knows a fact."""
