"""Whoever takes part finds the papers of the mechanism, reads them here in any of its
languages, wide and narrow, and takes them along."""

import pytest
from django.urls import reverse

from amana import given
from amana.design.mechanism import actions
from amana.design.mechanism.pack import files
from amana.design.mechanism.pack.tests.packs import EXAMPLE
from amana.trust.access.models import Role
from tests.journeys.conftest import WIDTHS, overflow

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def coordinator(db):
    team = given.make_team(of=given.make_organisation(name="Coordination Office"))
    return given.make_worker(of=team, role=Role.COORDINATOR, name="Coordinator")


@pytest.fixture
def version(coordinator):
    return actions.load_draft(files.read_folder(EXAMPLE), by=coordinator)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_papers_are_read_here_and_taken_along(
    coordinator, version, language, sign_in, accessible, picture
):
    page = sign_in(coordinator, language=language)
    page.goto(reverse("mechanism:paper", args=[version.pk]))
    accessible(page)
    picture(page, "paper")

    for kind in ("sop", "map", "form-quick-screening"):
        url = reverse("mechanism:printed", args=[version.pk, language, kind, "html"])
        page.goto(url)
        assert page.locator("article.paper h2").first.is_visible()
        accessible(page)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert overflow(page) == [], f"{kind} is wider than {width} pixels"

    page.goto(reverse("mechanism:paper", args=[version.pk]))
    sop = reverse("mechanism:sop", args=[version.pk, language, "pdf"])
    with page.expect_download() as download:
        page.locator(f'a[href="{sop}"]').click()
    assert download.value.suggested_filename.endswith(f"sop-{language}.pdf")
