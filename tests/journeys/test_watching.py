"""The watch over journeys sees what it is there for."""

from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.journeys.conftest import Opens, Watch, overflow, violations

PAGE = """<!doctype html><html lang="en"><head><title>Planted</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>Planted</h1>{}</main></body></html>"""


def planted(page: Page, live_server: LiveServer, body: str) -> Page:
    """A page of this server with `body` in it, under a policy like ours."""
    headers = {"content-security-policy": "default-src 'none'; img-src *"}
    url = f"{live_server.url}/planted"
    page.route(
        url,
        lambda route: route.fulfill(
            body=PAGE.format(body), content_type="text/html", headers=headers
        ),
    )
    page.goto(url)
    return page


def test_a_clean_page_passes(visit: Opens, live_server: LiveServer) -> None:
    page = planted(visit(), live_server, "<p>Nothing here.</p>")
    assert violations(page) == []
    assert overflow(page) == []


def test_an_inline_script_is_noticed(
    visit: Opens, watch: Watch, live_server: LiveServer
) -> None:
    planted(visit(), live_server, "<script>alert(1)</script>")
    assert any("Content Security Policy" in problem for problem in watch.problems)
    watch.problems.clear()


def test_a_request_to_someone_else_is_noticed(
    visit: Opens, watch: Watch, live_server: LiveServer
) -> None:
    planted(visit(), live_server, '<img alt="" src="http://127.0.0.1:9/pixel.png">')
    assert "a request to 127.0.0.1:9" in watch.problems
    watch.problems.clear()


def test_an_error_that_belongs_to_the_story_is_let_through(
    visit: Opens, watch: Watch, live_server: LiveServer
) -> None:
    watch.expect("Content Security Policy")
    planted(visit(), live_server, "<script>alert(1)</script>")
    assert watch.problems == []


def test_a_field_without_a_label_is_noticed(
    visit: Opens, live_server: LiveServer
) -> None:
    page = planted(visit(), live_server, "<input name=age>")
    assert any("label" in violation for violation in violations(page))


def test_a_page_too_wide_for_a_phone_is_noticed(
    visit: Opens, live_server: LiveServer
) -> None:
    page = planted(visit(), live_server, f"<p>{'x' * 500}</p>")
    page.set_viewport_size({"width": 360, "height": 740})
    assert overflow(page) != []
