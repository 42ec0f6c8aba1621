"""Screen a person, review the result, hand it over, take it into a case, or end it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import actions as cases
from amana.care.cases.actions import StatedNeed
from amana.care.cases.models import Case
from amana.care.cases.rules import TAKERS, URGENT, open_cases_in, work_on_case
from amana.care.screening import results, sealed
from amana.care.screening.events import screening_finished, screening_handed
from amana.care.screening.models import (
    CHOSEN,
    HandoverBasis,
    Screening,
    ScreeningOutcome,
    compute_due_time,
)
from amana.care.screening.results import (
    FindingVerdict,
    ResultAssessment,
    ScreeningResult,
)
from amana.care.screening.rules import (
    conduct_screening,
    hold_screening,
    judge_screening,
    screen_in_case,
)
from amana.design.forms.engine.filling import fill_form
from amana.design.instruments import Findings
from amana.design.mechanism.models import Version
from amana.errors import Refused
from amana.trust.access.models import Membership, Team, User
from amana.trust.access.tasks import notify_team
from amana.trust.audit import log
from amana.trust.vault import parcels
from amana.trust.vault.compartments import Compartment


@transaction.atomic
def screen_person(
    team: Team,
    *,
    instrument: str,
    version: Version,
    answers: Mapping[str, object],
    child: bool = False,
    instance: UUID | None = None,
    asked_at: datetime | None = None,
    asked_by: User | None = None,
    by: User,
) -> Screening:
    """Record what a person was asked before there is a case, sealed to a team.
    `asked_at` and `asked_by` are for answers that were given without a network and sent
    later.

    Raises `Refused` where the version was not adopted, lacks the instrument, or the
    answers have errors."""
    conduct_screening.require(by, team)
    made = Screening(
        team=team,
        version=version,
        instrument=instrument,
        screened_at=asked_at or timezone.now(),
        screened_by=asked_by or by,
    )
    return _begin(made, answers, child=child, instance=instance, by=by)


@transaction.atomic
def screen_case(
    case: Case,
    *,
    instrument: str,
    version: Version,
    answers: Mapping[str, object],
    child: bool = False,
    instance: UUID | None = None,
    asked_at: datetime | None = None,
    asked_by: User | None = None,
    by: User,
) -> Screening:
    """Record what the person of a case was asked, sealed in the case.

    Raises `Refused` where the case is closed, and as `screen_person` does."""
    screen_in_case.require(by, case)
    if not case.still_open():
        raise Refused(_("This case is closed. Reopen it first."))
    made = Screening(
        team=case.team,
        case=case,
        version=version,
        instrument=instrument,
        screened_at=asked_at or timezone.now(),
        screened_by=asked_by or by,
    )
    return _begin(made, answers, child=child, instance=instance, by=by)


def _begin(
    made: Screening,
    answers: Mapping[str, object],
    *,
    child: bool,
    instance: UUID | None,
    by: User,
) -> Screening:
    if instance:
        made.instance = instance
    if not made.version.is_fixed:
        raise Refused(_("This version of the mechanism has not been adopted."))
    if made.instrument not in made.version.pack.instruments:
        raise Refused(_("This version of the mechanism does not have this screening."))
    # At the time of asking, not of sending: a rule such as “no date in the future”
    # would otherwise depend on when the network came back.
    filled = fill_form(made.form, answers, now=made.screened_at)
    if filled.errors:
        raise Refused(_("Some answers are missing or can’t be right. Check them."))
    asked = results.list_asked_parts(made)
    # Twice: what everyone who helps has to know follows from the findings, and these
    # are computed from the sealed parts. So they are built once to be read, and once
    # with it.
    by_part = filled.answers_by_compartment()
    parts = sealed.build_parts(by_part, {"child": child}, asked)
    found = results.build_result(made, sealed.ScreeningContent(parts)).found
    parts = sealed.build_parts(by_part, results.summarise_findings(found), asked)
    made.urgency = found.urgency
    made.due_at = compute_due_time(found.urgency, made.screened_at)
    made.save(force_insert=True)
    sealed.seal_answers(made, parts, by=by)
    log.record(
        "screened",
        made,
        by=by,
        case=made.case_id,
        instrument=made.instrument,
        version=made.version_id,
        urgency=made.urgency,
    )
    return made


# --- reviewing the result


@transaction.atomic
def review_screening(
    screening: Screening,
    *,
    verdicts: Mapping[str, FindingVerdict],
    words: str = "",
    replacing: int = 0,
    by: User,
) -> ScreeningResult:
    """Confirm, change or reject what was found, with reasons; the findings and the
    judgement are both kept. `replacing` is the number of judgements on the page that
    the person read.

    Raises `Refused` where a reason is missing, and `Changed` where a colleague has
    reviewed the result meanwhile."""
    judge_screening.require(by, screening)
    _require_open(screening)
    if any(said.differs and not said.reason.strip() for said in verdicts.values()):
        raise Refused(_("Give a reason where you disagree with the answers."))
    result = results.open_result(screening, by=by, purpose="screening")
    judgement = ResultAssessment(
        by.name, timezone.now().isoformat(), verdicts, words.strip()
    )
    sealed.add_judgement(
        screening, result.sealed, judgement.plain(), replacing=replacing, by=by
    )
    concluded = result.concluded_by(judgement)
    screening.change(judged_at=timezone.now(), judged_by=by, urgency=concluded.urgency)
    log.record(
        "judged screening",
        screening,
        by=by,
        case=screening.case_id,
        differs=sum(said.differs for said in verdicts.values()),
    )
    if screening.case_id:
        _announce(screening, concluded, by=by)
    return result


def _announce(screening: Screening, concluded: Findings, *, by: User) -> None:
    screening_finished.send(
        sender=Screening,
        screening=screening,
        gives=dict(concluded.gives),
        flags={str(flag): str(raised) for flag, raised in concluded.flags.items()},
        by=by,
    )


def _require_open(screening: Screening) -> None:
    if screening.ended_at:
        raise Refused(_("This screening has ended, and its answers are destroyed."))
    if screening.case and not screening.case.still_open():
        raise Refused(_("This case is closed. Reopen it first."))


# --- handing over


@transaction.atomic
def hand_screening_over(
    screening: Screening,
    *,
    to: Team,
    basis: HandoverBasis = HandoverBasis.AGREED,
    decided_with: User | None = None,
    by: User,
) -> frozenset[Compartment]:
    """Seal a screening to another team, which continues it; return the parts that went
    along.

    The person agrees to it. A child, and danger to life, are handed over without
    agreement too: then a colleague decides as well, and both names are recorded. Raises
    `Refused` where this team already has it or the other has no one to answer, and
    `Changed` where a colleague was faster."""
    hold_screening.require(by, screening)
    _require_waiting(screening)
    if to.pk == screening.team_id:
        raise Refused(_("This team already has the screening."))
    if not Membership.objects.holding(TAKERS).filter(team=to).exists():
        raise Refused(
            _("No one in this team can continue a screening. Choose another team.")
        )
    _require_two(screening, basis, decided_with, by=by)
    sender, now = screening.team, timezone.now()
    # Before the keys: its conditional UPDATE decides which of two people who hand over
    # at once succeeds, so the answers never go to two teams.
    screening.change(
        team=to,
        origin=sender,
        handed_at=now,
        handed_by=by,
        basis=basis,
        # With the person's agreement no second name is needed, and one that was chosen
        # on the form before would be wrong.
        decided_with=decided_with if basis is not HandoverBasis.AGREED else None,
        due_at=compute_due_time(screening.urgency, now),
    )
    went = sealed.seal_to_team(screening, to=to, sender=sender, by=by)
    log.record(
        "handed over screening",
        screening,
        by=by,
        team=to.pk,
        basis=basis,
        decided_with=screening.decided_with_id,
        compartments=sorted(went),
    )
    urgent = basis is HandoverBasis.LIFE or screening.urgency in URGENT
    # Danger to life does not wait for the team to read its tasks: they are notified
    # at once.
    notify_team.enqueue(to.pk, sorted(TAKERS), urgent)
    screening_handed.send(Screening, screening=screening, by=by)
    return went


def _require_two(
    screening: Screening, basis: HandoverBasis, other: User | None, *, by: User
) -> None:
    if basis is HandoverBasis.AGREED:
        return
    colleagues = Membership.objects.active().filter(
        team=screening.team_id, user__is_active=True
    )
    if other is None or other == by or not colleagues.filter(user=other).exists():
        raise Refused(
            _(
                "Without the person’s agreement, a colleague in your team must decide "
                "with you."
            )
        )


def _require_waiting(screening: Screening) -> None:
    if not screening.is_waiting:
        raise Refused(_("This screening is already in a case, or has ended."))


# --- into a case


@transaction.atomic
def open_case(
    screening: Screening,
    *,
    team: Team,
    records: Mapping[Compartment, Mapping[str, object]],
    needs: Sequence[StatedNeed],
    unlike: Sequence[UUID] = (),
    by: User,
) -> Case:
    """Open a case for the person who was screened, and take the answers into it."""
    hold_screening.require(by, screening)
    open_cases_in.require(by, team)
    _require_waiting(screening)
    case = cases.open_case(
        team=team, gate={}, records=records, needs=needs, unlike=unlike, by=by
    )
    _put(screening, case, by=by)
    return case


@transaction.atomic
def add_screening_to_case(screening: Screening, *, case: Case, by: User) -> None:
    """Add the answers to the case of a person who is known already."""
    hold_screening.require(by, screening)
    work_on_case.require(by, case)
    _require_waiting(screening)
    if not case.still_open():
        raise Refused(_("This case is closed. Reopen it first."))
    _put(screening, case, by=by)


def _put(screening: Screening, case: Case, *, by: User) -> None:
    # The screening belongs to the case before its answers are moved: they are then
    # written under the case's keys, and the parcel is destroyed.
    screening.change(case=case, team=case.team)
    sealed.move_answers_to_case(screening, by=by)
    log.record("took screening into case", screening, by=by, case=case.pk)
    # A result that was reviewed before there was a case has informed no pathway yet.
    if screening.judged_at:
        result = results.open_result(screening, by=by, purpose="screening")
        _announce(screening, result.concluded, by=by)


# --- without a case


@transaction.atomic
def end_screening(screening: Screening, *, outcome: ScreeningOutcome, by: User) -> None:
    """End a screening that leads to no case here: record the outcome, and destroy what
    was answered. Raises `Refused` for an outcome that only the timer records."""
    hold_screening.require(by, screening)
    _require_waiting(screening)
    if outcome not in CHOSEN:
        raise Refused(_("Choose an outcome."))
    _end(screening, outcome, by=by)


def expire_screening(screening: Screening) -> None:
    """Destroy a screening that was not continued in time. Raises `Changed` when a
    colleague has just continued it."""
    _end(screening, ScreeningOutcome.EXPIRED, by=None)


def _end(screening: Screening, outcome: ScreeningOutcome, *, by: User | None) -> None:
    screening.change(ended_at=timezone.now(), outcome=outcome)
    # Keys and words go; the row stays, because figures count how screenings end.
    parcels.destroy(screening.pk)
    log.record("ended screening", screening, by=by, outcome=outcome)
