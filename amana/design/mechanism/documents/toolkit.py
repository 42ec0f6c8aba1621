"""The toolkit: every document in every language, and the mechanism itself.

`mechanism.zip` in it is the pack, file by file as it was printed from: loaded into
another Amana, it is the same mechanism, with the same SHA-256.
"""

import zipfile
from collections.abc import Iterator, Sequence
from io import RawIOBase
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext as _
from django.utils.translation import override

from amana.design.mechanism.documents.document_catalogue import (
    SHAPES,
    list_papers,
    write_paper,
)
from amana.design.mechanism.documents.source import PrintedEdition
from amana.design.mechanism.pack import files
from amana.design.mechanism.pack.pack_model import Pack
from amana.errors import Refused
from amana.printing.document import Document

MECHANISM = "mechanism.zip"


def iterate_files(
    pack: Pack,
    edition: PrintedEdition,
    languages: Sequence[str] = (),
    *,
    by: int | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Yield each file with its path, those of one language and shape as they are made.
    In the place of what is too much to be printed, there is a file with the reason."""
    yield "README.txt", write_readme(pack).encode()
    yield MECHANISM, files.write_zip(pack.files)
    for language in languages or pack.languages:
        for shape, documents in group_by_shape(pack, language, edition).items():
            try:
                made = SHAPES[shape].all_made(documents, by=by)
            # One shape that is too large must not cost a country all the others.
            except Refused as error:
                yield f"{language}/{shape}-missing.txt", f"{error}\n".encode()
                continue
            for kind, content in made.items():
                yield f"{language}/{kind}.{shape}", content


def group_by_shape(
    pack: Pack, language: str, edition: PrintedEdition
) -> dict[str, dict[str, Document]]:
    """Group the documents of a language by the shapes in which they are, then by
    kind."""
    found: dict[str, dict[str, Document]] = {}
    for paper in list_papers(pack).values():
        document = write_paper(paper, pack, language, edition)
        for shape in paper.shapes:
            found.setdefault(shape, {})[paper.kind] = document
    return found


def write_readme(pack: Pack) -> str:
    """Write the text that comes with it in each of the pack's languages."""
    said = []
    for language in pack.languages:
        with override(language):
            said.append(
                _(
                    "The folders contain the documents to print, by language. "
                    "mechanism.zip is the mechanism itself: load it into another "
                    "Amana (Mechanism, Versions, Load from zip file), and people can "
                    "work with it there."
                )
            )
    return "\n\n".join(dict.fromkeys(said)) + "\n"


def iterate_zip(
    pack: Pack, edition: PrintedEdition, *, by: int | None
) -> Iterator[bytes]:
    """Yield the same as one zip, piece by piece while it is being made."""
    outlet = StreamOutlet()
    with zipfile.ZipFile(cast(BinaryIO, outlet), "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in iterate_files(pack, edition, by=by):
            # With the date that zip begins at, not now: the same version prints to the
            # same bytes.
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            packed.writestr(member, content)
            yield outlet.taken()
    yield outlet.taken()


class StreamOutlet(RawIOBase):
    """A file that is only ever written to, and emptied on the way."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.pieces.append(bytes(piece))
        return len(self.pieces[-1])

    def taken(self) -> bytes:
        found, self.pieces = b"".join(self.pieces), []
        return found
