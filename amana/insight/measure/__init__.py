"""Figures: the only door to them. They are made of facts, and say what is unknown."""
