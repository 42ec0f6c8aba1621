"""Ask whether a person is known, and answer."""

from typing import Any

from django.urls import reverse

from amana import given
from amana.care.cases.models import Case
from amana.care.consent.models import Consent
from amana.care.known_elsewhere import actions
from amana.care.known_elsewhere.models import IdentityEnquiry
from amana.trust.access.models import Team, User
from amana.ui.once import make_form_key

HER: dict[str, Any] = {
    "identity_name": "Zubaida Canary",
    "identity_age": 31,
    "identity_child": "no",
    "contact_channel": "call",
    "contact_number": "+000 555 0101",
}
LIST = "known_elsewhere:list"


def asks(case: Case, house: Team, worker: User, **changes: Any) -> IdentityEnquiry:
    said: dict[str, Any] = {
        "language": "en",
        "given_by": Consent.GivenBy.PERSON,
        "understood": True,
    }
    return actions.ask_team(case, asked=house, by=worker, **said | changes)


def known_here(helper: User, **changes: Any) -> Case:
    """The same person, in the house that is asked, written another way."""
    other = {"identity_name": "زبيدة كناري"} | changes
    return given.make_case(worked_on_by=helper, **HER | other)


def looks(user: User) -> str:
    return given.sign_in(user).get(reverse(LIST)).content.decode()


def answers(question: IdentityEnquiry, user: User) -> Any:
    """Press the button on the page."""
    said = {"question": question.pk} | make_form_key()
    return given.sign_in(user).post(reverse(LIST), said)
