"""Where the fonts are that come along: Latin, Greek, Cyrillic and Arabic.

A module of its own: the process that prints runs no package around its modules."""

from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
