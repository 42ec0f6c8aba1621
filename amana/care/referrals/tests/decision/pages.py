"""Open a page as a person who has signed in."""

from django.urls import reverse

from amana import given
from amana.trust.access.models import User


def page_of(user: User, name: str, *args: object) -> str:
    found = given.sign_in(user).get(reverse(f"referrals:{name}", args=args))
    assert found.status_code == 200
    return found.content.decode()
