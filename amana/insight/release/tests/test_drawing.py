"""A release as pictures: they say what the tables say, and no more."""

import re

import pytest
from django.urls import reverse

from amana.insight.release import drawing
from amana.insight.release.models import Release
from amana.insight.release.published_tables import build_shelves


def drawn(release: Release) -> drawing.TablePicture:
    (figure,) = drawing.draw_figures(release, build_shelves(release), "release:out")
    (picture,) = figure.pictures
    return picture


def test_a_bar_is_as_long_as_its_value(published: Release) -> None:
    chart = drawn(published).chart
    assert chart is not None

    women, men = chart.rows

    for row in (women, men):
        share = float(row.words.split("\N{NO-BREAK SPACE}")[0]) / 100
        assert float(row.x) == 0  # from zero, on a scale of all
        assert float(row.width) == pytest.approx(340 * share, abs=2)
    assert chart.all_words


def test_who_is_not_shown_is_named_and_has_no_bar(published: Release) -> None:
    picture = drawn(published)

    assert picture.hidden == ["People of another gender"]
    assert picture.chart
    assert not set(picture.hidden) & {row.label for row in picture.chart.rows}


def test_what_a_picture_shows_is_said_in_words(published: Release, client) -> None:
    url = reverse("release:published_one", args=[published.pk])
    page = client.get(url).content.decode()

    (said,) = re.findall(r'<svg [^>]*role="img" aria-label="([^"]+)"', page)

    chart = drawn(published).chart
    assert chart
    for row in chart.rows:
        assert f"{row.label}: {row.words}" in said
    assert reverse("release:out", args=[published.pk, 2]) in page


def test_in_arabic_bars_begin_at_the_right(published: Release, client) -> None:
    url = reverse("release:published_one", args=[published.pk])
    page = client.get(url, headers={"Accept-Language": "ar"}).content.decode()

    bars = re.findall(
        r'<rect class="chart-bar"[^>]* x="([\d.]+)"[^>]* width="([\d.]+)"', page
    )

    assert bars
    assert all(float(x) + float(wide) == pytest.approx(340) for x, wide in bars)


def test_a_page_draws_so_many_rows_and_no_more(
    published: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "ON_A_PAGE", 1)

    picture = drawn(published)

    assert picture.chart
    assert len(picture.chart.rows) == 1
    assert picture.more == 1
