"""Sealed documents of a case: written by compartment, opened with an audit event.

No log row, no plaintext: `open_documents` writes its event in the transaction that
opens.

A compartment's key is exposed when a person who could hold it has lost the right to:
then the next writer reseals all of it, under a fresh key for those who remain. So what
is written after a colleague left never lies under a key that they could have kept.
"""

from amana.trust.vault.documents.compartments_keys import (
    LARGEST_FILE,
    PAD_TO,
    RECORD,
    OpenedDocument,
    bind_document_place,
    make_compartments,
    open_compartment_keys,
    wrap_key_for_holders,
)
from amana.trust.vault.documents.holders import (
    end_hold,
    is_held_by_others,
    release,
    share_case,
    shred,
    shred_keys,
)
from amana.trust.vault.documents.reading import (
    compare_with_signed_revision,
    open_document_history,
    open_documents,
    read_coded_documents,
)
from amana.trust.vault.documents.sealed_files import destroy_files, open_file, seal_file
from amana.trust.vault.documents.writing import (
    discard,
    find_wraps_of_team_keys,
    get_case_of_wrap,
    lock_compartment_keys,
    open_key_for_writing,
    open_locked_keys,
    renew,
    renew_compartments,
    rewrap_compartment_keys,
    write,
    write_each,
)

__all__ = [
    "LARGEST_FILE",
    "PAD_TO",
    "RECORD",
    "OpenedDocument",
    "bind_document_place",
    "compare_with_signed_revision",
    "destroy_files",
    "discard",
    "end_hold",
    "find_wraps_of_team_keys",
    "get_case_of_wrap",
    "is_held_by_others",
    "lock_compartment_keys",
    "make_compartments",
    "open_compartment_keys",
    "open_document_history",
    "open_documents",
    "open_file",
    "open_key_for_writing",
    "open_locked_keys",
    "read_coded_documents",
    "release",
    "renew",
    "renew_compartments",
    "rewrap_compartment_keys",
    "seal_file",
    "share_case",
    "shred",
    "shred_keys",
    "wrap_key_for_holders",
    "write",
    "write_each",
]
