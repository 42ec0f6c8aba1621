"""What is learned from all of it: facts without people, and what they say."""
