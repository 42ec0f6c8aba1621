"""Open a case: the little that is needed, sealed part by part."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import card, signed_case
from amana.care.cases.actions.gate_answers import write_asking
from amana.care.cases.actions.needs import StatedNeed, write_need
from amana.care.cases.due import refresh_deadline
from amana.care.cases.events import case_opened
from amana.care.cases.fields import compute_age_group, list_fields
from amana.care.cases.gate import SafetyGate
from amana.care.cases.models import Assignment, Case, Urgency
from amana.care.cases.rules import open_cases_in
from amana.design.directory.taxonomy import ServiceType
from amana.design.mechanism.choosing import Arrival, choose_version
from amana.errors import Refused
from amana.trust.access.models import Team, User
from amana.trust.audit import log
from amana.trust.vault import documents, manifest
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.models import generate_uuid7


@transaction.atomic
def open_case(
    *,
    team: Team,
    gate: Mapping[str, str],
    records: Mapping[Compartment, Mapping[str, object]],
    needs: Sequence[StatedNeed],
    unlike: Sequence[UUID] = (),
    asked_at: datetime | None = None,
    asked_by: User | None = None,
    pk: UUID | None = None,
    by: User,
) -> Case:
    """Open a case for a person, led by the colleague who met them.

    `gate`: the safety questions that were answered. What they establish is recorded,
    and "not established" where none was asked. `unlike`: cases that looked like the
    same person's, and were judged by `by` not to be. `asked_at`, `asked_by`: when and
    by whom the safety questions were asked, if not now by `by`: without a network.
    `pk`: the id that it gets, where it has to be known before, as for a decoy (ADR
    67)."""
    open_cases_in.require(by, team)
    require_known_fields(records)
    answers = SafetyGate.read(gate)
    group = compute_age_group(
        records.get(Compartment.IDENTITY, {}), said_at_gate=answers["SAFE08"]
    )
    # The group alone: the log is in the clear, the exact kind is sealed (ADR 62).
    asks_for = sorted({ServiceType(asked.type).group.value for asked in needs})
    version = choose_version(Arrival(team, age_group=group, asks_for=asks_for))
    case = Case.objects.create(
        pk=pk or generate_uuid7(),
        team=team,
        mechanism_id=version.mechanism_id if version else None,
        urgency=get_highest_urgency(needs, answers),
        due_at=timezone.now(),
    )
    with manifest.change_case(case.pk, by=by, new=True) as state:  # one link for all
        state.facts |= signed_case.build_facts(case)
        documents.make_compartments(case.pk, team=team, by=by)
        Assignment.objects.create(case=case, worker=by, part=Assignment.Part.LEAD)
        write_records(case, records, by=by)
        if answers.answers:
            write_asking(case, answers, at=asked_at, asked_by=asked_by, by=by)
        for asked in needs:
            write_need(case, asked, by=by)
    card.write_card(case, records, by=by)
    refresh_deadline(case)
    log.record(
        "opened case",
        case,
        by=by,
        case=case.pk,
        urgency=case.urgency,
        needs=[ServiceType(asked.type).group.value for asked in needs],
        gate=answers.result.value,
        unlike=sorted(map(str, unlike)),
    )
    case_opened.send(Case, case=case, by=by, age_group=group, gate=answers)
    return case


def write_records(
    case: Case, records: Mapping[Compartment, Mapping[str, object]], *, by: User
) -> None:
    for compartment, record in records.items():
        if any(value not in (None, "", []) for value in record.values()):
            documents.write(case.pk, compartment, record, by=by)


def get_highest_urgency(needs: Sequence[StatedNeed], gate: SafetyGate) -> Urgency:
    said = [Urgency(asked.urgency) for asked in needs]
    if gate.urgency:
        said.append(gate.urgency)
    return min(said, default=Urgency.U2)


def require_known_fields(records: Mapping[Compartment, Mapping[str, object]]) -> None:
    for compartment, record in records.items():
        known = {field.name for field in list_fields(compartment)}
        if not known.issuperset(record):
            raise Refused(_("Some of what was sent is not part of a case."))
