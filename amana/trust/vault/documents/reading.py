"""Open documents of a case."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, FilteredRelation, Q, QuerySet

from amana.trust.access.models.organisations import User
from amana.trust.access.prepared.prepared_query import PreparedQuery
from amana.trust.audit import log
from amana.trust.vault import altered, crypto, manifest
from amana.trust.vault.altered import Alteration
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.crypto import Unopenable
from amana.trust.vault.documents.compartments_keys import (
    RECORD,
    OpenedDocument,
    bind_document_place,
    map_keys_by_compartment,
    open_compartment_keys,
)
from amana.trust.vault.keys.keyring import get_keyring
from amana.trust.vault.manifest.chain_reading import Facts
from amana.trust.vault.manifest.links import ManifestState
from amana.trust.vault.models.recovery_keys import TeamWrap
from amana.trust.vault.models.sealed_documents import (
    CompartmentKey,
    CompartmentWrap,
    Document,
)


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
        return map_keys_by_compartment(wraps, by=by)
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
        wrong = compare_with_signed_revision(state.record(*place), there.get(place))
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


def compare_with_signed_revision(
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
    manifest.forget([case])  # nothing is written, or resealed, between our queries
    found = list(revisions)
    # Opened again under the lock: a colleague may have renewed the key since.
    secrets = open_compartment_keys(case, [compartment], by=by)
    signed = manifest.get_state(case).record(compartment, name)
    if not found and signed is None:
        return []
    wrong = compare_with_signed_revision(signed, found[0] if found else None)
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
        text = crypto.unseal(
            secret, bytes(document.sealed), at=bind_document_place(document)
        )
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
