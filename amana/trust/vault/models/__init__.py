"""Keys, and what is sealed with them. No row here is readable without a person."""

from amana.trust.vault.models.erased_lines import ErasedLine, Heartbeat
from amana.trust.vault.models.handed_over import DraftKey, Parcel, WaitingDraft
from amana.trust.vault.models.key_removals import (
    KeyRemoval,
    KeyRemovalQuerySet,
    RosterStatement,
)
from amana.trust.vault.models.recovery_keys import (
    RecoveryKey,
    RecoveryKeyQuerySet,
    RecoveryWrap,
    TeamWrap,
)
from amana.trust.vault.models.sealed_documents import (
    CaseHead,
    CaseLink,
    CompartmentKey,
    CompartmentWrap,
    Document,
    DocumentQuerySet,
    HeadMap,
    HeldKey,
    SealedFile,
    SearchCard,
)
from amana.trust.vault.models.shared_copies import (
    Disclosure,
    DisclosureMessage,
    DisclosureQuerySet,
    DisclosureWrap,
    Letterbox,
    ReturnSlip,
    ReturnSlipQuerySet,
    SealedPage,
    SealedPageQuerySet,
    Visit,
    VisitQuerySet,
)
from amana.trust.vault.models.team_keys import (
    PersonKey,
    PersonWrap,
    TeamKey,
    UnopenedRecord,
    generate_uuid7,
)

__all__ = [
    "CaseHead",
    "CaseLink",
    "CompartmentKey",
    "CompartmentWrap",
    "Disclosure",
    "DisclosureMessage",
    "DisclosureQuerySet",
    "DisclosureWrap",
    "Document",
    "DocumentQuerySet",
    "DraftKey",
    "ErasedLine",
    "HeadMap",
    "Heartbeat",
    "HeldKey",
    "KeyRemoval",
    "KeyRemovalQuerySet",
    "Letterbox",
    "Parcel",
    "PersonKey",
    "PersonWrap",
    "RecoveryKey",
    "RecoveryKeyQuerySet",
    "RecoveryWrap",
    "ReturnSlip",
    "ReturnSlipQuerySet",
    "RosterStatement",
    "SealedFile",
    "SealedPage",
    "SealedPageQuerySet",
    "SearchCard",
    "TeamKey",
    "TeamWrap",
    "UnopenedRecord",
    "Visit",
    "VisitQuerySet",
    "WaitingDraft",
    "generate_uuid7",
]
