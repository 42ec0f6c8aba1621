"""A negotiation without Django: what its file says, what stands, what is signed."""
