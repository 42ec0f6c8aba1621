"""The mechanism: its versions, their files, what was said of them, who signed them."""

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
)

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
]
