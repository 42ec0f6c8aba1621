"""What agencies have agreed: a pack of files, in versions that they sign."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amana.design.mechanism.models import Version


def find_current_version() -> "Version | None":
    """Find the version in force here, or None. Its `pack` is parsed once for all who
    ask.
    """
    # Imported here: models can't be loaded while the app itself is being imported.
    from amana.design.mechanism.models import Version

    return Version.objects.current().first()
