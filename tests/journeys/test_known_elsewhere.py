"""Two houses help the same woman; one asks whether the other knows her."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from amana import given
from amana.care.known_elsewhere.tests.asking import HER

from .conftest import Looks, SignsIn

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_house_asks_another_and_is_answered(sign_in: SignsIn, look: Looks) -> None:
    worker = given.make_worker(name="Mariam Toure")
    house = given.make_team(name="Lake House")
    helper = given.make_worker(of=house, name="Samira Haddad")
    case = given.make_case(worked_on_by=worker, **HER)
    theirs = given.make_case(worked_on_by=helper, **HER)

    page = sign_in(worker)
    page.goto(reverse("cases:tab", args=[case.pk, "consent"]))
    page.get_by_role("link", name="Ask another organisation").click()
    page.get_by_label("Who to ask").select_option(str(house.pk))
    page.get_by_role("button", name="Show the text").click()
    expect(page.get_by_text("May I ask")).to_be_visible()
    look(page, "known-ask")
    page.get_by_label("The person explained in their own words").check()
    page.get_by_role("button", name="They agree: send question").click()
    expect(page.get_by_role("button", name="Withdraw question")).to_be_visible()

    other = sign_in(helper)
    other.goto(reverse("known_elsewhere:list"))
    expect(other.get_by_text(theirs.reference)).to_be_visible()
    look(other, "known-asked")
    other.get_by_role("button", name="Answer: they may call me").click()

    page.goto(reverse("known_elsewhere:list"))
    expect(page.get_by_text("Samira Haddad")).to_be_visible()
    look(page, "known-answered")


def test_the_page_in_arabic(sign_in: SignsIn, look: Looks) -> None:
    worker = given.make_worker(name="Mariam Toure")
    house = given.make_team(name="Lake House")
    given.make_worker(of=house)
    case = given.make_case(worked_on_by=worker, **HER)
    page = sign_in(worker, language="ar")
    page.goto(
        reverse("known_elsewhere:ask", args=[case.pk])
        + f"?asked={house.pk}&language=ar"
    )
    expect(page.locator("[dir=rtl] p").first).to_be_visible()
    look(page, "known-ask-ar")
