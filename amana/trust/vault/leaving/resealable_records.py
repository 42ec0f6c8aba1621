"""List what the vault itself seals to teams, for when a key of theirs is renewed."""

from django.db.models import QuerySet

from amana.trust.access.models.organisations import User
from amana.trust.vault import cards, disclosures, documents, drafts, parcels
from amana.trust.vault.epochs import ResealableKind
from amana.trust.vault.keys.team_key_wraps import get_current_key
from amana.trust.vault.models.sealed_documents import SearchCard
from amana.trust.vault.models.team_keys import TeamKey


def _cards_held_by(keys: QuerySet[TeamKey]) -> QuerySet[SearchCard]:
    return SearchCard.objects.filter(team_key__in=keys).order_by("pk")


def _move_cards(some: QuerySet[SearchCard], by: User) -> None:
    for key in TeamKey.objects.filter(searchcards__in=some).distinct():
        cards.renew_cards(
            some.filter(team_key=key), to=get_current_key(key.team_id), by=by
        )


KINDS = (
    ResealableKind(
        documents.find_wraps_of_team_keys,
        documents.renew_compartments,
        documents.rewrap_compartment_keys,
        documents.get_case_of_wrap,
    ),
    ResealableKind(
        disclosures.find_wraps_of_team_keys,
        disclosures.renew_disclosures,
        disclosures.rewrap_disclosure_keys,
        disclosures.get_case_of_wrap,
    ),
    ResealableKind(_cards_held_by, _move_cards, case_of=lambda card: card.case),
    ResealableKind(parcels.find_parcels_of_team_keys, parcels.rewrap_parcels),
    ResealableKind(drafts.find_draft_keys, drafts.rewrap_draft_keys),
    ResealableKind(drafts.find_waiting_drafts, drafts.rewrap_waiting_drafts),
)
