"""A file of any layout: keep it until a person has said what it means, then read it."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.exchange.hsds import TAXONOMY
from amana.exchange.imports.actions.bringing import (
    PreparedImport,
    ReadFile,
    begin_import,
    require_importer,
)
from amana.exchange.imports.models import Import, MappingVersion, SourceUpload
from amana.exchange.imports.rules import bring_source
from amana.exchange.sources.confined_reading import (
    OpenedSource,
    open_confined,
    read_confined,
)
from amana.exchange.sources.guessing import guess_mapping
from amana.exchange.sources.mapping import (
    Codes,
    SourceMapping,
    Terms,
    read_mapping,
    write_mapping,
)
from amana.exchange.sources.reading import Reading, read_source
from amana.exchange.sources.sketching import SourceSketch, read_sketch, write_sketch
from amana.exchange.sources.source_tables import SourceFile
from amana.exchange.sources.terms import find_terms
from amana.trust.access.models.organisations import User
from amana.trust.audit import log
from amana.trust.vault import crypto
from amana.trust.vault.crypto import Unopenable, bind_place

KEPT = timedelta(days=7)
"""How long a file waits for its mapping."""
MOST_WAITING = 10
"""Files of one person: each may have tens of megabytes."""


def open_source(blob: bytes, *, by: User) -> OpenedSource:
    """Open a file as tables. Raises `Unreadable`, or `NotRead` where it is too much."""
    require_importer(by)
    return open_confined(blob, by=by.pk)


def is_own_export(file: OpenedSource) -> bool:
    """Return whether Amana has written it: its terms are codes of ours already."""
    return TAXONOMY in file.sketch.taxonomies


def prepare_upload(
    file: OpenedSource,
    *,
    origin: str,
    mapping: SourceMapping | None = None,
    translates: str = "",
    by: User,
) -> tuple[SourceUpload, str]:
    """Seal a file that was opened, with what it means by the mapping that came along,
    else with what it most likely means; return it, not saved, and the key that opens it
    again, which is kept nowhere here. Before the transaction: it takes its time."""
    require_importer(by)
    known = mapping or find_last_mapping(name_mapping(origin, translates))
    if translates:
        # As its first language is explained: headings may be the same.
        known = known or find_last_mapping(origin)
    key = crypto.generate_key()
    upload = SourceUpload(origin=origin, brought_by=by)
    upload.sealed = crypto.seal(key, file.packed, at=_bind(upload))
    sketch = json.dumps(write_sketch(file.sketch)).encode()
    upload.sketch = crypto.seal(key, sketch, at=_bind_sketch(upload))
    suggested = replace(suggest_mapping(file.guess, known), translates=translates)
    upload.mapping = write_mapping(suggested)
    return upload, key.hex()


@transaction.atomic
def keep_upload(upload: SourceUpload, *, by: User) -> None:
    """Keep a file until it is explained. Raises `Refused` where too many wait."""
    require_importer(by)
    if SourceUpload.objects.filter(brought_by=by).count() >= MOST_WAITING:
        raise Refused(
            _("Ten files of yours wait already. Import one of them, or delete it.")
        )
    upload.save(force_insert=True)
    log.record("kept source file", upload, by=by)


def _bind(upload: SourceUpload) -> bytes:
    return bind_place("source file", upload.pk)


def _bind_sketch(upload: SourceUpload) -> bytes:
    return bind_place("source sketch", upload.pk)


def name_mapping(origin: str, translates: str) -> str:
    """Name what a mapping is kept under: a translation has other headings."""
    return f"{origin[:57]}:{translates}" if translates else origin


def find_last_mapping(origin: str) -> SourceMapping | None:
    """Find what the last file of a source meant."""
    last = MappingVersion.objects.filter(origin=origin).order_by("-number").first()
    return read_mapping(last.content) if last else None


def suggest_mapping(guess: SourceMapping, known: SourceMapping | None) -> SourceMapping:
    """Suggest what a file means: as what is known of its source, and a guess for tables
    that are new."""
    if known is None:
        return guess
    tables = {
        name: known.tables.get(name, mapping) for name, mapping in guess.tables.items()
    }
    return replace(known, tables=tables)


def open_upload(upload: SourceUpload, secret: str, *, by: User) -> bytes:
    """Open a file that was kept, as its packed tables. Raises `Refused` without its
    key, which is in the browser that sent it."""
    bring_source.require(by, upload)
    return unseal(bytes(upload.sealed), secret, at=_bind(upload))


def open_sketch(upload: SourceUpload, secret: str, *, by: User) -> SourceSketch:
    """Open what pages show of a file that was kept, without the file. Raises `Refused`
    as `open_upload` does."""
    bring_source.require(by, upload)
    plain = unseal(bytes(upload.sketch), secret, at=_bind_sketch(upload))
    return read_sketch(json.loads(plain))


def unseal(sealed: bytes | memoryview, secret: str, *, at: bytes) -> bytes:
    try:
        return crypto.unseal(bytes.fromhex(secret), bytes(sealed), at=at)
    except (ValueError, Unopenable) as error:
        raise Refused(
            _(
                "Only the browser that sent this file can open it, until it is closed. "
                "Upload the file again: what its columns mean is kept."
            )
        ) from error


@transaction.atomic
def save_mapping(upload: SourceUpload, mapping: SourceMapping, *, by: User) -> None:
    """Save what the tables and columns of a file mean."""
    bring_source.require(by, upload)
    upload.mapping = write_mapping(mapping)
    upload.save(update_fields=["mapping"])
    # Kept from the first time on: who has to upload the file again says nothing twice.
    remember_mapping(upload, by=by)
    log.record("mapped source file", upload, by=by)


def remember_mapping(upload: SourceUpload, *, by: User) -> None:
    """Remember the mapping for the next file of this source, as a new version where it
    differs from the last."""
    origin = name_mapping(upload.origin, upload.mapping.get("translates", ""))
    versions = MappingVersion.objects.filter(origin=origin)
    while True:
        last = versions.order_by("-number").first()
        if last is not None and last.content == upload.mapping:
            return
        # Of two who save at once, the second finds the number taken, and takes the
        # next: there is no row yet that both could wait for.
        with suppress(IntegrityError), transaction.atomic():
            MappingVersion.objects.create(
                origin=origin,
                number=last.number + 1 if last else 1,
                content=upload.mapping,
                made_by=by,
            )
            return


def decide_terms(
    upload: SourceUpload, terms: Terms, *, kinds: Codes = (), by: User
) -> None:
    """Decide what words of the file mean, and which kinds of help are found by words;
    other words keep what was decided of them."""
    mapping = read_mapping(upload.mapping)
    decided = {
        name: {**mapping.terms.get(name, {}), **terms.get(name, {})}
        for name in {*mapping.terms, *terms}
    }
    mapping = replace(mapping, terms=decided, kinds_by_words=kinds)
    save_mapping(upload, mapping, by=by)


def read_as_suggested(file: SourceFile, *, origin: str) -> ReadFile:
    """Read a file by what its tables, columns and words most likely mean."""
    guess = guess_mapping(file)
    terms: dict[str, dict[str, Codes]] = {}
    # For the demo alone: in a real directory a person looks at each suggestion.
    for term in find_terms(file, guess):
        if term.suggested:
            terms.setdefault(term.field, {})[term.word] = term.suggested
    return ReadFile(origin, read_source(file, replace(guess, terms=terms)).found)


def read_by_mapping(packed: bytes, mapping: SourceMapping, *, by: User) -> Reading:
    """Read the services of a file by what it means. Raises `NotRead` where it is too
    much."""
    require_importer(by)
    return read_confined(packed, mapping, by=by.pk)


@transaction.atomic
def record_upload(
    upload: SourceUpload, prepared: PreparedImport, *, by: User
) -> Import:
    """Store the services of a file that has a mapping, and have them compared with the
    directory; the file itself is deleted."""
    bring_source.require(by, upload)
    brought = begin_import(prepared, by=by)
    upload.delete()
    return brought


@transaction.atomic
def discard_upload(upload: SourceUpload, *, by: User) -> None:
    """Delete a file that is not imported after all; what was said of it is kept."""
    bring_source.require(by, upload)
    log.record("discarded source file", upload, by=by)
    upload.delete()


def forget_old_files() -> int:
    """Delete files that have waited for a week; return how many."""
    old = SourceUpload.objects.filter(brought_at__lt=timezone.now() - KEPT)
    return old.delete()[0]
