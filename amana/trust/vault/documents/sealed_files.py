"""Files of a case, under keys of their own."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.models.organisations import User
from amana.trust.audit import log
from amana.trust.vault import crypto, erasure, manifest
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.crypto import Unopenable
from amana.trust.vault.documents.compartments_keys import (
    LARGEST_FILE,
    bind_file_key_place,
    bind_file_place,
    build_not_held_refusal,
    open_compartment_keys,
)
from amana.trust.vault.documents.writing import open_key_for_writing
from amana.trust.vault.models.sealed_documents import (
    CompartmentKey,
    Document,
    SealedFile,
)


@transaction.atomic
def seal_file(
    case: UUID, compartment: Compartment, plain: bytes, *, by: User
) -> SealedFile:
    """Seal a file's bytes into a compartment; the caller records the act."""
    if len(plain) > LARGEST_FILE:
        raise Refused(_("A file can be at most 20 MB."))
    key, secret = open_key_for_writing(case, compartment, by=by)
    file, own = SealedFile(key=key), crypto.generate_key()
    file.own_key = crypto.seal(secret, own, at=bind_file_key_place(file))
    file.sealed = crypto.seal(own, plain, at=bind_file_place(file))
    file.save(force_insert=True)
    return file


@transaction.atomic
def open_file(file: SealedFile, *, by: User, purpose: str) -> bytes:
    """Open a file's bytes, with an audit event in the same transaction."""
    compartment = Compartment(file.key.compartment)
    secrets = open_compartment_keys(file.key.case, [compartment], by=by)
    if compartment not in secrets:
        raise build_not_held_refusal()
    log.record("opened file", file, by=by, case=file.key.case, purpose=purpose)
    _key, secret = secrets[compartment]
    try:
        own = crypto.unseal(secret, bytes(file.own_key), at=bind_file_key_place(file))
    except Unopenable:  # resealed since `file` was read
        file.refresh_from_db(fields=["own_key"])
        secrets = open_compartment_keys(file.key.case, [compartment], by=by)
        _key, secret = secrets[compartment]
        own = crypto.unseal(secret, bytes(file.own_key), at=bind_file_key_place(file))
    return crypto.unseal(own, bytes(file.sealed), at=bind_file_place(file))


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
