"""The packs that come with Amana, read once, and their papers."""

from functools import cache

from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.model import Pack
from amana.design.mechanism.pack.tests.packs import DISTRICT, EXAMPLE
from amana.design.mechanism.paper.catalogue import papers, written
from amana.design.mechanism.paper.document import Document
from amana.design.mechanism.paper.source import edition_of_files

FOLDERS = {"national": EXAMPLE, "district": DISTRICT}


@cache
def pack(name: str) -> Pack:
    found, faults = reading.read(files.of_folder(FOLDERS[name]))
    assert found, faults
    return found


@cache
def paper(kind: str, language: str, name: str = "national") -> Document:
    printed = pack(name)
    edition = edition_of_files(printed.files)
    return written(papers(printed)[kind], printed, language, edition)
