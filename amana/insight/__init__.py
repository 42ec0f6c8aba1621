"""What is learned from all of it: facts without people, and what they say."""

from collections.abc import Collection

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from amana.ui.navigation import NavigationGroup

LEARNED = NavigationGroup(_("Figures"), icon="chart")
"""The rooms of this wing stand under one word in the header."""


def is_one_of(request: HttpRequest, roles: Collection[str]) -> bool:
    """Return whether the person has one of these roles: for what is shown, never as a
    rule.
    """
    return not getattr(request.user, "roles", frozenset()).isdisjoint(roles)
