"""What agencies have agreed: a pack of files, in versions that they sign."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amana.design.mechanism.models import Version


def current() -> "Version | None":
    """The version in force here. Its `pack` is parsed once, whoever asks."""
    from amana.design.mechanism.models import Version

    return Version.objects.current().first()
