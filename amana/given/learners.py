"""Invented people who only learn."""

from itertools import count
from typing import TYPE_CHECKING

from django.urls import reverse

from amana.academy.learners import actions, sign_in_links
from amana.academy.learners.models import SignInLink
from amana.trust.access.models.organisations import User

if TYPE_CHECKING:
    from django.test import Client

number = count(1)


def make_learner(
    address: str = "", *, name: str = "Wanjiru Learner", language: str = "en"
) -> User:
    """Make someone who has opened an account to learn, by a link in a mail."""
    address = address or f"learner{next(number)}@example.org"
    actions.request_link(address, language=language)
    link, content = find_last_link()
    return actions.open_account(link, content, name=name, language=language)


def find_last_link() -> tuple[SignInLink, sign_in_links.LinkContent]:
    """Find the link that was made last, as its mailbox has it."""
    link = SignInLink.objects.latest("pk")
    content = sign_in_links.read_content(link)
    assert content is not None
    return link, content


def sign_in_learner(learner: User) -> "Client":
    """Return a browser in which `learner` has come in by a link."""
    from django.test import Client

    actions.request_link(learner.email, language=learner.language)
    _link, content = find_last_link()
    browser = Client()
    browser.post(reverse("learners:arrive", args=[content.token]))
    return browser
