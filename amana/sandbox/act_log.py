"""What was done in an exercise, in the words of scenarios and criteria: from the log of
the engine, to which players add what they do without it (a call, a talk alone).

A case is of an invented person once a player says so; until then it is someone of its
own, so that nothing counts for a person whom it may not be about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone

from amana.academy.exercises.engine.exercise_log import ExerciseEvent, ExerciseLog
from amana.care.cases.gate.gate_questions import GateResult
from amana.care.cases.models.case_record import Case
from amana.care.consent.models import Consent
from amana.care.referrals.models import Referral
from amana.care.requests.models import Enquiry
from amana.design.mechanism.models import RoleHolder
from amana.sandbox import playing
from amana.sandbox.here import STAGE
from amana.trust.access.models import Team, User
from amana.trust.audit import log
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.compartments import Compartment

SAID, NAMED = "acted in exercise", "named person of exercise"
"""What players add to the log of the engine."""
CASE = "case "
"""What the name of someone begins with whom no one named."""
WISH = "wish"
"""At the person’s own wish."""
TRIED = "tried in exercise"
"""What the engine refused."""

OF_REFERRAL = {
    "sent referral": "referral.sent",
    "sent referral in vital interest": "referral.sent",
    "received referral": "referral.received",
    "accepted referral": "referral.answered",
    "waitlisted referral": "referral.answered",
    "declined referral": "referral.declined",
    # What rests on a request for help was accepted with it.
    "sent accepted referral": "referral.answered",
    "redirected referral": "referral.declined",
    "completed service": "referral.completed",
    "recorded what the person said": "word.heard",
}
OF_PERSON = {
    "asked safety questions": "safety.assessed",
    "assessed safety": "safety.assessed",
    "screened": "screening.finished",
    "took screening into case": "screening.finished",
    "confirmed vital interest": "handover.confirmed",
    "found nothing acceptable": "need.unmet",
}
OF_COLLEAGUE = {"assigned": "case.assigned", "opened": "case.opened"}
SHARED = {
    "disclosed": "consent",
    "released disclosure": "consent",
    "disclosed in vital interest": "life",
}
"""On what each of them rests."""
STORY = {"wrote record", "wrote note"}
"""The story, where it is written in the compartment for it."""
ONCE = frozenset({"case.opened", "narrative.written"})
"""What counts once for each case and colleague, as often as the engine logs it."""
OPENED = "opened case"
"""Who opens a case leads it, and has asked the safety questions or not."""
CONSENT = {"recorded consent", "withdrew consent"}
ASKED = {"asked for help", "asked for help without a name"}
OF_ENQUIRY = {
    "accepted request for help": "help.answered",
    "declined request for help": "help.declined",
}
HANDED = "handed over screening"
READ = frozenset(
    {
        *(*OF_REFERRAL, *OF_PERSON, *OF_COLLEAGUE, *SHARED, *CONSENT, *STORY),
        *(*ASKED, *OF_ENQUIRY, HANDED),
        *(OPENED, SAID, NAMED, TRIED),
    }
)


@dataclass(frozen=True)
class LoggedAct:
    """A row of the engine's log."""

    number: int
    did: str
    at: datetime
    actor: str
    thing: str
    case: UUID | None
    details: Mapping[str, Any]


def read_log() -> ExerciseLog:
    """Read all that was done by now."""
    # In one order with what players add, since that is written to the same log.
    events = AuditEvent.objects.filter(did__in=READ).order_by("pk")
    rows = [
        LoggedAct(number, did, at, actor, thing, case, details or {})
        for number, did, at, actor, thing, case, details in events.values_list(
            *("pk", "did", "at", "actor", "thing", "case", "auditdetail__details")
        )
    ]
    return ExerciseLog.of(
        ActReader(rows).iterate_events(),
        now=timezone.now(),
        ended=STAGE.ended_at is not None,
        calendar=playing.load_pack().calendar,
    )


@dataclass(frozen=True)
class ActReader:
    """Reads rows in the words of scenarios."""

    rows: list[LoggedAct]

    # -- of whom, and to whom

    @cached_property
    def people(self) -> dict[UUID, str]:
        """The invented person of each case, as was said last."""
        return {
            row.case: row.details["person"]
            for row in self.rows
            if row.did == NAMED and row.case
        }

    @cached_property
    def agencies(self) -> dict[int, str]:
        """The agency of each team, by its code."""
        codes = dict(RoleHolder.objects.values_list("organisation", "code"))
        teams = Team.objects.values_list("pk", "organisation")
        return {pk: codes.get(organisation, "") for pk, organisation in teams}

    @cached_property
    def spheres(self) -> dict[str, str]:
        organisations = playing.load_pack().organisations
        return {code: said.sphere for code, said in organisations.items()}

    @cached_property
    def recipients(self) -> dict[str, tuple[int, datetime]]:
        """The team that each referral is to, and by when it answers."""
        found = Referral.objects.select_related("service")
        return {str(sent.pk): (sent.recipient_id, sent.reply_by) for sent in found}

    @cached_property
    def consents(self) -> dict[str, int]:
        """The team that each consent is for."""
        found = Consent.objects.values_list("pk", "recipient")
        return {str(pk): recipient for pk, recipient in found}

    @cached_property
    def enquiries(self) -> dict[str, Enquiry]:
        """The question to each team, for those that were asked by now."""
        asked = Enquiry.objects.filter(asked_at__isnull=False)
        found = asked.select_related("request").order_by("rank")
        return {str(enquiry.pk): enquiry for enquiry in found}

    def name(self, row: LoggedAct) -> dict[str, str]:
        """Name the person; a case that no one named is of someone of its own."""
        # Without a person an act would count for all of them.
        if row.case is None:
            return {}
        return {"person": self.people.get(row.case, name_case(row.case))}

    # -- what

    def iterate_events(self) -> Iterable[ExerciseEvent]:
        seen: set[tuple[str, UUID | None, str]] = set()
        for row in self.rows:
            for event in self.read(row):
                # Reading on, or writing on, is no second time.
                once = (event.act, row.case, row.actor)
                if event.act not in ONCE or row.did == SAID or once not in seen:
                    seen.add(once)
                    yield event

    def read(self, row: LoggedAct) -> Iterable[ExerciseEvent]:
        if row.did in OF_REFERRAL:
            yield self.read_referral(row)
        elif row.did in OF_PERSON and row.case:
            yield self.build(row, OF_PERSON[row.did], self.name(row))
        elif row.did in OF_COLLEAGUE and row.case:
            yield self.read_colleague(row)
        elif row.did == OPENED and row.case:
            yield from self.read_opening(row)
        elif row.did in STORY:
            if row.details.get("compartment") == Compartment.NARRATIVE:
                yield self.build(row, "narrative.written", self.name(row))
        elif row.did in SHARED:
            yield self.read_disclosure(row)
        elif row.did in ASKED:
            yield from self.read_asking(row)
        elif row.did in OF_ENQUIRY:
            yield from self.read_enquiry(row)
        elif row.did == HANDED:
            keys = {"screening": get_pk(row), "recipient": self.get_agency(row, "team")}
            yield self.build(row, "screening.handed", keys)
        elif row.did == "recorded consent":
            for team in row.details.get("recipients", ()):
                keys = self.name(row) | {"recipient": self.agencies.get(team, "")}
                data = {"fields": row.details.get("fields", ())}
                yield self.build(row, "consent.recorded", keys, data)
        elif row.did == "withdrew consent":
            team = self.consents.get(get_pk(row), 0)
            keys = self.name(row) | {"recipient": self.agencies.get(team, "")}
            yield self.build(row, "consent.withdrawn", keys)
        elif row.did == TRIED:
            yield replace(self.read_disclosure(row), attempted=True)
        elif row.did == SAID:
            yield self.read_said(row)

    def read_referral(self, row: LoggedAct) -> ExerciseEvent:
        referral = get_pk(row)
        team, due_at = self.recipients.get(referral, (0, None))
        keys = self.name(row) | {
            "referral": referral,
            "recipient": self.agencies.get(team, ""),
        }
        data = {"due_at": due_at, "sphere": self.spheres.get(keys["recipient"], "")}
        return self.build(row, OF_REFERRAL[row.did], keys, data)

    def read_asking(self, row: LoggedAct) -> Iterable[ExerciseEvent]:
        """Read whom a request for help asks by now: in turn, or all at once."""
        for enquiry in self.enquiries.values():
            if str(enquiry.request_id) == get_pk(row) and enquiry.asked_at:
                event = self.build(row, "help.asked", self.name_enquiry(enquiry))
                yield replace(event, at=enquiry.asked_at)

    def read_enquiry(self, row: LoggedAct) -> Iterable[ExerciseEvent]:
        if enquiry := self.enquiries.get(get_pk(row)):
            yield self.build(row, OF_ENQUIRY[row.did], self.name_enquiry(enquiry))

    def name_enquiry(self, enquiry: Enquiry) -> dict[str, str]:
        """Name the person of a request; one without a case is of someone of its own."""
        case = enquiry.request.case_id or enquiry.request_id
        return {
            "person": self.people.get(case, name_case(case)),
            "enquiry": str(enquiry.pk),
            "recipient": self.agencies.get(enquiry.recipient_id, ""),
        }

    def read_opening(self, row: LoggedAct) -> Iterable[ExerciseEvent]:
        keys = self.name(row)
        if row.details.get("gate") == GateResult.SAFE:
            yield self.build(row, "safety.assessed", keys)
        yield self.build(row, "case.assigned", keys | {"colleague": row.actor})

    def read_colleague(self, row: LoggedAct) -> ExerciseEvent:
        # Who opens a case is the one who acts; who is assigned is someone else.
        worker = row.details.get("worker")
        colleague = row.actor if worker is None else f"user:{worker}"
        keys = self.name(row) | {"colleague": colleague}
        return self.build(row, OF_COLLEAGUE[row.did], keys)

    def read_disclosure(self, row: LoggedAct) -> ExerciseEvent:
        recipient = self.get_agency(row, "recipient")
        keys = self.name(row) | {"recipient": recipient}
        data = {
            "fields": row.details.get("fields", ()),
            "sphere": self.spheres.get(recipient, ""),
            "basis": SHARED.get(row.did, "consent"),
        }
        return self.build(row, "disclosure.made", keys, data)

    def read_said(self, row: LoggedAct) -> ExerciseEvent:
        keys: dict[str, str] = row.details["keys"]
        data: dict[str, object] = {
            "basis": row.details.get("basis", ""),
            "fields": row.details.get("fields", ()),
        }
        if "recipient" in keys:
            data["sphere"] = self.spheres.get(keys["recipient"], "")
        if data["basis"] == WISH:
            data["at_request"] = "yes"
        return self.build(row, row.details["act"], keys, data)

    def get_agency(self, row: LoggedAct, name: str) -> str:
        """Get the code of the agency whose team a row names."""
        return self.agencies.get(row.details.get(name, 0), "")

    def build(
        self,
        row: LoggedAct,
        act: str,
        keys: Mapping[str, str],
        data: Mapping[str, object] | None = None,
    ) -> ExerciseEvent:
        return ExerciseEvent(row.number, act, row.at, row.actor, keys, data or {})


def get_pk(row: LoggedAct) -> str:
    """Get the key of what was acted on."""
    return row.thing.rpartition(":")[2]


def name_case(case: UUID) -> str:
    """Name the person of a case of whom no one said who it is."""
    return f"{CASE}{case}"


def is_case(code: str) -> bool:
    """Check whether a code stands for the person of a case of whom no one said who it
    is."""
    return code.startswith(CASE)


# -- what players add


def record_act(
    act: str,
    keys: Mapping[str, str],
    *,
    basis: str = "",
    fields: Iterable[str] = (),
    by: User,
) -> None:
    """Record what a player did without the engine: a talk, a call, a look; on what it
    rested, and which fields of a record were passed on in it."""
    log.record(
        SAID, by=by, act=act, keys=dict(keys), basis=basis, fields=sorted(fields)
    )


def find_cases(person: str) -> list[UUID]:
    """Find the cases of which players said that they are about a person."""
    events = AuditEvent.objects.filter(did=NAMED).order_by("pk")
    said = dict(events.values_list("case", "auditdetail__details__person"))
    return [case for case, of in said.items() if case and of == person]


def record_attempt(act: str, case: Case, team: Team, *, by: User) -> None:
    """Record what the engine refused, after it was rolled back."""
    log.record(TRIED, case, by=by, case=case.pk, act=act, recipient=team.pk)


def record_person(case: Case, person: str, *, by: User) -> None:
    """Record which invented person a case is about."""
    log.record(NAMED, case, by=by, case=case.pk, person=person)
