"""What is learned from all of it: facts without people, and what they say."""

from django.utils.translation import gettext_lazy as _

from amana.ui.navigation import Group

LEARNED = Group(_("What we learn"))
"""The rooms of this wing stand under one word in the header."""
