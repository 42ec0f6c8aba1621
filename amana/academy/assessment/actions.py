"""What can be done with work that is handed in: judge it, once and again."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.assessment import tasks
from amana.academy.assessment.citing import has_citation
from amana.academy.assessment.engine import judging
from amana.academy.assessment.events import work_handed_in, work_judged
from amana.academy.assessment.models import (
    MOST_WORDS,
    TIME_TO_ANSWER,
    TIME_TO_APPEAL,
    TIME_TO_JUDGE,
    TIME_TO_KEEP,
    Appeal,
    Assessor,
    CertificateName,
    HandIn,
    Mark,
    WorkFile,
    WorkStatus,
)
from amana.academy.assessment.rubrics import get_rubric, is_made_in_practice
from amana.academy.assessment.rules import (
    appoint_assessor,
    assess_work,
    follow_own_work,
    judge_again,
    judge_work,
    see_assessors,
)
from amana.academy.courses.models import Enrolment
from amana.academy.courses.rules import learn
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log
from amana.trust.vault.files import InspectedFile

MOST_FILES = 3
MADE, MADE_KIND = "practice.zip", "application/zip"
"""The file of what was made in a practice installation."""


@dataclass(frozen=True)
class CriterionMark:
    """On one criterion: which level, and what decided it."""

    level: int
    where: str
    """text, file:<id> of this work, or event:<id> of a test on the same module."""
    passage: str = ""


# --- who judges


@transaction.atomic
def appoint(user: User, *, by: User) -> Assessor:
    """Appoint a person to judge what others hand in."""
    appoint_assessor.require(by, user)
    if Assessor.objects.filter(user=user, ended_at=None).exists():
        raise Refused(_("This person is already an assessor."))
    assessor = Assessor.objects.create(user=user, appointed_by=by)
    log.record("appointed assessor", assessor, by=by, user=user.pk)
    return assessor


@transaction.atomic
def end_appointment(assessor: Assessor, *, by: User) -> None:
    """End an appointment: from now on they judge nothing; what they have taken goes
    back to the others.
    """
    see_assessors.require(by, assessor)
    standing = Assessor.objects.filter(pk=assessor.pk, ended_at=None)
    if not standing.update(ended_at=timezone.now()):
        raise Changed(_("This person is no longer an assessor."))
    log.record("ended assessor", assessor, by=by, user=assessor.user_id)
    for taken in HandIn.objects.filter(
        taken_by=assessor.user_id, status=WorkStatus.TAKEN
    ):
        _give_back(taken, by=by)


# --- handing in


@transaction.atomic
def submit_work(
    enrolment: Enrolment,
    module: str,
    words: str,
    attached: Sequence[InspectedFile] = (),
    *,
    made: bytes = b"",
    by: User,
) -> HandIn:
    """Submit a version of what a module asks for: words, files, or both. `made`: a ZIP
    of what was made in a practice installation, written by ourselves."""
    learn.require(by, enrolment)
    if not get_rubric(enrolment, module):
        raise Refused(_("This module has no work to hand in."))
    if is_made_in_practice(enrolment, module) and not made:
        raise Refused(
            _(
                "This work is made in a practice installation, and handed in from "
                "there: its page in the course leads to it."
            )
        )
    _require_something(words, attached, made)
    before = HandIn.objects.filter(enrolment=enrolment, module=module)
    if before.passed().exists():
        raise Refused(_("This work has already passed."))
    if before.open().exists():
        raise Refused(
            _(
                "A version is still waiting for its mark. You can hand in another one "
                "once it is marked or withdrawn."
            )
        )
    now = timezone.now()
    try:
        # A savepoint: on PostgreSQL, the failed insert would end the whole transaction.
        with transaction.atomic():
            work = HandIn.objects.create(
                enrolment=enrolment,
                module=module,
                number=1 + (before.aggregate(last=Max("number"))["last"] or 0),
                words=words.strip(),
                handed_at=now,
                due_at=now + TIME_TO_JUDGE,
            )
    except IntegrityError as error:
        raise Changed(
            _("Another version was handed in at the same moment. Yours was not saved.")
        ) from error
    kept = [_kept(work, file) for file in attached]
    if made:
        kept.append(_kept_as_made(work, made))
    WorkFile.objects.bulk_create(kept)
    log.record("handed in work", work, by=by, number=work.number, files=len(kept))
    work_handed_in.send(HandIn, hand_in=work)
    return work


def _require_something(
    words: str, attached: Sequence[InspectedFile], made: bytes
) -> None:
    if not words.strip() and not attached and not made:
        raise Refused(_("Write something, or add a file."))
    if len(words) > MOST_WORDS:
        raise Refused(_("This text is too long. Hand in the rest as a file."))
    if len(attached) > MOST_FILES:
        raise Refused(_("You can hand in three files at most."))


def _kept(hand_in: HandIn, file: InspectedFile) -> WorkFile:
    """Build a file of which only the harmless copy is kept."""
    return WorkFile(
        hand_in=hand_in,
        name=file.name,
        kind=file.kind,
        content=file.shown,
        sha256=file.sha256,
    )


def _kept_as_made(hand_in: HandIn, content: bytes) -> WorkFile:
    return WorkFile(
        hand_in=hand_in,
        name=MADE,
        kind=MADE_KIND,
        content=content,
        sha256=sha256(content).hexdigest(),
    )


@transaction.atomic
def withdraw_work(hand_in: HandIn, *, by: User) -> None:
    """Withdraw one's work, as long as it is not judged."""
    follow_own_work.require(by, hand_in)
    if hand_in.status not in (WorkStatus.WAITING, WorkStatus.TAKEN):
        raise Refused(_("This work has already been marked, so you can’t withdraw it."))
    hand_in.move(WorkStatus.WITHDRAWN)
    log.record("took work back", hand_in, by=by)


# --- judging


@transaction.atomic
def take_work(hand_in: HandIn, *, by: User) -> None:
    """Take work to judge it, and record until when."""
    assess_work.require(by, hand_in)
    if hand_in.status == WorkStatus.TAKEN and hand_in.taken_by_id == by.pk:
        return
    until = timezone.now() + TIME_TO_KEEP
    hand_in.move(WorkStatus.TAKEN, taken_by=by, taken_until=until)
    log.record("took work to judge", hand_in, by=by)


@transaction.atomic
def return_work(hand_in: HandIn, *, by: User) -> None:
    """Return work, so that another person judges it."""
    judge_work.require(by, hand_in)
    _give_back(hand_in, by=by)


@transaction.atomic
def release_work(hand_in: HandIn) -> None:
    """Release work that was kept longer than allowed."""
    _give_back(hand_in, by=None)


def _give_back(hand_in: HandIn, *, by: User | None) -> None:
    hand_in.move(WorkStatus.WAITING)
    log.record("gave work back", hand_in, by=by)


@transaction.atomic
def mark_work(
    hand_in: HandIn, verdicts: Sequence[CriterionMark], *, to_do: str = "", by: User
) -> Mark:
    """Mark each criterion with the level that it reached, and what decided it."""
    judge_work.require(by, hand_in)
    made = _assess(hand_in, verdicts, to_do, by=by)
    hand_in.move(WorkStatus.PASSED if made.passed else WorkStatus.REVISE)
    log.record("judged work", hand_in, by=by, assessment=made.pk, passed=made.passed)
    work_judged.send(HandIn, hand_in=hand_in, assessment=made)
    return made


@transaction.atomic
def override_mark(
    hand_in: HandIn,
    verdicts: Sequence[CriterionMark],
    *,
    reason: str,
    to_do: str = "",
    by: User,
) -> Mark:
    """Override another person's mark, or confirm it after an appeal; both stay."""
    judge_again.require(by, hand_in)
    if not reason.strip():
        raise Refused(_("Give a reason. Both marks are kept."))
    last = hand_in.assessments.order_by("-at", "-pk").first()
    made = _assess(hand_in, verdicts, to_do, by=by, overrides=last, reason=reason)
    appealed = hand_in.status == WorkStatus.APPEALED
    to = WorkStatus.PASSED if made.passed else WorkStatus.REVISE
    if hand_in.status == to:
        raise Refused(_("The result is the same as before, so nothing was changed."))
    hand_in.move(to)
    if appealed:
        Appeal.objects.filter(hand_in=hand_in).update(answered_at=timezone.now())
    about: dict[str, Any] = {
        "assessment": made.pk,
        "passed": made.passed,
        "appeal": appealed,
    }
    log.record("judged work again", hand_in, by=by, **about)
    work_judged.send(HandIn, hand_in=hand_in, assessment=made)
    return made


def _assess(
    hand_in: HandIn,
    verdicts: Sequence[CriterionMark],
    to_do: str,
    *,
    by: User,
    **more: object,
) -> Mark:
    rubric = get_rubric(hand_in.enrolment, hand_in.module)
    levels = [verdict.level for verdict in verdicts]
    if not judging.has_fitting_levels(rubric, levels):
        raise Refused(_("Choose one level for each criterion."))
    for verdict in verdicts:
        if not has_citation(hand_in, verdict.where, verdict.passage):
            raise Refused(
                _(
                    "For each criterion, cite what your mark is based on: a passage "
                    "copied exactly from the text, a place in a file, or the test."
                )
            )
    passed = judging.compute_outcome(rubric, levels).passed
    if not passed and not to_do.strip():
        raise Refused(_("Describe what the learner has to do to pass."))
    return Mark.objects.create(
        hand_in=hand_in,
        assessor=by,
        rubric=judging.compute_fingerprint(rubric),
        verdicts=[asdict(verdict) for verdict in verdicts],
        passed=passed,
        to_do="" if passed else to_do.strip(),
        **more,
    )


@transaction.atomic
def appeal_mark(hand_in: HandIn, words: str, *, by: User) -> Appeal:
    """Appeal, so that another person marks the work again; once for each version."""
    follow_own_work.require(by, hand_in)
    if not words.strip():
        raise Refused(_("Describe what was overlooked."))
    judged = hand_in.assessments.order_by("-at", "-pk").first()
    if judged is None or Appeal.objects.filter(hand_in=hand_in).exists():
        raise Refused(
            _("You can appeal once for each version, after it has been marked.")
        )
    # A newer version has its own mark; an appeal about this one would change nothing.
    if HandIn.objects.newer_than(hand_in).exists():
        raise Changed(
            _(
                "This work has changed in the meantime, so nothing was saved. Open it "
                "again."
            )
        )
    now = timezone.now()
    if judged.at + TIME_TO_APPEAL < now:
        raise Refused(
            _(
                "This was marked more than 30 days ago, so you can no longer "
                "appeal. Hand in a new version."
            )
        )
    hand_in.move(WorkStatus.APPEALED, due_at=now + TIME_TO_ANSWER, escalated_at=None)
    made = Appeal.objects.create(hand_in=hand_in, words=words.strip(), made_at=now)
    log.record("appealed against judgement", hand_in, by=by)
    return made


@transaction.atomic
def escalate_work(hand_in: HandIn) -> bool:
    """Notify coordinators that work is late; once for each deadline."""
    # The filter decides which of two runs records it.
    late = HandIn.objects.late().filter(pk=hand_in.pk, escalated_at=None)
    if not late.update(escalated_at=timezone.now()):
        return False
    log.record("told of late work", hand_in, by=None)
    return True


# --- the certificate


@transaction.atomic
def choose_name(
    enrolment: Enrolment, shown: CertificateName.Shown, pseudonym: str = "", *, by: User
) -> CertificateName:
    """Choose which name one's certificates bear from now on."""
    learn.require(by, enrolment)
    chosen = pseudonym.strip() if shown == CertificateName.Shown.PSEUDONYM else ""
    if shown == CertificateName.Shown.PSEUDONYM and not chosen:
        raise Refused(_("Enter the pseudonym, or choose another answer."))
    said = {"shown": shown, "pseudonym": chosen, "said_at": timezone.now()}
    wish, _new = CertificateName.objects.update_or_create(
        enrolment=enrolment, defaults=said
    )
    log.record("chose name on certificates", enrolment, by=by, shown=shown)
    # The name may have been all that was missing.
    tasks.certify.enqueue(enrolment.pk)
    return wish
