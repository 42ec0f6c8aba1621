"""A shelter decides in twenty seconds: everything that decides is on the first screen
of a telephone, in the order in which a shelter asks."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from amana.care.referrals.tests.short import a_house, a_short_referral, an_officer
from tests.journeys.conftest import (
    PICTURES,
    TAKES_PICTURES,
    WIDTHS,
    SignsIn,
    overflow,
)

WIDTH, HEIGHT = 360, 740
IN_ORDER = (
    "needed",
    "words",
    "how-soon",
    "where",
    "companions",
    "language",
    "needs",
    "reach",
    "contact",
    "answer",
)


def boxes(page: Page) -> dict[str, dict[str, float]]:
    """Where each part of the decision is, in pixels of the unscrolled screen."""
    found: dict[str, dict[str, float]] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('[data-part]')].map(
            part => {
              const box = part.getBoundingClientRect();
              return [part.dataset.part, {top: box.top, bottom: box.bottom,
                left: box.left, right: box.right}];
            }))"""
    )
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.django_db(transaction=True)
def test_everything_that_decides_is_on_one_screen_of_a_telephone(
    language: str,
    sign_in: SignsIn,
    accessible: Callable[[Page], None],
) -> None:
    house, shelter = a_house()
    referral = a_short_referral(an_officer(), house)
    page = sign_in(shelter, language=language)
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.goto(reverse("referrals:referral", args=[referral.pk]))

    found = boxes(page)
    bar = found["answer"]
    assert bar["bottom"] <= HEIGHT
    for part in IN_ORDER[:-1]:
        assert part in found, f"{part} is missing"
        assert found[part]["top"] >= 0
        assert found[part]["bottom"] <= bar["top"], f"{part} is below the first screen"
        assert found[part]["left"] >= 0
        assert found[part]["right"] <= WIDTH
    tops = [found[part]["top"] for part in IN_ORDER]
    assert tops == sorted(tops)
    assert page.locator(".decision-bar .button").count() == 3
    assert overflow(page) == []
    accessible(page)
    if TAKES_PICTURES:  # the screen as it is seen, and not the whole page
        suffix = "" if language == "en" else f"-{language}"
        page.screenshot(path=PICTURES / f"deciding{suffix}-{WIDTH}.png")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.django_db(transaction=True)
def test_after_sending_and_the_slip(
    language: str,
    sign_in: SignsIn,
    accessible: Callable[[Page], None],
) -> None:
    house, _shelter = a_house()
    officer = an_officer()
    referral = a_short_referral(officer, house)
    page = sign_in(officer, language=language)
    for name in ("sent_to", "person_slip", "referral"):
        of = referral.case_id if name == "person_slip" else referral.pk
        page.goto(reverse(f"referrals:{name}", args=[of]))
        accessible(page)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert overflow(page) == [], f"{name} is wider than {width} pixels"
    page.goto(reverse("referrals:person_slip", args=[referral.case_id]))
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
    assert re.search(rb"/MediaBox\s*\[0 0 29\d\.?\d* 420", printed), "not of A6"
