"""What the process of an installation has to know of it, whatever it is for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from django.utils.functional import Promise

if TYPE_CHECKING:
    from amana.academy.sandboxes.sandbox_folder import SandboxFolder


@dataclass(frozen=True)
class SandboxKind:
    """What installations are for, and how many of them run at the same time."""

    at_once: int
    """Each takes some 200 MB while it runs."""
    is_elsewhere: str | Promise
    """What is answered where its folder is not on this server."""
    are_too_many: str | Promise
    """What is answered where `%(most)s` run already."""
    path_too_long: str | Promise
    """What is answered where no socket fits at `%(path)s`."""
    is_busy: str | Promise
    """What is answered where many ask at the same moment."""
    command: str = "sandbox"
    """By which its process builds and serves it."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What its process is given more than others."""


class HasSandbox(Protocol):
    """A record with an installation of its own."""

    @property
    def folder(self) -> "SandboxFolder": ...

    @property
    def prefix(self) -> str:
        """The part of the address by which it is reached."""

    @property
    def sandbox_kind(self) -> SandboxKind: ...
