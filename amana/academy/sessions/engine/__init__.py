"""Live sessions without Django: plans, what stands in a room, minutes, captions."""
