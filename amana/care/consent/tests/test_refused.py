import pytest
from django.urls import reverse

from amana import given
from amana.care.cases.models import Case
from amana.care.consent.models import Consent
from amana.trust.access.models import Team, User
from amana.ui.once import make_form_key


@pytest.mark.parametrize("sent", ["a\x00 any words", "her brother's name", ""])
def test_a_no_keeps_the_language_and_no_other_words(
    case: Case, shelter: Team, worker: User, sent: str
) -> None:
    page = reverse("consent:question", args=[case.pk, shelter.pk, "justice"])

    answer = given.sign_in(worker).post(
        page, {"answer": "refused", "language": sent} | make_form_key()
    )

    assert answer.status_code == 302
    assert Consent.objects.get().language == ""


def test_a_no_keeps_the_language_it_was_said_in(
    case: Case, shelter: Team, worker: User
) -> None:
    page = reverse("consent:question", args=[case.pk, shelter.pk, "justice"])
    given.sign_in(worker).post(
        page, {"answer": "refused", "language": "fr"} | make_form_key()
    )
    assert Consent.objects.get().language == "fr"
