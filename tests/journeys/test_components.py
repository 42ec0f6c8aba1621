"""The gallery in a real browser, and what only a browser can show of the shell (P23,
P24, P34)."""

import re
from collections.abc import Callable
from time import monotonic, sleep

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from playwright.sync_api import Page, expect

from amana.errors import Refused
from amana.given import make_user
from amana.ui.http import done
from amana.ui.models import Submission
from amana.ui.once import apply_once
from tests.journeys.conftest import Opens, SignsIn, Watch, violations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]

FORM = """{% extends "ui/page.html" %}
{% block title %}Form{% endblock title %}
{% block main %}
  {% page_header "Form" %}{% endpage_header %}
  {% form to=to target="#form" id="form" %}
    <label>Note <textarea name="note"></textarea></label>
    {% button "Send" %}
  {% endform %}
  {% post_button "Once" "/try/once" %}
{% endblock main %}"""


@login_not_required
def a_form(request: HttpRequest) -> HttpResponse:
    page = engines["django"].from_string(FORM)
    return HttpResponse(page.render({"to": "/try/refused"}, request))


@login_not_required
def refused(request: HttpRequest) -> HttpResponse:
    raise Refused("No place is free.")


@login_not_required
@apply_once
def only_once(request: HttpRequest) -> HttpResponse:
    return done(request, then="/try/public")


PUBLIC = """{% extends "ui/public_page.html" %}
{% block main %}<h1>Information</h1>{% endblock main %}"""


@login_not_required
def public(request: HttpRequest) -> HttpResponse:
    page = engines["django"].from_string(PUBLIC)
    return HttpResponse(page.render({}, request))


urlpatterns = [
    path("", include("amana.urls")),
    path("try/form", a_form),
    path("try/refused", refused),
    path("try/once", only_once),
    path("try/public", public),
    path("try/before", public),
]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_component_is_accessible_on_a_phone_and_a_desk(
    sign_in: SignsIn,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
    language: str,
) -> None:
    page = sign_in(make_user(), language=language)
    page.goto("/ui/")
    expect(page.locator(".map-pin")).not_to_have_count(0)
    accessible(page)
    picture(page, "components")
    page.set_viewport_size({"width": 360, "height": 740})
    accessible(page)
    page.emulate_media(color_scheme="dark")
    accessible(page)


def test_components_work_without_scripts(sign_in: SignsIn) -> None:
    page = sign_in(make_user(), scripts=False)
    page.goto("/ui/")
    expect(page.locator(".map")).to_be_hidden()
    expect(
        page.get_by_role("link", name="Lake House, shelter for women")
    ).to_be_visible()
    page.get_by_text("More", exact=True).click()
    expect(page.get_by_role("button", name="Close the case")).to_be_visible()
    expect(page.get_by_text("Refresh this page to see the progress")).to_be_visible()


def test_a_heading_stands_over_its_numbers(sign_in: SignsIn) -> None:
    page = sign_in(make_user())
    page.goto("/ui/")
    sides = page.locator("td.number").evaluate_all(
        """cells => cells.map(cell => {
          const side = of => getComputedStyle(of).textAlign;
          const head = cell.closest("table").tHead.rows[0].cells[cell.cellIndex];
          return [side(head), side(cell)];
        })"""
    )
    assert sides
    assert {tuple(side) for side in sides} == {("end", "end")}


def test_a_filter_is_folded_on_a_phone_and_open_at_a_desk(sign_in: SignsIn) -> None:
    page = sign_in(make_user(), scripts=False)
    page.goto("/directory/")
    words = page.get_by_label("Words")
    expect(words).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    expect(words).to_be_hidden()
    page.get_by_text("Filter", exact=True).click()
    expect(words).to_be_visible()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(words).to_be_visible()


def test_no_line_begins_with_a_dot(sign_in: SignsIn) -> None:
    """Between two things stands a dot; before one that begins a line it is cut off."""
    page = sign_in(make_user())
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/ui/")
    outside = page.locator(".dotted").evaluate_all(
        """groups => groups.map(group => {
          const edge = group.getBoundingClientRect().left;
          const [first, ...more] = [...group.children].map(
            one => one.getBoundingClientRect());
          const wrapped = more.filter(one => one.top > first.top + 8);
          return wrapped.map(one => Math.round(edge - one.left));
        }).flat()"""
    )
    assert outside
    assert min(outside) > 12


def test_a_menu_closes_by_escape_and_gives_the_focus_back(sign_in: SignsIn) -> None:
    page = sign_in(make_user())
    page.goto("/ui/")
    more = page.get_by_text("More", exact=True)
    more.click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Close the case")).to_be_hidden()
    expect(more).to_be_focused()


def test_a_refusal_is_said_beside_the_form_which_keeps_what_was_typed(
    visit: Opens, watch: Watch
) -> None:
    watch.expect("409")
    page = visit()
    page.goto("/try/form")
    page.get_by_label("Note").fill("She waits at the blue door.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#notices")).to_contain_text("No place is free.")
    expect(page.get_by_label("Note")).to_have_value("She waits at the blue door.")
    expect(page).to_have_url(re.compile("/try/form$"))
    assert violations(page) == []


def test_without_scripts_a_refusal_gives_back_what_was_typed(
    visit: Opens, watch: Watch
) -> None:
    watch.expect("409")
    page = visit(scripts=False)
    page.goto("/try/form")
    page.get_by_label("Note").fill("She waits at the blue door.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("No place is free.")).to_be_visible()
    expect(page.get_by_text("She waits at the blue door.")).to_be_visible()


def test_two_taps_on_one_button_have_one_effect(visit: Opens) -> None:
    page = visit()
    page.goto("/try/form")
    page.get_by_role("button", name="Once").dblclick()
    expect(page).to_have_url(re.compile("/try/public$"))
    assert Submission.objects.count() == 1


KEEP = """() => {
    document.cookie = "trace=1";
    localStorage.setItem("sealed draft", "1");
}"""
"""What a visit leaves, and what a colleague keeps."""


def wait_until(is_so: Callable[[], bool]) -> None:
    """What the browser does on its own, a moment later."""
    end = monotonic() + 5
    while not is_so():
        assert monotonic() < end
        sleep(0.05)


def leave_by_button(page: Page) -> None:
    page.get_by_role("link", name="Leave this page").click()


def leave_by_keys(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


@pytest.mark.parametrize("leave", [leave_by_button, leave_by_keys])
def test_a_public_page_is_left_at_once_and_back_does_not_return(
    visit: Opens, watch: Watch, leave: Callable[[Page], None]
) -> None:
    watch.expect("www.wikipedia.org")
    page = visit()
    page.context.route(
        "https://www.wikipedia.org/**",
        lambda route: route.fulfill(body="<title>Somewhere</title>"),
    )
    page.goto("/try/before")
    page.goto("/try/public")
    assert violations(page) == []
    page.evaluate(KEEP)
    assert page.context.cookies()
    leave(page)
    expect(page).to_have_url("https://www.wikipedia.org/")
    wait_until(lambda: page.context.cookies() == [])
    page.go_back()
    expect(page).to_have_url(re.compile("/try/before$"))
    assert page.evaluate("localStorage.getItem('sealed draft')") == "1"


def test_two_presses_of_shift_leave_nothing(visit: Opens) -> None:
    page = visit()
    page.goto("/try/public")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.keyboard.press("a")
    page.keyboard.press("Shift")
    expect(page).to_have_url(re.compile("/try/public$"))


def test_without_scripts_leaving_is_a_plain_link(visit: Opens) -> None:
    page = visit(scripts=False)
    page.goto("/try/public")
    link = page.get_by_role("link", name="Leave this page")
    expect(link).to_have_attribute("href", "/ui/leave")  # which clears, and goes there
    expect(link).to_be_in_viewport()


def test_the_language_changes_where_one_is(visit: Opens) -> None:
    page = visit()
    page.goto("/try/public")
    page.get_by_role("button", name="العربيّة").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page).to_have_url(re.compile("/try/public$"))
