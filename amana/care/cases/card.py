"""A case's search card: the few words by which its people find it again."""

from collections.abc import Mapping

from django.db.models import QuerySet

from amana.care.cases.companions import read_companions
from amana.care.cases.models import Assignment, Case
from amana.trust import name_matching
from amana.trust.access.models import KEYHOLDERS, Membership, User
from amana.trust.vault import cards, documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import RECORD

C = Compartment
type Records = Mapping[Compartment, Mapping[str, object]]
ON_THE_CARD = (C.IDENTITY, C.CONTACT, C.NEEDS)
OF_IDENTITY = (
    "name",
    "other_names",
    "birth_date",
    "age",
    "sex",
    "nationality",
    "origin",
)


def list_card_words(records: Records) -> dict[str, object]:
    """Return what of the records goes on a card: what tells people apart, and no
    more."""
    identity, needs = records.get(C.IDENTITY, {}), records.get(C.NEEDS, {})
    words = {word: identity.get(word) for word in OF_IDENTITY}
    words["phone"] = records.get(C.CONTACT, {}).get("number")
    # As marks that can be compared and not read: a card is opened more often, and for
    # more cases at once, than the record.
    words["place"] = trace_value(needs.get("area"))
    words["companions"] = trace_value(
        sorted(
            (companion.age or 0, companion.sex)
            for companion in read_companions(needs.get("companions")) or ()
        )
    )
    return {word: value for word, value in words.items() if value not in (None, "", [])}


def trace_value(value: object) -> str:
    return name_matching.compute_trace(str(value)) if value else ""


def write_card(case: Case, records: Records, *, by: User) -> None:
    """Seal the card for those who hold the case: its team, or the named people."""
    card = {"reference": case.reference} | list_card_words(records)
    if case.restricted:
        cards.store_card(case.pk, card, by=by, people=find_holders(case))
    else:
        cards.store_card(case.pk, card, by=by, team=case.team)


def renew_card(case: Case, *, by: User) -> None:
    """Write the card again, from what the records hold now."""
    opened = documents.open_documents(
        case.pk, ON_THE_CARD, by=by, purpose="search card", names=[RECORD]
    )
    write_card(
        case,
        {part: document.content for (part, _name), document in opened.items()},
        by=by,
    )


def find_holders(case: Case) -> QuerySet[User]:
    """Find those who are assigned now and are keyholding members of the case's team."""
    current = Assignment.objects.current().filter(case=case)
    # Nothing is sealed to a person who has left, or whose place is not confirmed yet.
    members = Membership.objects.holding(KEYHOLDERS).filter(team=case.team_id)
    return User.objects.filter(pk__in=current.values("worker"), is_active=True).filter(
        pk__in=members.values("user")
    )
