"""The files of what is out are for anybody; of what is not, there are none."""

import pytest
from django.test import Client
from django.urls import reverse

from amana.exchange.figures import long
from amana.exchange.figures.release_formats import FORMATS
from amana.insight.release import actions as releases
from amana.insight.release.contents import ReleaseTable
from amana.insight.release.tests.conftest import YEAR


def test_anybody_finds_every_file_of_a_release(out, client):
    page = client.get(reverse("figures:files", args=[out.pk])).content.decode()
    for file_format in FORMATS.values():
        there = reverse("figures:file", args=[out.pk, file_format.code])
        assert f'href="{there}"' in page
        file = client.get(there)
        assert file.headers["Content-Type"] == file_format.media
        assert f'.{file_format.ending}"' in file.headers["Content-Disposition"]


def test_without_duckdb_no_parquet_is_offered(out, client, monkeypatch):
    monkeypatch.setattr(long, "find_spec", lambda name: None)
    there = reverse("figures:file", args=[out.pk, "counts-parquet"])

    page = client.get(reverse("figures:files", args=[out.pk])).content.decode()

    assert f'href="{there}"' not in page
    assert client.get(there).status_code == 404


def test_what_waits_for_a_signature_has_no_file(out, analyst):
    waits = releases.propose(YEAR, [ReleaseTable("I01", "all")], by=analyst)
    for name, args in (("files", [waits.pk]), ("file", [waits.pk, "hxl"])):
        page = Client().get(reverse(f"figures:{name}", args=args))
        assert page.status_code == 404


@pytest.mark.parametrize("code", ["nothing", "sdg-16-2-2"])
def test_a_file_that_does_not_fit_is_not_there(code, out, analyst, officer):
    without = releases.propose(YEAR, [ReleaseTable("I01", "all")], by=analyst)
    releases.sign(without, by=officer)
    page = Client().get(reverse("figures:file", args=[without.pk, code]))
    assert page.status_code == 404
