"""What is taken out of practice installations, and how machines check it: no Django."""
