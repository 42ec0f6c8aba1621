"""What is too much to be printed is told in words, and holds up nobody."""

import os

import pytest
from django.urls import reverse

from amana import confined, given
from amana.answers import unpack_files, unpack_head
from amana.printing import print_process
from amana.printing.document import Document, build_paragraph

WORKS = "amana.design.mechanism.documents.tests.works"


def long(paragraphs: int) -> Document:
    blocks = tuple(build_paragraph("a huge" + " word" * 40) for _n in range(paragraphs))
    return Document("T", "M", "en", blocks)


@pytest.mark.parametrize("shape", ["pdf", "docx"])
def test_a_document_without_end_is_refused_in_words(shape, monkeypatch):
    monkeypatch.setattr(print_process, "LIMITS", confined.Limits(1_000, 1, 32))
    with pytest.raises(print_process.TooMuchToPrint, match="still read it on screen"):
        print_process.print_document(long(30_000), shape, by=None)


def test_who_prints_too_much_reads_what_to_do(in_force, worker, monkeypatch):
    monkeypatch.setattr(print_process, "LIMITS", confined.Limits(1_000, 20, 0))
    page = reverse("mechanism:sop", args=[in_force.pk, "en", "pdf"])
    answer = given.sign_in(worker).get(page)
    assert answer.status_code == 409
    assert "You can still read it on screen" in answer.content.decode()


def test_it_prints_also_for_a_user_who_may_start_nothing_more():
    """Root may start threads whatever the limit: as the server's own user, who may not,
    Typst has to have its own before."""
    work = f"{WORKS}:printed_by"
    user = 65534 if os.geteuid() == 0 else os.geteuid()
    answer = confined.run_confined(
        work, b"%d" % user, bytes, by=None, limits=print_process.LIMITS, language="en"
    )
    found = unpack_files(*unpack_head(answer), most=2)
    assert found["pdf"].startswith(b"%PDF")
