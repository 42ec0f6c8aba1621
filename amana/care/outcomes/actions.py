"""Record the outcomes of a case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from amana.care.cases.models import Case
from amana.care.cases.rules import list_writable_parts, work_on_case
from amana.care.outcomes import sealed
from amana.care.outcomes.events import case_answered
from amana.care.outcomes.questions import AskedQuestion, list_parts, map_asked
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log


@dataclass(frozen=True)
class ChangedAnswer:
    """An answer that differs from the one before."""

    asked: AskedQuestion
    now: str


@transaction.atomic
def record_answers(
    case: Case,
    answers: Mapping[str, str],
    *,
    shown: Mapping[str, str] | None = None,
    by: User,
) -> None:
    """Seal these answers in the case, by key; a question that is not named stays as it
    was, and "" takes an answer back. Also for a case that has ended.

    `shown`: what the page showed to the person who answers, by key. Raises `Changed`
    where a colleague has given another answer to the same question since."""
    work_on_case.require(by, case)
    asked = map_asked(case, by=by)
    parts = list_parts(asked.values()) & list_writable_parts(by, case)
    for key, said in answers.items():
        if key not in asked or not asked[key].takes(said):
            raise Refused(_("This is not one of the questions asked here."))
        if asked[key].question.part not in parts:
            raise Refused(_("This part of the case is not open to your role."))
    before = sealed.open_answers(case, parts, by=by, purpose="writing")
    stands = {key: said for was in before.values() for key, said in was.answers.items()}
    said_anew = {key: said for key, said in answers.items() if said != stands.get(key)}
    _require_unchanged([asked[key] for key in said_anew], shown or {}, stands)
    changed: list[ChangedAnswer] = []
    for part, was in sorted(before.items()):
        # Every part is written, with its unanswered questions: otherwise a new document
        # would reveal which matter, such as rape or detention, was answered.
        empty = {key: "" for key, item in asked.items() if item.question.part is part}
        here = {key: said for key, said in answers.items() if key in empty}
        sealed.write(case, part, was, {**empty, **was.answers, **here}, by=by)
        changed += [
            ChangedAnswer(asked[key], said)
            for key, said in here.items()
            if said != was.answers.get(key, "")
        ]
    # Without the questions: the log is in the clear.
    log.record("said what came of it", case, by=by, case=case.pk)
    case_answered.send(Case, case=case, changed=changed, by=by)


def _require_unchanged(
    answered: Iterable[AskedQuestion],
    shown: Mapping[str, str],
    stands: Mapping[str, str],
) -> None:
    seen = [item for item in answered if item.key in shown]
    others = [item for item in seen if shown[item.key] != stands.get(item.key, "")]
    if others:
        raise Changed(
            _(
                "A colleague has given another answer in the meantime: %(questions)s "
                "Your answer is kept on this page. Record it again if it is right."
            )
            % {"questions": " ".join(f"“{other.text}”" for other in others)}
        )
