"""Disclosures: a copy of exactly the fields consented to, for one recipient.

`care.consent` makes them, from a live consent or where vital interests stand in for
one, and `care.requests`, of where help is
needed. The ceiling of the recipient's sphere is checked here, in the last line before
the key is sealed, and has no override.

One may be made *held back*: for a recipient who has not said yes yet. Then the wrap of
the recipient's team lies under the server's pepper besides. A copy of the database and
the recipient's keys open nothing, and the server alone opens nothing; `release` takes
that layer off, in the transaction in which the recipient says yes.
"""

from amana.trust.vault.disclosures.disclosing import (
    destroy,
    destroy_held_back,
    make_disclosure,
    make_disclosures,
    open_disclosure,
    read,
    release,
    take_back,
)
from amana.trust.vault.disclosures.message_keys import get_letterbox
from amana.trust.vault.disclosures.messages import (
    delete_letters,
    destroy_held_letters,
    has_letter,
    open_letters,
    read_letters,
    release_letters,
    seal_letter_from_outside,
    write_letter,
)
from amana.trust.vault.disclosures.resealing import (
    extend_disclosures,
    get_case_of_wrap,
    move_to_consent,
    move_with_case,
    renew_disclosures,
    renew_keys,
    rewrap_disclosure_keys,
    share_with_case,
)
from amana.trust.vault.disclosures.wraps import (
    OF_NO_CASE,
    DisclosureDraft,
    bind_disclosure_place,
    build_reader_fact,
    encode_padded_content,
    find_holders_and_keys,
    find_wraps_of_team_keys,
    has_pepper_layer,
    is_allowed,
    list_place_parts,
    open_held_secret,
    open_secret_for_renewal,
    open_valid_secret,
    require_still_shared,
    wrap_secret_for_holders,
)

__all__ = [
    "OF_NO_CASE",
    "DisclosureDraft",
    "bind_disclosure_place",
    "build_reader_fact",
    "delete_letters",
    "destroy",
    "destroy_held_back",
    "destroy_held_letters",
    "encode_padded_content",
    "extend_disclosures",
    "find_holders_and_keys",
    "find_wraps_of_team_keys",
    "get_case_of_wrap",
    "get_letterbox",
    "has_letter",
    "has_pepper_layer",
    "is_allowed",
    "list_place_parts",
    "make_disclosure",
    "make_disclosures",
    "move_to_consent",
    "move_with_case",
    "open_disclosure",
    "open_held_secret",
    "open_letters",
    "open_secret_for_renewal",
    "open_valid_secret",
    "read",
    "read_letters",
    "release",
    "release_letters",
    "renew_disclosures",
    "renew_keys",
    "require_still_shared",
    "rewrap_disclosure_keys",
    "seal_letter_from_outside",
    "share_with_case",
    "take_back",
    "wrap_secret_for_holders",
    "write_letter",
]
