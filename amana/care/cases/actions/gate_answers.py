"""Ask the questions of the safety gate, at the first meeting and again later."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases.actions.needs import require_open
from amana.care.cases.events import gate_asked
from amana.care.cases.gate import GateSession, SafetyGate, SafetyRecord
from amana.care.cases.models import Case
from amana.care.cases.opened_records import iterate_askings
from amana.care.cases.rules import work_on_case
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.models import generate_uuid7


@transaction.atomic
def ask_gate_again(case: Case, *, answers: Mapping[str, str], by: User) -> SafetyRecord:
    """Record what was asked and answered now. Earlier answers to other questions stay.

    Danger makes the case an emergency; nothing makes it less urgent."""
    work_on_case.require(by, case)
    require_open(case)
    asked = SafetyGate.read(answers)
    if not asked.answers:
        raise Refused(
            _("Nothing was recorded, because no question was answered. Answer one.")
        )
    write_asking(case, asked, by=by)
    record = _record_of(case, by=by)
    urgency = record.gate.urgency
    if urgency is not None and urgency < case.urgency:
        case.change(urgency=urgency)
    log.record(
        "asked safety questions",
        case,
        by=by,
        case=case.pk,
        gate=record.gate.result.value,
        asked=len(asked.answers),
        urgency=case.urgency,
    )
    gate_asked.send(Case, case=case, by=by, gate=record.gate)
    return record


def write_asking(
    case: Case,
    asked: SafetyGate,
    *,
    at: datetime | None = None,
    asked_by: User | None = None,
    by: User,
) -> None:
    """Seal one asking for everyone who works on the case; part of another action."""
    who = asked_by or by
    content = GateSession(asked, who.name, at or timezone.now()).plain()
    name = f"gate/{generate_uuid7().hex}"
    documents.write(case.pk, Compartment.CONTACT, content, by=by, name=name)


def _record_of(case: Case, *, by: User) -> SafetyRecord:
    """Open what is established now, our own asking included."""
    # `require_open` holds the case until this transaction ends, so that of two who ask
    # at once the second counts both.
    opened = documents.open_documents(
        case.pk, [Compartment.CONTACT], by=by, purpose="safety questions"
    )
    return SafetyRecord(tuple(iterate_askings(opened)))
