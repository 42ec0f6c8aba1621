"""What an operator can check of what they install."""
