from django.urls import reverse

from amana import given
from amana.care.consent.models import Consent
from amana.trust.access.models import User
from amana.ui.once import make_form_key


def test_a_no_keeps_no_other_words_for_its_language(db: None) -> None:
    worker: User = given.make_worker()
    case = given.make_case(worked_on_by=worker)
    shelter = given.make_service()
    given.make_worker(of=shelter.team)
    page = reverse("referrals:ask", args=[case.needs.get().pk, shelter.pk])

    answer = given.sign_in(worker).post(
        page, {"answer": "refused", "language": "a\x00 any words"} | make_form_key()
    )

    assert answer.status_code == 302
    assert Consent.objects.get().language == ""
