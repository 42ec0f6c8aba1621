"""The packs that come with Amana, read once, and their papers."""

from functools import cache

from amana.design.mechanism.documents.document_catalogue import list_papers, write_paper
from amana.design.mechanism.documents.source import build_file_edition
from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.mechanism.pack.tests.packs import DISTRICT, EXAMPLE
from amana.printing.document import Document

FOLDERS = {"national": EXAMPLE, "district": DISTRICT}


@cache
def pack(name: str) -> Pack:
    found, faults = reading.read_pack(files.read_folder(FOLDERS[name]))
    assert found, faults
    return found


@cache
def paper(kind: str, language: str, name: str = "national") -> Document:
    printed = pack(name)
    edition = build_file_edition(printed.files)
    return write_paper(list_papers(printed)[kind], printed, language, edition)
