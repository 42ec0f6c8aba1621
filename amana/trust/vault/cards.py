"""Search cards: a few sealed words a case, opened and compared in the request.

There is no index of anything personal in the database. A search opens all cards that
the searching person's keys open, which takes some ten microseconds a card, and compares
them in memory. A card is one line of keys for comparing (`name_matching`), and the card
itself.

Those who write don't wait for that: cards are opened outside any transaction, and what
is found is given out once its event has been written. A card that is damaged is left
out, and reported (`altered.set_aside`): it must not keep a team from finding all
others.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Q, QuerySet

from amana.trust import name_matching
from amana.trust.access.models import Team, User
from amana.trust.audit import log
from amana.trust.vault import altered, crypto, roster
from amana.trust.vault.altered import Alteration
from amana.trust.vault.crypto import KeyPair, Unopenable, bind_place
from amana.trust.vault.keys import Keyring, get_current_key, get_keyring
from amana.trust.vault.models import PersonKey, SearchCard, TeamKey

PAD_TO = 64


@transaction.atomic
def store_card(
    case: UUID,
    card: dict[str, Any],
    *,
    by: User,
    team: Team | None = None,
    people: models.QuerySet[User] | None = None,
) -> None:
    """Seal a case's card for its holders, replacing the earlier one."""
    plain = _text(card)
    ours = [_for_team(case, plain, get_current_key(team), by=by)] if team else []
    named = PersonKey.objects.filter(user__in=people if people is not None else [])
    theirs = [_for_person(case, plain, person) for person in roster.vouch(named)]
    others = SearchCard.objects.filter(case=case)
    others = others.exclude(team_key__in=[card.team_key_id for card in ours])
    others.exclude(person_key__in=[card.person_key_id for card in theirs]).delete()
    for made, holder in ((ours, "team_key"), (theirs, "person_key")):
        SearchCard.objects.bulk_create(
            made,
            update_conflicts=True,  # a colleague may have been at it too
            unique_fields=["case", holder],
            update_fields=["sealed"],
        )


def _for_team(case: UUID, plain: bytes, key: TeamKey, *, by: User) -> SearchCard:
    """Seal under the team's symmetric half or, from outside the team, to its public
    one.
    """
    card = SearchCard(case=case, team_key=key)
    # Symmetric where we can: it opens in microseconds, and a search opens every card.
    pair = get_keyring(by).teams.get(key.pk)
    if pair is None:
        card.sealed = crypto.seal_to(roster.get_public_key(key), plain, at=_at(card))
    else:
        card.sealed = crypto.seal(_key(pair), plain, at=_at(card))
    return card


def _for_person(case: UUID, plain: bytes, person: PersonKey) -> SearchCard:
    card = SearchCard(case=case, person_key=person)
    card.sealed = crypto.seal_to(roster.get_public_key(person), plain, at=_at(card))
    return card


def _text(card: dict[str, Any]) -> bytes:
    text = f"{name_matching.build_line(card)}\n{json.dumps(card, ensure_ascii=False)}"
    return crypto.fill_with_spaces(text.encode(), PAD_TO)


def _key(pair: KeyPair) -> bytes:
    return crypto.derive(pair.symmetric, "search cards")


def _at(card: SearchCard) -> bytes:
    return bind_place("card", card.holder, card.case.hex)


# --- opening


@dataclass(frozen=True)
class CardMatch:
    """A case that was found, what its card says, and which fields agree."""

    case: UUID
    card: dict[str, object]
    agrees: tuple[str, ...] = ()


type Seen = Callable[[Iterable[UUID]], Collection[UUID]]

AT_ONCE = 100
"""Of so many that fit it is asked together whether they may be shown."""


def open_cards(
    *, by: User, cases: Q | None = None, purpose: str = "search"
) -> Iterator[tuple[UUID, dict[str, Any]]]:
    """Open every card that `by` can open (or those of the cases asked for), with one
    event.
    """
    # Before the first card is given out, so that no reader can stop before the event.
    found = _all(by, cases)
    shown = [UUID(case) for case, _plain in found] if cases is not None else []
    _note("opened search cards", by=by, purpose=purpose, cases=shown)
    for case, plain in found:
        yield UUID(case), _card(plain)


def search_cards(
    text: str,
    *,
    by: User,
    seen: Seen = frozenset,
    purpose: str = "search",
    at_most: int = 25,
) -> list[CardMatch]:
    """Find the cases whose card fits every part of `text`, the best first.

    A name in any script and spelling, its beginning, a year of birth, the end of a
    telephone number, a reference. Each case's access list then has that it was shown.

    `seen` selects, of some cases, those that `by` may be shown. It gets only those that
    fit: for a team's twenty thousand this takes half the time of asking for all.
    """
    found = _all(by, None)
    lines = [_line(plain) for _case, plain in found]
    hits: list[CardMatch] = []
    for places in batched(name_matching.rank_matches(text, lines), AT_ONCE):
        fit = {UUID(found[at][0]): found[at][1] for at in places}
        shown = seen(fit)
        hits += [CardMatch(case, _card(fit[case])) for case in fit if case in shown]
        if len(hits) >= at_most:
            break
    del hits[at_most:]
    _note("searched", by=by, purpose=purpose, cases=[hit.case for hit in hits])
    return hits


def find_likely_matches(
    person: Mapping[str, Any],
    *,
    by: User,
    cases: Q | None = None,
    purpose: str = "known already",
    hours_ago: Mapping[UUID, float] | None = None,
    at_most: int = 5,
) -> list[CardMatch]:
    """Find the people whom we know who may be this person, with the fields that agree.

    `person` has the words of a card; `hours_ago` has, for cases begun lately at the
    same desk, how long ago that was. A colleague compares and decides: nothing is ever
    merged automatically.
    """
    found = _all(by, cases)
    lines = [_line(plain) for _case, plain in found]
    lately = {case.hex: hours for case, hours in (hours_ago or {}).items()}
    met = {
        at: lately[case] for at, (case, _plain) in enumerate(found) if case in lately
    }
    cards = {
        at: _card(found[at][1])
        | ({name_matching.HOURS_AGO: met[at]} if at in met else {})
        for at in name_matching.find_candidates(person, lines, lately=met)
    }
    hits = [
        CardMatch(UUID(found[candidate.at][0]), cards[candidate.at], candidate.agrees)
        for candidate in name_matching.rank_likely(person, cards.items())[:at_most]
    ]
    _note(
        "looked whether known", by=by, purpose=purpose, cases=[hit.case for hit in hits]
    )
    return hits


def match_unseen(
    person: Mapping[str, Any], *, by: User, cases: Q, purpose: str = "known elsewhere"
) -> list[CardMatch]:
    """Find whom we know who may be this person, for the program only: no one sees it.

    The event is the same whatever is found, and names no case: a reader of the log must
    not learn whom another team knows. The caller shows of it only what a person can see
    of the case anyway.
    """
    found = _all(by, cases)
    lines = [_line(plain) for _case, plain in found]
    worth = name_matching.find_candidates(person, lines)
    cards = {at: _card(found[at][1]) for at in worth}
    _note("compared with search cards", by=by, purpose=purpose)
    return [
        CardMatch(UUID(found[candidate.at][0]), {}, candidate.agrees)
        for candidate in name_matching.rank_likely(person, cards.items())
    ]


@transaction.atomic
def _note(did: str, *, by: User, purpose: str, cases: Iterable[UUID] = ()) -> None:
    """Record an access before any of what was found is given out."""
    log.record(did, by=by, purpose=purpose, cases=cases)


def _all(by: User, cases: Q | None) -> list[tuple[str, bytes]]:
    """Open the cards that `by` can open; damaged ones are left out, and reported."""
    ring = get_keyring(by)
    held = Q(team_key__in=list(ring.teams)) | Q(person_key=ring.person_key_id)
    cards = SearchCard.objects.filter(held)
    found, damaged = [], []
    for case, plain in _unsealed(cards if cases is None else cards.filter(cases), ring):
        if plain is None:
            damaged.append(UUID(case))
        else:
            found.append((case, plain))
    altered.set_aside(Alteration.CARD, damaged)
    return found


def _unsealed(
    cards: QuerySet[SearchCard], ring: Keyring
) -> Iterator[tuple[str, bytes | None]]:
    """Yield the case, in hexadecimal, and the text of each card; None where it is
    damaged.

    Twenty thousand in less than a tenth of a second: as the database gives them, with
    no object made for each.
    """
    symmetric = {
        pk: crypto.build_unsealer(_key(pair)) for pk, pair in ring.teams.items()
    }
    places: dict[tuple[int | None, int | None], bytes] = {}
    for case, team_key, person_key, blob in _rows(cards):
        if (team_key, person_key) not in places:
            card = SearchCard(team_key_id=team_key, person_key_id=person_key)
            # The same bytes as `_at`, made once for each holder instead of once for
            # each card.
            place = bind_place("card", card.holder) + (32).to_bytes(4, "big")
            places[team_key, person_key] = place
        at = places[team_key, person_key] + case.encode()
        try:
            if blob[:1] == crypto.FORMAT and team_key is not None:
                plain = symmetric[team_key](blob, at)
            else:
                pair = ring.person if team_key is None else ring.teams[team_key]
                plain = pair.open(blob, at=at)
        except Unopenable:
            yield case, None
        else:
            yield case, plain


def _rows(
    cards: QuerySet[SearchCard],
) -> Iterator[tuple[str, int | None, int | None, bytes]]:
    # Past the ORM's converters: an object for each of twenty thousand rows takes longer
    # than opening them all.
    columns = cards.values_list("case", "team_key", "person_key", "sealed")
    with connection.cursor() as cursor:
        cursor.execute(*columns.query.sql_with_params())
        while rows := cursor.fetchmany(1_000):
            for case, team_key, person_key, blob in rows:
                # PostgreSQL's driver returns a UUID, SQLite a text.
                hexadecimal = case if isinstance(case, str) else case.hex
                yield hexadecimal, team_key, person_key, bytes(blob)


def _line(plain: bytes) -> str:
    return plain[: plain.index(b"\n")].decode()


def _card(plain: bytes) -> dict[str, object]:
    card: dict[str, object] = json.loads(plain[plain.index(b"\n") :])
    return card


# --- a new epoch


def renew_cards(cards: QuerySet[SearchCard], *, to: TeamKey, by: User) -> int:
    """Seal these cards of a team again, under its current key; return how many."""
    ring = get_keyring(by)
    texts = dict(_unsealed(cards, ring))
    rows = list(cards.only("case", "team_key", "person_key"))
    for card in rows:
        text = texts[card.case.hex]
        if text is None:
            raise Unopenable
        card.team_key = to
        card.sealed = crypto.seal(_key(ring.teams[to.pk]), text, at=_at(card))
    SearchCard.objects.bulk_update(rows, ["team_key", "sealed"], batch_size=200)
    return len(rows)
