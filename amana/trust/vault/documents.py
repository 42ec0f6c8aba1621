"""Sealed documents of a case: written by compartment, opened with an audit event.

No log row, no plaintext: `open_documents` writes its event in the transaction that
opens.

A compartment's key is exposed when somebody who could hold it has lost the right to:
then the next writer seals all of it anew, under a fresh key for those who remain. So
what is written after someone left never lies under a key that they could have kept.
"""

import json
from collections import defaultdict
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Changed, Refused
from amana.trust.access.models import Team, User
from amana.trust.access.prepared import PreparedQuery
from amana.trust.audit import log
from amana.trust.vault import (
    altered,
    crypto,
    disclosures,
    erased,
    erasure,
    manifest,
    roster,
    tombstones,
)
from amana.trust.vault.altered import Alteration
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.crypto import Unopenable, bind_place
from amana.trust.vault.keys import (
    assign_holder,
    get_current_key,
    get_current_keys,
    get_keyring,
    seal_held,
)
from amana.trust.vault.manifest import Facts, ManifestState
from amana.trust.vault.models import (
    CompartmentKey,
    CompartmentWrap,
    Disclosure,
    DisclosureWrap,
    Document,
    PersonKey,
    ReturnSlip,
    SealedFile,
    SearchCard,
    TeamKey,
    TeamWrap,
)
from amana.trust.vault.roster import Holder

RECORD = "record"
"""The name of a compartment's main document, whose fields a consent can name."""

PAD_TO = 256
LARGEST_FILE = 20 * 1024 * 1024


@dataclass(frozen=True)
class OpenedDocument:
    """A document in the clear, for as long as the request lasts."""

    compartment: Compartment
    name: str
    revision: int
    content: dict[str, Any]
    written_at: datetime


# --- keys


@transaction.atomic
def make_compartments(
    case: UUID,
    compartments: Iterable[Compartment] = Compartment,
    *,
    team: Team | None = None,
    people: Iterable[User] = (),
    by: User,
) -> None:
    """Give a new case its keys: held by `team`, or by the named `people` only."""
    holders = _holders(team, PersonKey.objects.filter(user__in=list(people)))
    made = [CompartmentKey(case=case, compartment=c) for c in compartments]
    with manifest.change_case(case, by=by, new=True) as state:
        CompartmentKey.objects.bulk_create(made)
        CompartmentWrap.objects.bulk_create(
            [
                wrap
                for key in made
                for wrap in _wraps(key, crypto.generate_key(), holders)
            ]
        )
        state.give(
            [key.compartment for key in made], map(manifest.format_holder, holders)
        )


def _holders(team: Team | None, people: Iterable[PersonKey]) -> list[Holder]:
    holders: list[Holder] = []
    if team:
        key = get_current_key(team)
        roster.require_homes([team], as_of_=key)
        if team.organisation.admitted_at:  # else its sphere is still to be signed for
            roster.require_spheres([team], as_of_=key)
        holders = [key]
    holders += roster.vouch(people)
    if not holders:
        raise Refused(_("At least one person must hold the keys of a case."))
    return holders


def _wraps(
    key: CompartmentKey, secret: bytes, holders: Iterable[Holder]
) -> Iterator[CompartmentWrap]:
    for holder in holders:
        yield seal_held(
            assign_holder(CompartmentWrap(key=key), holder), secret, *_place(key)
        )


def _place(key: CompartmentKey) -> tuple[object, ...]:
    return ("compartment", key.case, key.compartment, key.pk)


def _at(document: Document) -> bytes:
    """Bind a document to its place. Its id is part of that, so that the manifest
    needn't know what is sealed: under one id only one text is ever sealed.
    """
    place = (document.key_id, document.name, document.revision, document.pk.hex)
    return bind_place("document", *place)


def open_compartment_keys(
    case: UUID, compartments: Iterable[Compartment], *, by: User
) -> dict[Compartment, tuple[CompartmentKey, bytes]]:
    """Open the compartment keys of a case that `by` holds. One query."""
    wraps = CompartmentWrap.objects.filter(
        key__case=case, key__compartment__in=list(compartments)
    ).select_related("key")
    return _by_compartment(wraps, by=by)


def _by_compartment(
    wraps: Iterable[CompartmentWrap], *, by: User
) -> dict[Compartment, tuple[CompartmentKey, bytes]]:
    return {
        Compartment(key.compartment): (key, secret)
        for key, secret in _opened_keys(wraps, by=by)
    }


def _opened_keys(
    wraps: Iterable[CompartmentWrap], *, by: User
) -> Iterator[tuple[CompartmentKey, bytes]]:
    ring = get_keyring(by)
    by_key: dict[CompartmentKey, list[CompartmentWrap]] = defaultdict(list)
    for wrap in wraps:
        by_key[wrap.key].append(wrap)
    for key, held in by_key.items():
        # A restored database may have keys again that were destroyed for erasing.
        if ring.holds_one_of(held) and not erased.is_key_erased(key.pk):
            yield key, ring.open(held, *_place(key))


def _not_held() -> Refused:
    return Refused(_("You do not hold the key to this part of the case."))


# --- reading


@transaction.atomic
def open_documents(
    case: UUID,
    compartments: Iterable[Compartment] = Compartment,
    *,
    by: User,
    purpose: str,
    names: Iterable[str] | None = None,
    facts: Facts = lambda _again: {},
) -> dict[tuple[Compartment, str], OpenedDocument]:
    """Open the current documents of these compartments, as far as `by` holds keys.

    One query finds them with their keys, and one event is written, whatever the number
    of documents. Raises `Tampered` where they, or these `facts` about the case, are not
    what was signed.
    """
    wanted = list(compartments)
    found, secrets = _checked(case, wanted, names, by=by, facts=facts)
    log.record(
        "opened",
        by=by,
        case=case,
        purpose=purpose,
        compartments=sorted(secrets),
    )
    return {
        (document.compartment, document.name): document
        for document in _read_whole(case, found, secrets)
    }


type Secrets = Mapping[Compartment, tuple[CompartmentKey, bytes]]


def _checked(
    case: UUID,
    compartments: list[Compartment],
    names: Iterable[str] | None,
    *,
    by: User,
    facts: Facts = lambda _again: {},
) -> tuple[list[Document], Secrets]:
    """Find the current documents, with the keys that `by` holds. Raises `Tampered`
    unless they are all that the manifest names, and no others.
    """
    wanted = None if names is None else list(names)
    if not compartments:
        manifest.require_facts(case, facts)
        return [], {}
    # A difference may only mean that a colleague wrote between our query for the
    # documents and that for the manifest. Reading first without a lock keeps readers
    # from waiting for each other; only in doubt the second round holds the case.
    for held in (False, True):  # someone may have written between our two queries
        if held:
            manifest.lock_chains([case])
            manifest.forget([case])
        wraps = _with_documents(case, compartments, wanted, by=by)
        secrets = _opened_wraps(case, wraps, by=by)
        found = list(_documents_beside(wraps))
        state = manifest.get_state(case)
        wrong = _alteration(state, found, secrets, compartments, wanted, by=by)
        wrong = wrong or manifest.find_difference(state, facts(held))
        if wrong is None:
            return found, secrets
    # Both rounds disagreed, the second one under the lock: this is no race.
    assert wrong is not None
    raise altered.build_case_tampered(wrong, case)


def _opened_wraps(
    case: UUID, wraps: Iterable[CompartmentWrap], *, by: User
) -> dict[Compartment, tuple[CompartmentKey, bytes]]:
    try:
        return _by_compartment(wraps, by=by)
    except Unopenable as error:
        raise altered.build_case_tampered(Alteration.HOLDERS, case) from error


def _alteration(
    state: ManifestState,
    found: Iterable[Document],
    secrets: Secrets,
    compartments: Iterable[Compartment],
    names: Collection[str] | None,
    *,
    by: User,
) -> Alteration | None:
    """Find what in these documents is not as it was signed; None: all is."""
    of_key = {key.pk: part for part, (key, _secret) in secrets.items()}
    if state.erased and of_key:
        return Alteration.ERASED
    there = {
        (of_key[document.key_id].value, document.name): document
        for document in found
        if document.key_id in of_key
    }
    signed = {
        (part.value, name) for part in of_key.values() for name in state.of(part, names)
    }
    for place in there.keys() | signed:
        wrong = _difference(state.record(*place), there.get(place))
        if wrong is not None:
            return wrong
    # A part for which no key was found is no alteration for a person without a right to
    # it, but it is if the manifest names them, or a team of theirs, as a holder: then a
    # wrap was taken away.
    missing = set(compartments) - secrets.keys()
    kept = {h for part in missing for h in state.holders.get(part, ())}
    if kept and kept & _named(by):
        return Alteration.HOLDERS
    return None


def _difference(
    signed: tuple[int, str] | None, document: Document | None
) -> Alteration | None:
    if document is None:
        return Alteration.MISSING
    if signed is None:
        return Alteration.ADDED
    if document.revision < signed[0]:
        return Alteration.OLDER
    if (document.revision, document.pk.hex) != signed:
        return Alteration.CONTENT
    return None


def _named(user: User) -> set[str]:
    """List the names under which a person holds keys: their own, and those of their
    teams.
    """
    teams = TeamWrap.objects.filter(person_key=get_keyring(user).person_key_id)
    held = teams.values_list("team_key__team", flat=True)
    return {f"person:{user.pk}", *(f"team:{pk}" for pk in held)}


def _read_whole(
    case: UUID, documents: Iterable[Document], secrets: Secrets
) -> list[OpenedDocument]:
    try:
        return _read(documents, secrets)
    except Unopenable as error:
        raise altered.build_case_tampered(Alteration.CONTENT, case) from error


def _with_documents(
    case: UUID,
    compartments: list[Compartment],
    names: Iterable[str] | None,
    *,
    by: User,
) -> list[CompartmentWrap]:
    """Find our wraps of a case's keys, each joined with each current document under its
    key.
    """
    ours = get_keyring(by).person_key_id
    if not compartments:
        return []
    wanted = list(names or ())
    question = _question(len(compartments), None if names is None else len(wanted))
    return question.of(ours, case, *compartments, *wanted).all()


@cache
def _question(parts: int, names: int | None) -> PreparedQuery[CompartmentWrap]:
    """Prepare the query for so many compartments and names; None: documents of any
    name.
    """

    def ask(ours: int, case: UUID, *said: str) -> QuerySet[CompartmentWrap]:
        teams = TeamWrap.objects.filter(person_key=ours).values("team_key")
        current = Q(key__documents__superseded_at=None)
        if names is not None:
            current &= Q(key__documents__name__in=said[parts:])
        wraps = CompartmentWrap.objects.filter(
            Q(person_key=ours) | Q(team_key__in=teams),
            key__case=case,
            key__compartment__in=said[:parts],
        ).select_related("key")
        beside = FilteredRelation("key__documents", condition=current)
        # As named columns: `select_related` makes no objects of a relation to many.
        return wraps.annotate(
            current=beside, **{column: F(f"current__{of}") for column, of in BESIDE}
        ).order_by("current__pk", "pk")

    return PreparedQuery(ask, int, UUID, *[str] * (parts + (names or 0)))


BESIDE = (
    ("document_id", "id"),
    ("document_name", "name"),
    ("document_revision", "revision"),
    ("document_sealed", "sealed"),
    ("document_written_at", "written_at"),
)


def _documents_beside(wraps: Iterable[Any]) -> Iterator[Document]:
    """Yield each document once, however many wraps open its key."""
    seen = set()
    for wrap in wraps:
        if wrap.document_id is not None and wrap.document_id not in seen:
            seen.add(wrap.document_id)
            yield Document(
                key_id=wrap.key_id,
                **{of: getattr(wrap, column) for column, of in BESIDE},
            )


def read_coded_documents[T](
    case: UUID,
    compartments: Iterable[Compartment],
    names: Iterable[str],
    *,
    by: User,
    into: Callable[[Mapping[tuple[Compartment, str], OpenedDocument]], T],
) -> T:
    """Read current documents for what `into` makes of them: codes for figures, shown to
    no one.

    One query and no event of its own: nothing is opened for a person here, and it
    happens inside an act that is recorded. What comes out may not go to a page.
    """
    current, secrets = _checked(case, list(compartments), names, by=by)
    found = _read_whole(case, current, secrets)
    return into({(document.compartment, document.name): document for document in found})


@transaction.atomic
def open_document_history(
    case: UUID,
    compartment: Compartment,
    *,
    by: User,
    purpose: str,
    name: str = RECORD,
) -> list[OpenedDocument]:
    """Open every revision of one document, newest first. Raises `Tampered` when the
    latest is not the one that was signed, or an earlier one is missing.
    """
    secrets = open_compartment_keys(case, [compartment], by=by)
    log.record(
        "opened history",
        by=by,
        case=case,
        purpose=purpose,
        compartments=sorted(secrets),
    )
    of_key = Q(key__case=case, key__compartment=compartment)
    revisions = Document.objects.filter(of_key, name=name).order_by("-revision")
    if compartment not in secrets:
        return []
    manifest.lock_chains([case])
    manifest.forget([case])  # nothing is written, or sealed anew, between our queries
    found = list(revisions)
    # Opened again under the lock: a colleague may have renewed the key since.
    secrets = open_compartment_keys(case, [compartment], by=by)
    signed = manifest.get_state(case).record(compartment, name)
    if not found and signed is None:
        return []
    wrong = _difference(signed, found[0] if found else None)
    # The manifest names only the latest revision. Numbers without a gap show that no
    # earlier one was taken out.
    if wrong is None and [d.revision for d in found] != list(range(len(found), 0, -1)):
        wrong = Alteration.MISSING
    if wrong is not None:
        raise altered.build_case_tampered(wrong, case)
    return _read_whole(case, found, secrets)


def _read(documents: Iterable[Document], secrets: Secrets) -> list[OpenedDocument]:
    by_id = {key.pk: (c, secret) for c, (key, secret) in secrets.items()}
    found = []
    for document in documents:
        if document.key_id not in by_id:
            continue
        compartment, secret = by_id[document.key_id]
        text = crypto.unseal(secret, bytes(document.sealed), at=_at(document))
        found.append(
            OpenedDocument(
                compartment,
                document.name,
                document.revision,
                json.loads(text),
                document.written_at,
            )
        )
    return found


# --- writing


@transaction.atomic
def write(
    case: UUID,
    compartment: Compartment,
    content: Mapping[str, Any],
    *,
    by: User,
    name: str = RECORD,
    replacing: int = 0,
) -> int:
    """Seal a revision in place of revision `replacing` (0: it is new); return its
    number.

    Raises `Changed` when a colleague wrote a revision meanwhile. The caller records the
    act; a write discloses nothing.
    """
    with manifest.change_case(case, by=by) as state:
        key, secret = _to_write(case, compartment, by=by)
        signed = state.record(compartment, name)
        if replacing and (signed is None or signed[0] != replacing):
            raise Changed(_("A colleague has changed this since you opened it."))
        if not replacing and signed is not None:
            raise _written_meanwhile()
        now = timezone.now()
        _supersede(case, key, name, signed, now)
        document = Document(key=key, name=name, revision=replacing + 1, written_at=now)
        _seal(document, content, secret)
        document.save(force_insert=True)
        state.put(compartment, name, document.revision, document.pk)
    return document.revision


def _supersede(
    case: UUID,
    key: CompartmentKey,
    name: str,
    signed: tuple[int, str] | None,
    now: datetime,
) -> None:
    """Mark the current revision as an earlier one, if it is the one that was signed."""
    history = Document.objects.filter(key=key, name=name)
    if signed is None:
        if history.exists():
            raise altered.build_case_tampered(Alteration.ADDED, case)
        return
    current = history.current().filter(revision=signed[0], pk=signed[1])
    if not current.update(superseded_at=now):
        wrong = _difference(signed, history.current().first()) or Alteration.OLDER
        raise altered.build_case_tampered(wrong, case)


@transaction.atomic
def write_each(
    case: UUID,
    compartment: Compartment,
    contents: Mapping[str, Mapping[str, Any]],
    *,
    by: User,
) -> None:
    """Seal several new documents, each under its name; as many queries as for one."""
    with manifest.change_case(case, by=by) as state:
        key, secret = _to_write(case, compartment, by=by)
        if Document.objects.filter(key=key, name__in=list(contents)).exists():
            raise _written_meanwhile()
        now = timezone.now()
        made = [Document(key=key, name=name, written_at=now) for name in contents]
        for document in made:
            _seal(document, contents[document.name], secret)
            state.put(compartment, document.name, document.revision, document.pk)
        Document.objects.bulk_create(made)


@transaction.atomic
def discard(case: UUID, compartment: Compartment, name: str) -> None:
    """Delete a document that nothing refers to any more: what it was written for is
    undone.
    """
    manifest.lock_chains([case])
    rows = Document.objects.filter(
        key__case=case, key__compartment=compartment, name=name
    )
    if rows.delete()[0]:
        manifest.narrow(case, manifest.Kind.FORGETS, f"{compartment}/{name}")
        erasure.clear_traces()


def _seal(document: Document, content: Mapping[str, Any], secret: bytes) -> None:
    # Padded to a step of 256 bytes, so that a copy of the database doesn't show how
    # much was written about a person.
    text = json.dumps(dict(content), ensure_ascii=False, default=str).encode()
    padded = crypto.fill_with_spaces(text, PAD_TO)
    document.sealed = crypto.seal(secret, padded, at=_at(document))


def _written_meanwhile() -> Changed:
    return Changed(_("A colleague has written this since you opened it."))


def _to_write(
    case: UUID, compartment: Compartment, *, by: User
) -> tuple[CompartmentKey, bytes]:
    """Open the compartment's key for something new, and no key that a leaver could
    have.

    It is locked first: what is sealed while another reseals everything would be lost.
    """
    key = lock_compartment_keys(
        CompartmentKey.objects.filter(case=case, compartment=compartment)
    )
    if not key:
        raise _not_held()
    wraps = CompartmentWrap.objects.filter(key=key[0]).select_related("key", "team_key")
    held = dict(_opened_keys(wraps, by=by))
    if not held:
        raise _not_held()
    # The team's epoch first: renewing the compartment before it would seal the fresh
    # key to a team key that a leaver may still have.
    if any(w.team_key and w.team_key.exposed_at for w in wraps):
        _renew_team_keys(wraps, by=by)
        wraps = wraps.all()
    if key[0].exposed_at or any(w.team_key and w.team_key.retired_at for w in wraps):
        held = renew(held)
    return next(iter(held.items()))


def _renew_team_keys(wraps: Iterable[CompartmentWrap], *, by: User) -> None:
    """Renew team keys first, so that nothing new is sealed to a key that others may
    have.
    """
    from amana.trust.vault import leaving  # which seals anew what lies here

    held = get_keyring(by).teams
    if any(wrap.team_key_id in held for wrap in wraps):
        leaving.renew_where_due(by)


def lock_compartment_keys(keys: QuerySet[CompartmentKey]) -> list[CompartmentKey]:
    """Lock these keys: until we commit, no one else renews them or writes under
    them.
    """
    # Always in the order of ids, so that two who lock several don't wait for each
    # other.
    return list(keys.select_for_update(no_key=True).order_by("pk"))


def open_locked_keys(
    keys: Sequence[CompartmentKey], *, by: User
) -> dict[CompartmentKey, bytes]:
    """Open those of these locked keys that `by` holds."""
    wraps = CompartmentWrap.objects.filter(key__in=keys).select_related("key")
    return dict(_opened_keys(wraps, by=by))


def renew(
    secrets: Mapping[CompartmentKey, bytes], holders: Sequence[Holder] = ()
) -> dict[CompartmentKey, bytes]:
    """Give locked compartments fresh keys, and reseal all that is in them.

    They stay with their holders, or go to `holders`. The same number of queries for one
    compartment and for a hundred.
    """
    fresh = {key: crypto.generate_key() for key in secrets}
    wraps = CompartmentWrap.objects.filter(key__in=list(secrets))
    held = {} if holders else _held_now(wraps)
    if held:
        _require_signed_holders(secrets, held)
    wraps.delete()
    CompartmentWrap.objects.bulk_create(
        [
            wrap
            for key, secret in fresh.items()
            for wrap in _wraps(key, secret, holders or held[key.pk])
        ]
    )
    _reseal(secrets, fresh)
    CompartmentKey.objects.filter(pk__in=[key.pk for key in fresh]).exclude(
        exposed_at=None
    ).update(exposed_at=None)
    return fresh


def find_wraps_of_team_keys(team_keys: QuerySet[TeamKey]) -> QuerySet[CompartmentWrap]:
    return CompartmentWrap.objects.filter(team_key__in=team_keys).order_by("pk")


def renew_compartments(some: QuerySet[CompartmentWrap], by: User) -> None:
    """Seal again, under fresh keys, what is in these compartments, for their holders
    now.
    """
    wanted = list(some.values_list("key", flat=True))
    renew(
        open_locked_keys(
            lock_compartment_keys(CompartmentKey.objects.filter(pk__in=wanted)), by=by
        )
    )


def rewrap_compartment_keys(some: QuerySet[CompartmentWrap], by: User) -> None:
    """Seal the keys of compartments, as they are, to their team's current key.

    What they open is not touched: it is damaged, or held by others than was signed. Its
    holders stay the same, and the next writer reseals it.
    """
    wanted = list(some.values_list("key", flat=True))
    keys = lock_compartment_keys(CompartmentKey.objects.filter(pk__in=wanted))
    found = some.select_related("key", "team_key")
    for wrap in found:
        assert wrap.team_key is not None
        secret = get_keyring(by).open([wrap], *_place(wrap.key))
        fresh = _wraps(wrap.key, secret, [get_current_key(wrap.team_key.team_id)])
        CompartmentWrap.objects.bulk_create(fresh, ignore_conflicts=True)
        CompartmentWrap.objects.filter(pk=wrap.pk).delete()
    # Still exposed: a leaver may know these keys, which were only wrapped again.
    CompartmentKey.objects.filter(pk__in=[key.pk for key in keys]).update(
        exposed_at=timezone.now()
    )


def get_case_of_wrap(wrap: CompartmentWrap) -> UUID:
    return wrap.key.case


def _held_now(wraps: QuerySet[CompartmentWrap]) -> dict[UUID, list[Holder]]:
    """Find the holders of each key: for a team, whatever the epoch, its current key."""
    found = list(wraps.select_related("team_key", "person_key"))
    roster.vouch(w.person_key for w in found if w.person_key)
    current = get_current_keys({w.team_key.team_id for w in found if w.team_key})
    held: dict[UUID, dict[Holder, None]] = defaultdict(dict)
    for wrap in found:
        holder: Holder | None = wrap.person_key
        if wrap.team_key:
            holder = current[wrap.team_key.team_id]
        assert holder is not None
        held[wrap.key_id][holder] = None
    return {key: list(holders) for key, holders in held.items()}


def _require_signed_holders(
    keys: Iterable[CompartmentKey], held: Mapping[UUID, Iterable[Holder]]
) -> None:
    """Require that the holders of these keys are those whom the manifest names: nothing
    is resealed to a person whose wrap was slipped in. Raises `Tampered`.
    """
    states = manifest.get_states({key.case for key in keys})
    for key in keys:
        holders = {manifest.format_holder(holder) for holder in held[key.pk]}
        if holders != set(states[key.case].holders.get(key.compartment, ())):
            raise altered.build_case_tampered(Alteration.HOLDERS, key.case)


def _reseal(
    old: Mapping[CompartmentKey, bytes], new: Mapping[CompartmentKey, bytes]
) -> None:
    was = {key.pk: secret for key, secret in old.items()}
    now = {key.pk: secret for key, secret in new.items()}
    documents = list(Document.objects.filter(key__in=was))
    for document in documents:
        at = _at(document)
        plain = crypto.unseal(was[document.key_id], bytes(document.sealed), at=at)
        document.sealed = crypto.seal(now[document.key_id], plain, at=at)
    Document.objects.bulk_update(documents, ["sealed"], batch_size=100)
    files = list(SealedFile.objects.filter(key__in=was).defer("sealed"))
    for file in files:
        at = _at_key_of(file)
        own = crypto.unseal(was[file.key_id], bytes(file.own_key), at=at)
        # A file is up to 20 MB and has a key of its own, so that only this key is
        # sealed again and not the file.
        file.own_key = crypto.seal(now[file.key_id], own, at=at)
    SealedFile.objects.bulk_update(files, ["own_key"], batch_size=100)


# --- files


@transaction.atomic
def seal_file(
    case: UUID, compartment: Compartment, plain: bytes, *, by: User
) -> SealedFile:
    """Seal a file's bytes into a compartment; the caller records the act."""
    if len(plain) > LARGEST_FILE:
        raise Refused(_("A file can be at most 20 MB."))
    key, secret = _to_write(case, compartment, by=by)
    file, own = SealedFile(key=key), crypto.generate_key()
    file.own_key = crypto.seal(secret, own, at=_at_key_of(file))
    file.sealed = crypto.seal(own, plain, at=_at_file(file))
    file.save(force_insert=True)
    return file


@transaction.atomic
def open_file(file: SealedFile, *, by: User, purpose: str) -> bytes:
    """Open a file's bytes, with an audit event in the same transaction."""
    compartment = Compartment(file.key.compartment)
    secrets = open_compartment_keys(file.key.case, [compartment], by=by)
    if compartment not in secrets:
        raise _not_held()
    log.record("opened file", file, by=by, case=file.key.case, purpose=purpose)
    _key, secret = secrets[compartment]
    try:
        own = crypto.unseal(secret, bytes(file.own_key), at=_at_key_of(file))
    except Unopenable:  # sealed anew since `file` was read
        file.refresh_from_db(fields=["own_key"])
        secrets = open_compartment_keys(file.key.case, [compartment], by=by)
        _key, secret = secrets[compartment]
        own = crypto.unseal(secret, bytes(file.own_key), at=_at_key_of(file))
    return crypto.unseal(own, bytes(file.sealed), at=_at_file(file))


@transaction.atomic
def destroy_files(files: Collection[UUID], *, about: str) -> None:
    """Delete files, and every revision of the document `about` them in their
    compartment, permanently; the caller records the act.
    """
    found = SealedFile.objects.filter(pk__in=files)
    keys = set(CompartmentKey.objects.filter(files__in=found))
    manifest.lock_chains({key.case for key in keys})
    Document.objects.filter(key__in=keys, name=about).delete()
    found.delete()
    for key in keys:
        what = f"{key.compartment}/{about}"
        manifest.narrow(key.case, manifest.Kind.FORGETS, what)
    erasure.clear_traces()


def _at_key_of(file: SealedFile) -> bytes:
    return bind_place("key of a file", file.key_id, file.pk)


def _at_file(file: SealedFile) -> bytes:
    return bind_place("file", file.key_id, file.pk)


# --- who holds a case


@transaction.atomic
def share_case(
    case: UUID,
    *,
    by: User,
    team: Team | None = None,
    people: Iterable[User] = (),
    exclusively: bool = False,
) -> None:
    """Share the whole case with another holder; `exclusively` ends the others' hold.

    For a transfer, and for restricting a case to named people. Sharing with another
    agency for a purpose is a disclosure, never this. What was disclosed of the case
    is held, on the sender's side, by those who hold the case."""
    named = PersonKey.objects.filter(user__in=list(people))
    holders = _holders(team, named)
    names = {manifest.format_holder(holder) for holder in holders}
    with manifest.change_case(case, by=by) as state:
        keys = lock_compartment_keys(CompartmentKey.objects.filter(case=case))
        secrets = open_locked_keys(keys, by=by)
        if exclusively:
            # Someone without the key would end everyone's hold on it, and for ever.
            if len(secrets) < len(keys):
                raise Refused(_("You don’t hold the keys to every part of this case."))
            renew(secrets, holders)
            disclosures.move_with_case(case, holders, by=by)
            state.give(state.holders, names)
            return
        disclosures.share_with_case(case, holders, by=by)
        CompartmentWrap.objects.bulk_create(
            [
                wrap
                for key, secret in secrets.items()
                for wrap in _wraps(key, secret, holders)
            ],
            ignore_conflicts=True,
        )
        state.share([key.compartment for key in secrets], names)


@transaction.atomic
def end_hold(cases: Collection[UUID], *, of: User) -> None:
    """End what a person holds of these cases in their own name, who has left their team
    and stays in another; the next to write seals all of it again."""
    held = CompartmentWrap.objects.filter(key__case__in=cases)
    theirs = held.filter(person_key__user=of)
    others = held.exclude(person_key__user=of)
    if theirs.exclude(key__in=others.values("key")).exists():
        raise Refused(
            _(
                "Only this colleague can open one of the cases. Give another colleague "
                "access first."
            )
        )
    now = timezone.now()
    release(of, cases=set(theirs.values_list("key__case", flat=True)))
    keys = CompartmentKey.objects.filter(pk__in=theirs.values("key"))
    keys.update(exposed_at=now)
    shared = DisclosureWrap.objects.filter(
        disclosure__case__in=cases, person_key__user=of
    )
    known = Disclosure.objects.filter(pk__in=shared.values("disclosure"))
    known.update(exposed_at=now)
    for wraps in (theirs, shared):
        wraps.filter(pk__in=list(wraps.values_list("pk", flat=True))).delete()
    SearchCard.objects.filter(case__in=cases, person_key__user=of).delete()


def release(user: User, *, cases: Collection[UUID]) -> None:
    """Record in the manifests of these cases that a person no longer holds them."""
    manifest.lock_chains(cases)
    for case in sorted(cases):
        manifest.narrow(case, manifest.Kind.RELEASES, f"person:{user.pk}")


def is_held_by_others(case: UUID, *, than: User) -> bool:
    """Return whether another person could open what is sealed here."""
    held = CompartmentWrap.objects.filter(key__case=case)
    return held.exclude(person_key__user=than).exists()


def shred_keys(case: UUID, keys: Collection[UUID]) -> None:
    """Delete some keys of a case, and so what is sealed under them; the rest stays."""
    manifest.lock_chains([case])
    rows = CompartmentKey.objects.filter(case=case, pk__in=keys)
    for part in sorted(rows.values_list("compartment", flat=True)):
        manifest.narrow(case, manifest.Kind.SHREDS, part)
    rows.delete()


@transaction.atomic
def shred(case: UUID) -> None:
    """Delete the keys of a case, and so, for ever, every word sealed under them: its
    documents, its files, its search cards, all that was disclosed of it, the return
    slips of that, and what was set aside of it with someone's keys."""
    manifest.erase(case)
    tombstones.forget(case)
    shared = Disclosure.objects.filter(case=case)
    ReturnSlip.objects.filter(disclosure__in=shared.values("pk")).delete()
    shared.delete()
    CompartmentKey.objects.filter(case=case).delete()
    SearchCard.objects.filter(case=case).delete()
    log.shred(case)
    erasure.clear_traces()
