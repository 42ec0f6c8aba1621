"""Finding a case again: on the cards of those that one may see, and on no others."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amana.care.cases import card
from amana.care.cases.models import Assignment, Case
from amana.care.cases.rules import see_case
from amana.trust import name_matching
from amana.trust.access.models import KEYHOLDERS, Membership, User
from amana.trust.vault import cards
from amana.trust.vault.compartments import Compartment
from amana.ui import clocks

C = Compartment

AGREES: dict[str, str | Promise] = {
    "reference": _("reference"),
    "name": _("name"),
    "phone": _("telephone number"),
    "birth_date": _("date of birth"),
    "nationality": _("nationality"),
    "origin": _("place of origin"),
    "sex": _("sex or gender"),
    "age": _("age"),
    "place": _("where the person is now"),
    "companions": _("who is with them"),
}


@dataclass(frozen=True)
class FoundCase:
    """A case, the name on its card, and the fields that agree.

    `seen`: whether one may open it; of the others one learns only whom to ask."""

    case: Case
    name: str
    agrees: list[str | Promise]
    seen: bool = True
    lead: str = ""


def find_cases(text: str, *, by: User) -> list[FoundCase]:
    """Find those of the cases that `by` sees whose card fits every word."""
    hits = cards.search_cards(text, by=by, seen=partial(list_seen_cases, by=by))
    cases = Case.objects.for_list().in_bulk([hit.case for hit in hits])
    return [
        FoundCase(
            cases[hit.case],
            get_card_name(hit.card),
            list_matching_fields(text, hit.card),
        )
        for hit in hits
        if hit.case in cases
    ]


def list_seen_cases(cases: Iterable[UUID], *, by: User) -> set[UUID]:
    """List those of these cases that `by` sees."""
    rows = see_case.among(Case.objects.filter(pk__in=cases), by)
    return set(rows.values_list("pk", flat=True))


def list_matching_fields(text: str, found: Mapping[str, object]) -> list[str | Promise]:
    """List which fields of a card fit what was typed."""
    agrees = []
    said = name_matching.normalise_reference(text)
    reference = name_matching.normalise_reference(found.get("reference", ""))
    if len(said) >= 4 and reference.startswith(said):
        agrees.append("reference")
    typed = {"name": text, "phone": text}
    alike = name_matching.score_likeness(0, typed, found, name_matching.SkeletonCache())
    agrees += [field for field in alike.agrees if field in ("name", "phone")]
    number = name_matching.extract_digits(text)
    if "phone" not in agrees and len(number) >= 4:
        agrees += ["phone"] * name_matching.get_phone_key(found).endswith(number)
    return [AGREES[field] for field in agrees]


def find_known_people(
    records: Mapping[Compartment, Mapping[str, object]], *, by: User
) -> list[FoundCase]:
    """Find the people known to us who may be this person. A person compares them and
    decides."""
    words = card.list_card_words(records)
    # Age, sex and origin alone fit too many people.
    if not {"name", "other_names", "phone"} & words.keys():
        return []
    hours_ago = map_recent_cases(by=by)
    hits = cards.find_likely_matches(words, by=by, hours_ago=hours_ago)
    if not hits:
        return []
    cases = Case.objects.for_list().in_bulk([hit.case for hit in hits])
    seen = list_seen_cases(cases, by=by)
    leads = dict(
        Assignment.objects.leading()
        .filter(case__in=cases)
        .values_list("case", "worker__name")
    )
    return [
        FoundCase(
            cases[hit.case],
            # The search reaches cards of cases that `by` may not open: of those the
            # page shows whom to ask, and no name.
            get_card_name(hit.card) if hit.case in seen else "",
            list(iterate_reasons(hit, hours_ago.get(hit.case))),
            seen=hit.case in seen,
            lead=leads.get(hit.case, ""),
        )
        for hit in hits
        if hit.case in cases
    ]


def map_recent_cases(*, by: User) -> dict[UUID, float]:
    """Map the recent cases of the teams of `by` to how many hours ago each was opened:
    two people met at the same desk within hours may be one."""
    now = timezone.now()
    ours = Membership.objects.holding(KEYHOLDERS).filter(user=by).values("team")
    lately = Case.objects.filter(
        team__in=ours, opened_at__gt=now - name_matching.LATELY
    )
    return {
        case: (now - opened_at) / timedelta(hours=1)
        for case, opened_at in lately.values_list("pk", "opened_at")
    }


def iterate_reasons(
    hit: cards.CardMatch, hours: float | None
) -> Iterator[str | Promise]:
    """Iterate the reasons for which a case is shown; when the person was met comes
    first."""
    if "met" in hit.agrees and hours is not None:
        yield format_meeting(hours)
    yield from (AGREES[field] for field in hit.agrees if field in AGREES)


def format_meeting(hours: float) -> str:
    time = clocks.format_duration(timedelta(hours=hours))
    return gettext("met by your team %(time)s ago") % {"time": time}


def get_card_name(found: Mapping[str, object]) -> str:
    return str(found.get("name") or "")
