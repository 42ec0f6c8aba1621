"""The survivors' council advises; each organisation answers by a day, in public."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Changed, Refused
from amana.insight.facts import actions as facts
from amana.insight.feedback.actions.changes import keep_written
from amana.insight.feedback.models import Advice
from amana.insight.feedback.rules import answer_advice as may_answer
from amana.insight.feedback.rules import keep_advice
from amana.trust.access.models import Organisation, User
from amana.trust.audit import log


@transaction.atomic
def record_advice(
    says: Mapping[str, str], *, to: Organisation, due_on: date, by: User
) -> Advice:
    """Record what the council recommends, in its own words."""
    keep_advice.require(by, by)
    today = timezone.localdate()
    if not keep_written(says):
        raise Refused(_("Write it in at least one language."))
    if due_on < today:
        raise Refused(
            _(
                "The answer is due on a day that has passed. Choose today or "
                "a later day."
            )
        )
    advice = Advice.objects.create(
        says=keep_written(says), to=to, made_on=today, due_on=due_on
    )
    log.record("wrote down advice", advice, by=by, organisation=to.pk)
    return advice


@transaction.atomic
def answer_advice(
    advice: Advice, *, adopted: bool, answer: Mapping[str, str], by: User
) -> None:
    """Adopt advice, and explain how; or give the reason why not. Both are public."""
    may_answer.require(by, advice)
    if not keep_written(answer):
        raise Refused(_("Describe how it is adopted, or why it is not."))
    S = Advice.Status
    status = S.ADOPTED if adopted else S.REASONED
    fresh = Advice.objects.open().filter(pk=advice.pk)
    changed = fresh.update(
        status=status,
        answer=keep_written(answer),
        answered_on=timezone.localdate(),
        answered_by=by,
    )
    if not changed:
        raise Changed(_("This was answered by a colleague in the meantime."))
    advice.refresh_from_db()
    log.record("answered advice", advice, by=by, adopted=adopted)
    _count(advice)


@transaction.atomic
def count_late_advice() -> None:
    """Count as open what was not answered by its day, until it is."""
    late = Advice.objects.late(timezone.localdate()).filter(fact=None)
    for advice in late.select_related("to"):
        _count(advice)


def _count(advice: Advice) -> None:
    fact = facts.record_observation(
        "advice",
        result=advice.status,
        agency=facts.build_agency_code(advice.to),
        sector=advice.to.sphere,
        corrects=advice.fact,
    )
    Advice.objects.filter(pk=advice.pk).update(fact=fact)
