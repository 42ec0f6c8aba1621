from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse

from amana import given
from amana.insight.release.models import Release
from amana.insight.release.tests.conftest import YEAR
from amana.ui.once import make_form_key

LIGHT = 60_000


@pytest.fixture
def as_analyst(analyst) -> Client:
    return given.sign_in(analyst)


def brought(text: str) -> BytesIO:
    file = BytesIO(text.encode())
    file.name = "table.csv"
    return file


def test_an_analyst_proposes_and_an_officer_signs(counted, as_analyst, officer):
    new = reverse("release:new") + f"?year={YEAR}"
    assert "I03" in as_analyst.get(new).content.decode()
    said = {"figures": ["I03"], "by": ["sex", "area"], "twice": ""}

    led_to = as_analyst.post(new, said | make_form_key()).headers["Location"]
    seen = as_analyst.get(led_to).content.decode()
    assert "Sign and publish" not in seen
    release = Release.objects.get()
    as_officer = given.sign_in(officer)
    assert "Sign and publish" in as_officer.get(led_to).content.decode()
    as_officer.post(reverse("release:sign", args=[release.pk]), make_form_key())

    release.refresh_from_db()
    assert release.is_published
    assert "Sign and publish" not in as_officer.get(led_to).content.decode()


def test_everybody_reads_what_is_out(published, client):
    url = reverse("release:published_one", args=[published.pk])
    pages = [reverse("release:published"), url, reverse("release:out", args=[1, 2])]
    pages[2] = reverse("release:out", args=[published.pk, 2])

    for page in pages:
        said = client.get(page)
        assert said.status_code == 200
        assert len(said.content) < LIGHT
    table = client.get(pages[2]).content.decode()
    assert "120 of 180" in table
    assert "Not shown" in table
    assert url in client.get(pages[0]).content.decode()


def test_a_table_goes_into_a_spreadsheet_and_passes_the_check(
    published, client, as_analyst
):
    file = client.get(reverse("release:file", args=[published.pk, 2])).content.decode()

    assert "120" in file
    assert "\n" in file
    checked = as_analyst.post(
        reverse("release:check"), {"file": brought(file)} | make_form_key()
    )
    assert "Table 1: PASS" in checked.content.decode()


def test_a_table_with_a_small_group_fails_and_is_not_kept(as_analyst):
    table = "region;women;men\nnorth;40;3\n"

    said = as_analyst.post(reverse("release:check"), {"file": brought(table)})

    assert "FAIL" in said.content.decode()
    assert "Row 1, “men”: 3 is fewer than 11." in said.content.decode()


def test_what_waits_is_for_those_who_sign(proposed, stranger, client):
    url = reverse("release:one", args=[proposed.pk])
    inside = given.sign_in(stranger)

    for page in ("release:list", "release:new", "release:check"):
        assert inside.get(reverse(page)).status_code == 404
    assert inside.get(url).status_code == 404
    assert inside.post(
        reverse("release:sign", args=[proposed.pk]), make_form_key()
    ).status_code
    assert not Release.objects.published().exists()
    public = reverse("release:published_one", args=[proposed.pk])
    assert client.get(public).status_code == 404


def test_a_restated_release_says_so(published, analyst, officer, client):
    from amana.insight.release import actions

    newer = actions.restate(published, "A region was late.", by=analyst)
    actions.sign(newer, by=officer)

    old = client.get(reverse("release:published_one", args=[published.pk]))
    new = client.get(reverse("release:published_one", args=[newer.pk]))
    assert reverse("release:published_one", args=[newer.pk]) in old.content.decode()
    assert "A region was late." in new.content.decode()


def test_a_table_that_is_not_there(published, client, as_analyst):
    assert (
        client.get(reverse("release:out", args=[published.pk, 99])).status_code == 404
    )
    inside = as_analyst.get(reverse("release:table", args=[published.pk, 99]))
    assert inside.status_code == 404
