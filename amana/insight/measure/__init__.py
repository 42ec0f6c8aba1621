"""Figures: the only door to them. Made of observations, they show what is unknown."""
