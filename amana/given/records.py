"""Services, cases, consents, referrals for tests and the demo."""

import wave
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from io import BytesIO
from math import sin
from typing import Any

from django.utils import timezone

from amana.care.cases import need_kinds
from amana.care.cases.actions import StatedNeed, open_case
from amana.care.cases.models.case_needs import Need
from amana.care.cases.models.case_record import Case, Urgency
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.pending import actions as pending
from amana.care.pending.models import TO_UNDO
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral
from amana.care.screening import actions as screenings
from amana.care.screening.models import Screening
from amana.design.directory import actions as directory
from amana.design.directory.models import Area, Service
from amana.design.directory.models.changes import record_change
from amana.design.directory.taxonomy.service_types import ServiceType
from amana.design.mechanism.choosing import find_first_version
from amana.design.mechanism.models.versions import Version
from amana.given.people import make_team, make_worker, number
from amana.insight.facts.models import Observation
from amana.trust.access.models.organisations import Membership, Role, Team, User
from amana.trust.vault.compartments import Compartment


def make_area(*, above: Area | None = None, **fields: object) -> Area:
    code = fields.setdefault("code", f"XM{next(number):04}")
    made = {
        "names": {"en": fields.pop("name_en", f"Area {code}")},
        "level": above.level + 1 if above else 0,
        "path": f"{above.path if above else ''}{code}/",
        "lat": 9.0,
        "lon": -25.0,
    }
    area = Area.objects.create(above=above, **made | fields)
    record_change()
    return area


def make_service(
    *, of: Team | None = None, by: User | None = None, **fields: Any
) -> Service:
    """Make a shelter with counted places, published by a focal point of its team."""
    team = of or make_team()
    made: dict[str, Any] = {
        "name": f"Service {next(number)}",
        "types": [ServiceType.SH2],
        "places_total": 10,
        "places_free": 5,
    }
    if fields.get("counts_places") is False:
        del made["places_total"], made["places_free"]
    return directory.publish_service(
        team, by=by or _focal_point_of(team), **made | fields
    )


def _focal_point_of(team: Team) -> User:
    members = Membership.objects.active().filter(team=team, role=Role.FOCAL_POINT)
    known = members.select_related("user").first()
    return known.user if known else make_worker(of=team, role=Role.FOCAL_POINT)


SAFE_ANSWERS = {
    "SAFE02": "no",
    "SAFE03": "no",
    "SAFE04": "no",
    "SAFE09": "no",
    "SAFE01": "yes",
    "SAFE05": "yes",
    "SAFE06": "yes",
    "SAFE07": "no",
    "SAFE08": "no",
    "SAFE10": "no",
    "SAFE12": "no",
    "SAFE13": "yes",
    "SAFE11": "yes",
    "SAFE14": "yes",
}
"""Every safety question that applies to an adult, asked and answered: safe to talk."""


def make_case(
    *,
    worked_on_by: User | None = None,
    team: Team | None = None,
    gate: Mapping[str, str] | None = None,
    needs: Sequence[StatedNeed] | None = None,
    **fields: object,
) -> Case:
    """Open a case by its worker; `fields` are named like `identity_name`."""
    worker = worked_on_by or make_worker(of=team)
    said = {"identity_name": f"Person {next(number)}", "contact_channel": "call"}
    records: dict[Compartment, dict[str, object]] = {}
    for field, value in (said | fields).items():
        compartment, name = field.split("_", 1)
        records.setdefault(Compartment(compartment), {})[name] = value
    words = records.get(Compartment.NEEDS, {}).pop("words", "A bed")
    asked = (
        [StatedNeed(ServiceType.SH2, Urgency.U2, str(words))]
        if needs is None
        else needs
    )
    return open_case(
        team=team or worker.memberships.earliest("pk").team,
        gate=gate or {},
        records=records,
        needs=asked,
        by=worker,
    )


def make_consent(case: Case, *, to: Team, by: User, **said: object) -> Consent:
    """Have the person of a case agree that their name and need are shared with a
    team."""
    [consent] = make_consents(case, to=[to], by=by, **said)
    return consent


def make_consents(
    case: Case, *, to: Sequence[Team], by: User, **said: Any
) -> list[Consent]:
    """Give the same consent to several teams, of which one text told them."""
    usual: dict[str, Any] = {
        "fields": ["identity.name", "contact.channel", "needs.words"],
        "purpose": Consent.Purpose.REFERRAL,
        "need": case.needs.order_by("pk").first(),
        "along": ["note", "handover"],
        "expires_at": timezone.now() + timedelta(days=90),
        "language": "ar",
        "mode": Consent.Mode.SPOKEN,
        "given_by": Consent.GivenBy.PERSON,
        "interpreter": False,
        "understood": True,
    }
    if "need" not in said and said.get("purpose", "referral") != "referral":
        del usual["need"]
    return consents.give_in_order(case, recipients=to, by=by, **usual | said)


def pass_ten_minutes() -> None:
    """Make take effect what could be undone, as if the clock came by in ten minutes."""
    pending.carry_out_due(timezone.now() + TO_UNDO)


def open_needs(case: Case, *, by: User) -> list[Need]:
    """Open the needs of a case: what exactly each is, is sealed."""
    needs = list(case.needs.order_by("pk"))
    need_kinds.learn(needs, by=by)
    return needs


def make_referral(
    *, need: Need, to: Service, by: User, consent: Consent | None = None, **more: Any
) -> Referral:
    """Send a referral by `by`, with a consent of its own unless one is given."""
    agreed = consent or make_consent(need.case, to=to.team, need=need, by=by)
    return referrals.send(need, to=to, consent=agreed, by=by, **more)


def make_sound(seconds: float = 0.2, rate: int = 8000) -> bytes:
    """Make a quiet tone as any player reads it: WAV, one channel, eight bits."""
    made = BytesIO()
    with wave.open(made, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(1)
        written.setframerate(rate)
        tone = (128 + round(20 * sin(n / 4)) for n in range(round(seconds * rate)))
        written.writeframes(bytes(tone))
    return made.getvalue()


def make_screening(
    *,
    by: User,
    case: Case | None = None,
    version: Version | None = None,
    instrument: str = "first",
    **answers: str,
) -> Screening:
    """Screen a person by `by`, in a case or before there is one."""
    asked: dict[str, Any] = {
        "instrument": instrument,
        "version": version or find_first_version(),
        "answers": answers,
        "by": by,
    }
    if case:
        return screenings.screen_case(case, **asked)
    return screenings.screen_person(by.memberships.earliest("pk").team, **asked)


def store_facts(some: Iterable[Observation]) -> int:
    """Store facts as after a batch, all at once; how many."""
    return len(Observation.objects.bulk_create(some, batch_size=500))
