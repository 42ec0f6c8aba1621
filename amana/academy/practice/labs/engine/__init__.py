"""A negotiation without Django: what its file contains, what is agreed, what is
signed."""
