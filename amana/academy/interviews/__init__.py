"""Interviews to practise: one says something, and sees what it leads to.

Never graded, nobody else sees any of it, and whoever stops leaves nothing behind."""
