"""Faults of what is signed of a case, and of honest houses."""

from typing import Any

from .registry import fault, put


@fault(
    "tests/properties/test_altered_database.py"
    "::test_what_a_row_says_of_a_need_lets_nobody_hear_of_it"
)
def ceiling_by_the_row() -> None:
    """Whoever writes a need's group into the database decides who may hear of it."""
    from amana.care.consent import consent_questions
    from amana.design.directory.taxonomy import ServiceGroup

    in_bounds = consent_questions.require_in_bounds

    def by_row(recipients: Any, need: Any) -> None:
        need.know(ServiceGroup(need.group).types[0])
        in_bounds(recipients, need)

    put(consent_questions, require_in_bounds=by_row)


ALTERED = "tests/properties/test_altered_database.py"


@fault(ALTERED)
def record_not_compared() -> None:
    """An older or deleted record passes, because no one compares it."""
    from amana.trust.vault import documents

    put(documents, compare_with_signed_revision=lambda signed, document: None)


@fault(ALTERED)
def missing_key_not_named() -> None:
    """A part whose keys were deleted looks empty."""
    from amana.trust.vault import documents

    put(documents, _named=lambda user: set())


@fault(ALTERED)
def holder_believed() -> None:
    """A key is sealed anew to whoever stands among its holders."""
    from amana.trust.vault import documents

    put(documents, _require_signed_holders=lambda keys, held: None)


@fault(ALTERED)
def facts_not_compared() -> None:
    """A moved flag or a widened consent passes."""
    from amana.trust.vault import manifest

    put(manifest, find_difference=lambda state, facts: None)


@fault(ALTERED)
def link_signed_by_anyone() -> None:
    """A link counts whoever signed it."""
    from amana.trust.vault import manifest

    put(manifest, is_rightly_signed=lambda link, state, known: True)


@fault(ALTERED)
def link_not_hashed() -> None:
    """What a link says can be rewritten."""
    from amana.trust.vault import manifest

    hashed = manifest.compute_link_hash

    def believed(chain: Any, link: Any) -> bytes:
        return bytes(link.hash) or hashed(chain, link)

    put(manifest, compute_link_hash=believed)


@fault(ALTERED)
def map_not_asked() -> None:
    """Old rows with their old manifest pass."""
    from amana.trust.vault import heads

    put(heads, find_heads=lambda chains: {})


@fault(ALTERED)
def bucket_not_compared() -> None:
    """A head that was moved back is believed."""
    from amana.trust.vault import heads
    from amana.trust.vault.models import CaseHead

    def believed(chains: Any) -> Any:
        rows = CaseHead.objects.filter(chain__in=list(chains))
        return {r.chain: heads.ChainHead(r.place, bytes(r.hash)) for r in rows}

    put(heads, find_heads=believed)


@fault(ALTERED)
def map_not_in_the_log() -> None:
    """An old map of heads is believed, whatever the log's last entry says."""
    from amana.trust.vault import heads
    from amana.trust.vault.models import HeadMap

    def believed(size: int, root: bytes) -> bytes | None:
        tops = HeadMap.objects.values_list("tops", flat=True).first()
        return bytes(tops) if tops else None

    believed.cache_clear = lambda: None  # type: ignore[attr-defined]
    put(heads, _proved=believed)


@fault(ALTERED)
def ended_copy_still_opens() -> None:
    """A withdrawn copy that was put back opens for its recipient."""
    from amana.trust.vault import disclosures

    put(disclosures, require_still_shared=lambda disclosure: None)


@fault(ALTERED)
def ended_hold_still_opens() -> None:
    """A copy that the recipient declined opens again once its key is put back."""
    from amana.trust.vault import disclosures

    put(disclosures, _require_reader=lambda disclosure, wraps: None)


@fault(ALTERED)
def withdrawal_not_signed() -> None:
    """The manifest goes on saying that she agreed."""
    from amana.care.consent import signed_consents

    put(signed_consents, record_end=lambda consent, *, by: None)


@fault(ALTERED)
def nobody_is_told_of_it() -> None:
    """The page stops, and nobody else hears of it."""
    from amana.trust.alarms import actions

    put(actions, record_altered=lambda what, **about: None)


@fault("tests/properties/test_honest_house.py")
def taken_keys_not_released() -> None:
    """Someone whose keys were taken is still named as a holder."""
    from amana.trust.vault import documents

    put(documents, release=lambda user, *, cases: None)


@fault("tests/properties/test_honest_house.py")
def leaver_not_countersigned() -> None:
    """What someone signed before they left stops every page once they have."""
    from amana.trust.vault import manifest

    put(manifest, countersign=lambda user: None)


@fault("tests/properties/test_altered_database.py")
def reader_of_a_row() -> None:
    """Whoever a row puts among those who hold what was shared gets its next key."""
    from amana.trust.vault import disclosures

    put(disclosures, _require_signed_holders=lambda held: None)
