"""Withdraw a question; end it with its case or its time."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases.models.case_record import Case
from amana.care.known_elsewhere.models import IdentityEnquiry
from amana.care.known_elsewhere.rules import withdraw_question
from amana.errors import Changed
from amana.trust.access.models.organisations import User
from amana.trust.audit import log
from amana.trust.vault import parcels


@transaction.atomic
def withdraw(question: IdentityEnquiry, *, by: User) -> None:
    """End a question that the person doesn't want any more."""
    withdraw_question.require(by, question)
    if not _end(question):
        raise Changed(_("This question has already ended."))
    log.record("withdrew question", question, by=by, case=question.case_id)


def end_questions_of_case(case: Case) -> None:
    for question in IdentityEnquiry.objects.filter(case=case, ended_at=None):
        _end(question)


def end_expired(*, limit: int = 500) -> int:
    """Destroy what is sealed in questions whose time is over, and count them."""
    return sum(
        _end(question)
        for question in IdentityEnquiry.objects.over(timezone.now())[:limit]
    )


@transaction.atomic
def _end(question: IdentityEnquiry) -> bool:
    open_ = IdentityEnquiry.objects.filter(pk=question.pk, ended_at=None)
    if not open_.update(ended_at=timezone.now()):
        return False
    parcels.destroy(question.pk)
    parcels.destroy(question.reply)
    return True
