"""Read what the sealed words of a case show about its person, in coarse codes.

Only a session that holds the keys of the case can do so; otherwise all is unknown.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from amana.care.cases import need_kinds
from amana.care.cases.fields import Flag
from amana.care.cases.models import Need
from amana.care.cases.person import PersonProfile, build_known
from amana.design.directory.models import Area
from amana.errors import Changed
from amana.insight.facts import codes
from amana.insight.facts.codes import AgeBand, NationalityGroup, Status
from amana.trust.access.models import User
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import RECORD, OpenedDocument

C = Compartment
KEPT = "facts"
"""The name of the sealed document with the ids of facts that may be corrected."""
KEPT_IN = C.NEEDS
PARTS = (C.IDENTITY, C.NEEDS, C.NARRATIVE)

FORMS: Mapping[str, str] = {"criminality": "crime", "debt": "labour", "armed": "other"}
"""The directory's forms of exploitation, where a fact says it otherwise."""


@dataclass(frozen=True)
class Whom:
    """In codes; without a word."""

    said: Mapping[str, str]
    area: str = ""
    """As it was entered."""
    told: Mapping[str, str] = field(default_factory=dict)
    """The ids of facts told before, by what they are of."""
    revision: int = 0
    """Of the document that keeps those."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """What exactly is needed, by the needs that were asked about."""


NOBODY = Whom({})
"""A person of whom nothing is recorded."""


def read_person_codes(
    case: UUID,
    *,
    by: User,
    flags: Collection[str] = (),
    needs: Collection[UUID] = (),
) -> Whom | None:
    """Read the codes of the person whose case it is; None where `by` holds no key of
    the case. One query. `flags`: raised just now; `needs`: those whose kind is asked
    for."""
    documents_of = {pk.hex: Need(pk=pk).document for pk in needs}

    def into(found: Mapping[tuple[Compartment, str], OpenedDocument]) -> Whom | None:
        if not found:
            return None
        records = {
            c: document.content
            for (c, name), document in found.items()
            if name == RECORD
        }
        known, kept = build_known(records), found.get((KEPT_IN, KEPT))
        return Whom(
            encode_person(known, flags),
            known.area,
            kept.content if kept else {},
            kept.revision if kept else 0,
            {
                pk: need_kinds.read_kind(found[need_kinds.PART, name].content).value
                for pk, name in documents_of.items()
                if (need_kinds.PART, name) in found
            },
        )

    names = [RECORD, KEPT, *documents_of.values()]
    return documents.read_coded_documents(case, PARTS, names, by=by, into=into)


def record_observation_ids(
    case: UUID, whom: Whom, facts: Mapping[str, UUID], *, by: User
) -> None:
    """Record the ids of observations by what they are of, in the encrypted case and
    nowhere else."""
    new = {what: fact.hex for what, fact in facts.items()}
    try:
        write_observation_ids(case, whom, new, by=by)
    except Changed:  # a colleague's act was faster: theirs are kept as well
        now = read_person_codes(case, by=by)
        if now is not None:
            with suppress(Changed):
                write_observation_ids(case, now, new, by=by)


def write_observation_ids(
    case: UUID, whom: Whom, new: Mapping[str, str], *, by: User
) -> None:
    content, before = {**whom.told, **new}, whom.revision
    documents.write(case, KEPT_IN, content, by=by, name=KEPT, replacing=before)


def encode_person(known: PersonProfile, flags: Collection[str] = ()) -> dict[str, str]:
    return {
        "age_band": get_age_band(known),
        "sex": known.sex if known.sex in codes.Sex.values else "",
        "nationality_group": get_nationality_group(known.nationalities),
        "disability": codes.Disability.YES.value if known.access_needs else "",
        "status": get_status_code({*known.flags, *flags}),
        "exploitation": get_exploitation_code(known.exploitation),
    }


def compute_age(day: date, born: str) -> int | None:
    """Count the whole years since a date of birth; where its year alone is known, since
    the end of that year, so that none who is still a child counts as an adult."""
    year = born[:4]
    if not year.isdecimal():
        return None
    had_birthday = len(born) == 10 and born[5:] <= f"{day:%m-%d}"
    return day.year - int(year) - (not had_birthday)


def get_age_band(known: PersonProfile) -> str:
    age = known.age
    if age is None:
        age = compute_age(timezone.localdate(), known.born)
    if age is None or not 0 <= age < 130:
        return ""
    limits = ((11, AgeBand.TO_11), (17, AgeBand.TO_17), (24, AgeBand.TO_24))
    for most, band in (*limits, (59, AgeBand.TO_59)):
        if age <= most:
            return band.value
    return AgeBand.FROM_60.value


def get_nationality_group(of: Collection[str]) -> str:
    """Get the group of a nationality, and never the country."""
    if not of or not settings.COUNTRY:
        return ""
    if settings.COUNTRY in of:
        return NationalityGroup.NATIONAL.value
    if settings.NEIGHBOURS.intersection(of):
        return NationalityGroup.NEIGHBOUR.value
    near = settings.REGION.intersection(of)
    return (NationalityGroup.REGION if near else NationalityGroup.OTHER).value


def get_status_code(flags: Collection[str]) -> str:
    trafficked = Flag.TRAFFICKING in flags
    smuggled = bool({Flag.SMUGGLING, Flag.AGGRAVATED_SMUGGLING} & {*flags})
    if trafficked or smuggled:
        both = Status.BOTH if trafficked and smuggled else None
        one = Status.TRAFFICKING if trafficked else Status.SMUGGLING
        return (both or one).value
    return Status.OTHER.value if flags else ""


def get_exploitation_code(forms: Collection[str]) -> str:
    found = {FORMS.get(form, form) for form in forms} & {*codes.Exploitation.values}
    if not found:
        return ""
    return found.pop() if len(found) == 1 else codes.Exploitation.OTHER.value


def get_region_code(said: str) -> str:
    """Get the first-level area that a code or a name means, if it is known."""
    if not said.strip():
        return ""
    meant = Area.objects.called(said.strip()).filter(level__gt=0)
    paths = meant.values_list("path", flat=True)
    # A name that two regions share is unknown: a guess would count people where they
    # are not.
    regions = {path.split("/")[1] for path in paths[:5]}
    return regions.pop() if len(regions) == 1 else ""
