"""Someone without an account finds a doctor near, on an old telephone, in Arabic and
without JavaScript, and prints the leaflet; nothing stays on the telephone."""

import pypdfium2
import pytest
from django.urls import reverse
from playwright.sync_api import Page, Response, ViewportSize, expect

from amana import given
from amana.design.directory.models import Service
from amana.design.public_directory.tests.country import make_areas, make_teams
from amana.trust.access.models import Role
from tests.journeys.conftest import Looks, Opens, overflow

pytestmark = pytest.mark.django_db(transaction=True)

PHONE: ViewportSize = {"width": 360, "height": 740}
MOST = 60_000


@pytest.fixture
def clinic(transactional_db: None) -> Service:
    teams, areas = make_teams(), make_areas()
    coordinator = given.make_worker(role=Role.COORDINATOR)
    for number in range(9):
        given.make_service(
            of=teams[number % 5],
            by=coordinator,
            name=f"Desk {number}",
            types=["LG1"],
            visibility="public",
            counts_places=False,
            area=areas["QA1S"],
        )
    given.make_service(
        of=teams[5],
        by=coordinator,
        name="House that is nowhere",
        types=["SH1"],
        visibility="public",
        area=areas["QA1N"],
        hidden=True,
        phone="+999 31 777 7777",
    )
    return given.make_service(
        of=teams[0],
        by=coordinator,
        name="Harbour clinic",
        name_ar="عيادة الميناء",
        types=["HE2"],
        visibility="public",
        counts_places=False,
        area=areas["QA1N"],
        address="12 Quay Street",
        phone="+999 20 555 0123",
        languages=["ar"],
        hours=[[510, 990]],
    )


class Weighs:
    """Weighs what a page loads, as it comes over the line or from this machine."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answers: list[Response] = []
        page.on("response", lambda answer: self.answers.append(answer))

    def begin(self) -> None:
        self.answers.clear()

    def add_up(self) -> int:
        """Add up the bytes of what was loaded since the beginning."""
        self.page.wait_for_load_state()
        # Bodies are read here and not as they come: others come while one is read.
        return sum(
            len(answer.body())
            for answer in [*self.answers]
            if answer.ok and answer.request.resource_type != "other"
        )


def check(page: Page, weighs: Weighs) -> None:
    """Narrow, light, from the right, in a title that says nothing, without a cookie."""
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.title() == "معلومات"
    assert overflow(page) == []
    assert 0 < weighs.add_up() < MOST
    assert page.context.cookies() == []


def test_a_doctor_is_found_near_and_the_leaflet_printed(
    clinic: Service, visit: Opens
) -> None:
    page = visit(language="ar", scripts=False)
    page.set_viewport_size(PHONE)
    weighs = Weighs(page)
    page.goto("/")
    weighs.begin()
    page.locator('a[href="/help/ar/"]').click()
    page.wait_for_url("**/help/ar/")
    check(page, weighs)

    page.locator('a[href="/help/ar/find/?need=HE"]').click()
    page.locator('a[href="/help/ar/places/?need=HE"]').click()
    page.locator('a[href="/help/ar/find/?need=HE&area=QA1"]').click()
    page.wait_for_url("**area=QA1")
    weighs.begin()
    page.reload()
    check(page, weighs)
    weighs.begin()
    page.get_by_role("link", name="عيادة الميناء").click()
    page.wait_for_url("**/service/**")
    check(page, weighs)
    assert page.locator('a[href="tel:+999205550123"]').first.is_visible()
    assert page.get_by_text("12 Quay Street").first.is_visible()

    page.go_back()
    page.locator('a[href^="/help/ar/leaflet/"]').click()
    page.wait_for_url("**/leaflet/**")
    page.wait_for_url("**area=QA1")
    weighs.begin()
    page.reload()
    check(page, weighs)
    with page.expect_download() as download:
        page.locator('a[href^="/help/ar/leaflet/pdf"]').click()
    pdf = pypdfium2.PdfDocument(download.value.path())
    text = "".join(sheet.get_textpage().get_text_range() for sheet in pdf)
    assert "Quay" in text
    assert page.context.cookies() == []


def test_a_doctor_is_found_by_a_word_spelled_otherwise(
    clinic: Service, visit: Opens
) -> None:
    page = visit(language="ar", scripts=False)
    page.set_viewport_size(PHONE)
    page.goto("/help/ar/")
    page.locator("input[name=words]").fill("الاطباء")
    page.locator("form.help-search button").click()
    expect(page.get_by_role("link", name="عيادة الميناء")).to_be_visible()
    assert page.url.endswith("/help/ar/search/")
    assert page.context.cookies() == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_each_page_can_be_used_by_everyone(
    clinic: Service, visit: Opens, look: Looks, language: str
) -> None:
    page = visit(language=language)
    for name in ("start_in", "find", "needs", "places", "spoken", "leaflet"):
        address = reverse(f"public_directory:{name}", args=[language])
        page.goto(f"{address}?need=SH" if name == "find" else address)
        look(page, f"help-{name.removesuffix('_in')}")
        assert "House that is nowhere" not in page.content()
        assert "777 7777" not in page.content()
    page.goto(reverse("public_directory:service", args=[language, clinic.pk]))
    for summary in page.locator("summary").all():
        summary.click()
    look(page, "help-service")
    page.goto(reverse("public_directory:embedded", args=[language]))
    look(page, "help-embedded")
    page.locator("a[target=_top]").last.click()
    page.wait_for_url("**/find/**")
    page.locator("[data-quick-exit]").wait_for()
    assert page.context.cookies() == []
