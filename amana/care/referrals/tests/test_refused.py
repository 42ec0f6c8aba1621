from django.urls import reverse

from amana import given
from amana.care.consent.models import Consent
from amana.trust.access.models import User
from amana.ui.once import a_key


def test_a_no_keeps_no_other_words_for_its_language(db: None) -> None:
    worker: User = given.a_worker()
    case = given.a_case(worked_on_by=worker)
    shelter = given.a_service()
    given.a_worker(of=shelter.team)
    page = reverse("referrals:ask", args=[case.needs.get().pk, shelter.pk])

    answer = given.signed_in(worker).post(
        page, {"answer": "refused", "language": "a\x00 any words"} | a_key()
    )

    assert answer.status_code == 302
    assert Consent.objects.get().language == ""
