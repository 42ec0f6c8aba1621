"""The pages: everything there is to print of a version, for whoever may read it."""

import pytest
from django.urls import reverse

from amana import given


def get(user, name, *args):
    return given.sign_in(user).get(reverse(f"mechanism:{name}", args=args))


def test_whoever_may_read_a_version_finds_its_papers_in_each_of_its_languages(
    in_force, worker
):
    html = get(worker, "paper", in_force.pk).content.decode()
    for language in ("en", "fr", "ar"):
        assert reverse("mechanism:paper_in", args=[in_force.pk, language]) in html
    assert reverse("mechanism:sop", args=[in_force.pk, "en", "pdf"]) in html


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_sop_prints_as_a_page_and_as_pdf(in_force, worker, language):
    page = get(worker, "sop", in_force.pk, language, "html")
    assert page.status_code == 200
    html = page.content.decode()
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<article class="paper" lang="{language}" dir="{direction}">' in html
    assert in_force.sha256 in html

    file = get(worker, "sop", in_force.pk, language, "pdf")
    assert file["Content-Type"] == "application/pdf"
    assert file["Content-Disposition"].endswith(f'-1-sop-{language}.pdf"')
    assert file.content.startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("paper", ()),
        ("paper_in", ("en",)),
        ("sop", ("en", "pdf")),
        ("toolkit", ()),
        ("printed", ("en", "sop", "html")),
    ],
)
def test_a_stranger_finds_nothing(in_force, stranger, name, args):
    assert get(stranger, name, in_force.pk, *args).status_code == 404


def test_what_a_pack_does_not_have_is_not_found(in_force, worker):
    assert get(worker, "sop", in_force.pk, "so", "pdf").status_code == 404
    assert get(worker, "printed", in_force.pk, "en", "poem", "pdf").status_code == 404


def test_a_draft_is_read_by_those_alone_who_write_it(draft, coordinator, worker):
    assert get(coordinator, "sop", draft.pk, "en", "pdf").status_code == 200
    assert get(worker, "sop", draft.pk, "en", "pdf").status_code == 404
