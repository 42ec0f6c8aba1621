"""Sessions: what is planned, the room, leading it, and who came."""
