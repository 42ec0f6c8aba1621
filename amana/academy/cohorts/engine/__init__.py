"""Finding the passage that answers a question; without Django."""
