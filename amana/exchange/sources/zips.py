"""Files in a zip that others sent, unpacked within limits."""

import zipfile
import zlib

from django.utils.translation import gettext as _

from amana.errors import Unreadable

LARGEST = 100 * 1024 * 1024
"""Bytes that a package may unpack to."""
BOUNDED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Ways to pack that unpack no further than they are asked to."""
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


def read_bounded(package: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """Read a table, as long as it is no larger than what is left. Raises
    `Unreadable`."""
    if entry.compress_type not in BOUNDED:
        raise Unreadable(entry.filename, _("Its compression method is not supported."))
    try:
        with package.open(entry) as packed:
            # By reading, not by the size that the package claims: a small zip can
            # unpack to gigabytes.
            blob = packed.read(left + 1)
    except DAMAGED as error:
        raise Unreadable(entry.filename, _("It is damaged.")) from error
    if len(blob) > left:
        raise Unreadable(_("the file"), _("It unpacks to more than 100 MB."))
    return blob
