"""The mechanism: its versions, their files, what was said of them, who signed them."""

from typing import TYPE_CHECKING

from amana.design.mechanism.models.agreement import (
    Comment,
    CommentQuerySet,
    RoleHolder,
    RolePlayer,
    RolePlayerQuerySet,
    Signature,
)
from amana.design.mechanism.models.versions import (
    FIXED,
    NEXT,
    Files,
    Mechanism,
    State,
    Version,
    VersionFile,
    VersionQuerySet,
    compute_digest,
    compute_fingerprint,
)

if TYPE_CHECKING:
    pass


__all__ = [
    "FIXED",
    "NEXT",
    "Comment",
    "CommentQuerySet",
    "Files",
    "Mechanism",
    "RoleHolder",
    "RolePlayer",
    "RolePlayerQuerySet",
    "Signature",
    "State",
    "Version",
    "VersionFile",
    "VersionQuerySet",
    "compute_digest",
    "compute_fingerprint",
]
