"""Figures out of columns of coded facts, with what is unknown and how sure they are."""
