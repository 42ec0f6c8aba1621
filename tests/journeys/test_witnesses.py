"""A laptop without network is let in and cosigns; then an older database is put back,
every page stops, and two people declare it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from amana import given
from amana.trust.access.models import Role
from amana.trust.audit import log_keys, sealing
from amana.trust.audit.models import AuditLeaf, Cosignature
from amana.trust.witness.tests.conftest import Laptop, grow, put_back

from .conftest import Looks, SignsIn, Watch

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_laptop_without_network_cosigns_the_log(
    sign_in: SignsIn, look: Looks, watch: Watch
) -> None:
    watch.expect("422")
    laptop = Laptop("laptop.example")
    laptop.let_in(log_keys.get_public_key())
    first = sign_in(given.make_worker(role=Role.ADMINISTRATOR, name="Ada"))
    grow(40)
    first.goto(reverse("witness:witnesses"))
    look(first, "witnesses-none")
    first.get_by_role("link", name="Propose a witness").click()
    look(first, "witness-new")
    first.locator("[name=key]").fill(str(laptop.key))
    first.get_by_role("button", name="Propose").click()
    expect(first.get_by_text("Waiting for a second person")).to_be_visible()

    second = sign_in(given.make_worker(role=Role.COORDINATOR, name="Ben"))
    second.goto(reverse("witness:witnesses"))
    second.get_by_role("button", name="Confirm").click()
    expect(second.get_by_text("Has not cosigned yet")).to_be_visible()
    second.get_by_role("link", name="Have it cosigned").click()
    look(second, "witness-carry")
    second.get_by_role("button", name="Save the answer").click()
    look(second, "witness-carry-unanswered")
    second.get_by_text("Full request").click()
    text = second.locator("pre").inner_text()
    second.locator("[name=answer]").fill(laptop.answer(text.strip() + "\n"))
    second.get_by_role("button", name="Save the answer").click()
    expect(second.get_by_text("Cosigns", exact=True)).to_be_visible()
    look(second, "witnesses")
    assert Cosignature.objects.get().name == "laptop.example"
    second.goto(reverse("witness:paper"))
    look(second, "witness-paper")
    second.goto(reverse("witness:compare"))
    look(second, "witness-compare")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_older_database_stops_every_page_until_two_people_declare_it(
    sign_in: SignsIn, look: Looks, watch: Watch, language: str
) -> None:
    watch.expect("503")
    ada = given.make_worker(role=Role.ADMINISTRATOR, name="Ada")
    ben = given.make_worker(role=Role.COORDINATOR, name="Ben")
    worker = given.make_worker(name="Karim")
    colleague = sign_in(worker, language=language)
    first, second = sign_in(ada, language=language), sign_in(ben, language=language)
    grow(5)
    before = AuditLeaf.objects.count()
    grow(9)
    put_back(before)
    sealing.compare_with_anchor()

    colleague.goto("/today/")
    look(colleague, f"stopped-{language}")
    first.goto(reverse("witness:restoration"))
    look(first, f"restoration-{language}")
    first.locator(f"a[href='{reverse('witness:propose')}']").click()
    look(first, f"restoration-new-{language}")
    first.locator("[name=reason][value=failure]").check()
    first.locator("[name=words]").fill("A disk failed.")
    first.locator("main button[type=submit]").click()
    look(first, f"restoration-proposed-{language}")
    second.goto(reverse("witness:restoration"))
    look(second, f"restoration-confirm-{language}")
    second.locator("main form[action$='/confirm'] button").click()
    expect(second.locator("main table")).to_be_visible()
    look(second, f"restoration-declared-{language}")
    colleague.goto("/today/")
    expect(colleague.locator("main")).to_be_visible()
    assert "/today/" in colleague.url
