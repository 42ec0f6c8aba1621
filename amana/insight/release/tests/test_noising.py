from datetime import date

import numpy as np
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from amana import given
from amana.errors import Refused
from amana.insight.disclosure.engine import noise
from amana.insight.release import actions, families, noising, synthesis
from amana.insight.release.contents import ReleaseTable
from amana.insight.release.models import NoisedTable, ReleaseState
from amana.insight.release.tests.conftest import YEAR
from amana.trust.access.rules import Denied
from amana.ui.once import make_form_key


@pytest.fixture
def many(counted, monkeypatch):
    """As if they were very many, and the noise none: what OpenDP draws is tried with
    the engine."""
    monkeypatch.setattr(noise, "ENOUGH", 100)
    monkeypatch.setattr(noise, "is_installed", lambda: True)
    monkeypatch.setattr(noise, "add_gaussian_noise", lambda counts, sigma: counts + 1)


@pytest.fixture
def drawn(many, analyst, officer) -> NoisedTable:
    noising.set_budget(YEAR, 1.0, by=officer)
    return noising.draw_table(YEAR, "screening", ["sex"], 0.6, by=analyst)


def test_no_table_is_noised_twice_and_asking_again_costs_nothing(drawn, analyst):
    spent = noising.load_ledger(YEAR).spent

    again = noising.draw_table(YEAR, "screening", ["sex"], 0.3, by=analyst)

    assert again == drawn
    assert noising.load_ledger(YEAR).spent == pytest.approx(spent) == pytest.approx(0.6)


def test_a_year_tells_no_more_than_was_said(drawn, analyst, officer):
    left = noising.load_ledger(YEAR).left
    assert 0.6 < left < 1
    with pytest.raises(Refused, match="more than what remains"):
        noising.draw_table(YEAR, "screening", ["area"], left + 0.01, by=analyst)

    noising.draw_table(YEAR, "screening", ["area"], left, by=analyst)

    assert noising.load_ledger(YEAR).spent == pytest.approx(1.0)
    with pytest.raises(Refused, match="more than what remains"):
        noising.draw_table(YEAR, "screening", ["status"], 0.01, by=analyst)
    with pytest.raises(Refused, match="already set"):
        noising.set_budget(YEAR, 9, by=officer)


def test_noise_is_never_so_little_that_a_small_group_shows(many, analyst, officer):
    noising.set_budget(YEAR, 5, by=officer)
    with pytest.raises(Refused, match="smaller ε"):
        noising.draw_table(YEAR, "screening", ["sex"], 2, by=analyst)
    assert not NoisedTable.objects.exists()


@pytest.mark.parametrize("spent_by", ["table", "tree"])
def test_whoever_spends_of_a_year_holds_it_before_looking_what_is_left(
    many, analyst, officer, monkeypatch, spent_by
):
    noising.set_budget(YEAR, 1.0, by=officer)
    asked = []

    def noted(word, asks):
        def asking(year):
            asked.append(word)
            return asks(year)

        return asking

    monkeypatch.setattr(noising, "load_ledger", noted("look", noising.load_ledger))
    held = noted("hold", families.lock_budget)
    for room in (noising, synthesis):
        monkeypatch.setattr(room, "lock_budget", held)

    if spent_by == "table":
        noising.draw_table(YEAR, "screening", ["sex"], 0.3, by=analyst)
    else:
        synthesis.get_tree(YEAR, "screening", 0.3)

    assert asked[:2] == ["hold", "look"]


def test_it_is_out_when_two_have_signed_and_then_it_stays(
    drawn, analyst, officer, client
):
    url = reverse("release:out_noised", args=[drawn.pk])
    assert client.get(url).status_code == 404
    with pytest.raises(Denied):
        noising.sign(drawn, by=analyst)

    noising.sign(drawn, by=officer)

    page = client.get(url).content.decode()
    assert "ε = 0.6" in page
    assert f"± {round(1.96 * drawn.sigma)}" in page
    assert f"&lt; {round(2 * drawn.sigma)}" in page
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        NoisedTable.objects.update(epsilon=1)


def test_what_is_out_without_noise_is_not_noised(published, many, analyst, officer):
    noising.set_budget(YEAR, 1.0, by=officer)

    with pytest.raises(Refused, match=f"Release {published.pk} already has"):
        noising.draw_table(YEAR, "screening", ["area"], 0.5, by=analyst)

    assert noising.load_ledger(YEAR).spent == pytest.approx(0)


def test_what_is_out_with_noise_is_not_released_without(drawn, analyst, officer):
    waits = actions.propose(YEAR, [ReleaseTable("I03", "all")], by=analyst)
    noising.sign(drawn, by=officer)

    with pytest.raises(Refused, match="with noise have already been made"):
        actions.sign(waits, by=officer)
    with pytest.raises(Refused, match="with noise have already been made"):
        actions.propose(YEAR, [ReleaseTable("I03", "all", ("sex",))], by=analyst)

    waits.refresh_from_db()
    assert waits.state == ReleaseState.PROPOSED


def test_rows_of_nobody_are_learnt_with_noise_and_so_not_beside_a_release(
    published, many, officer
):
    noising.set_budget(YEAR, 1.0, by=officer)

    with pytest.raises(Refused, match=f"Release {published.pk} already has"):
        synthesis.get_tree(YEAR, "screening", 0.3)

    assert noising.load_ledger(YEAR).spent == pytest.approx(0)


def test_where_rows_of_nobody_were_learnt_nothing_is_released_without_noise(
    many, proposed, analyst, officer
):
    noising.set_budget(YEAR, 1.0, by=officer)
    synthesis.get_tree(YEAR, "screening", 0.3)

    with pytest.raises(Refused, match="with noise have already been made"):
        actions.sign(proposed, by=officer)
    with pytest.raises(Refused, match="with noise have already been made"):
        actions.propose(YEAR, [ReleaseTable("I03", "all", ("sex",))], by=analyst)

    proposed.refresh_from_db()
    assert proposed.state == ReleaseState.PROPOSED


def test_of_two_that_wait_the_first_that_is_signed_goes_out(drawn, proposed, officer):
    actions.sign(proposed, by=officer)

    with pytest.raises(Refused, match="without noise"):
        noising.sign(drawn, by=officer)

    assert not NoisedTable.objects.published().exists()


def test_true_counts_are_split_as_asked_and_nowhere_kept(drawn):
    counts = np.array(drawn.counts).reshape([len(c) for c in drawn.codes])
    at = drawn.codes[0].index("presumed"), drawn.codes[1].index("female")

    assert drawn.dims == ["result", "sex"]
    assert counts[at] == 121
    assert "adopted" not in drawn.codes[0]


def test_noise_is_for_very_many_in_a_year_that_is_over(counted, analyst, officer):
    noising.set_budget(YEAR, 1.0, by=officer)
    with pytest.raises(Denied):
        noising.draw_table(YEAR, "screening", ["sex"], 0.5, by=officer)
    with pytest.raises(Refused, match="once in a case"):
        noising.draw_table(YEAR, "answer", ["sex"], 0.5, by=analyst)
    for twice in ("decision", "closure"):
        with pytest.raises(Refused, match="once in a case"):
            noising.draw_table(YEAR, twice, ["sex"], 0.5, by=analyst)
    with pytest.raises(Refused, match="over"):
        noising.draw_table(date.today().year + 1, "screening", ["sex"], 0.5, by=analyst)  # noqa: DTZ011
    if noise.is_installed():
        with pytest.raises(Refused, match="Too few people"):
            noising.draw_table(YEAR, "screening", ["sex"], 0.5, by=analyst)


def test_they_draw_and_sign_on_pages(many, analyst, officer, stranger):
    url = reverse("release:noised")
    assert given.sign_in(stranger).get(url).status_code == 404
    as_officer, as_analyst = given.sign_in(officer), given.sign_in(analyst)

    as_officer.post(url, {"year": YEAR, "epsilon": 1, "say": "1"} | make_form_key())
    said = {"year": YEAR, "kind": "screening", "split": "sex", "epsilon": 0.5}
    led_to = as_analyst.post(url, said | {"draw": "1"} | make_form_key()).headers[
        "Location"
    ]
    table = NoisedTable.objects.get()
    assert "Sign and publish" not in as_analyst.get(led_to).content.decode()
    as_officer.post(reverse("release:sign_noised", args=[table.pk]), make_form_key())

    assert NoisedTable.objects.published().exists()
    assert "0.50" in as_officer.get(url).content.decode()
