"""The shell: navigation, languages, weight, styles, and reports of the policy (P34)."""

import json
import re
from collections import deque
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from amana.ui import badges, csp, navigation
from amana.ui.navigation import NavigationEntry, NavigationGroup, find_nearest

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "amana/ui/static/ui"


class Someone:
    is_authenticated = True


@pytest.fixture
def request_of_someone(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/ui/")
    request.user = Someone()  # type: ignore[assignment]
    return request


def never(request: HttpRequest) -> bool:
    return False


@pytest.fixture(autouse=True)
def _entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        navigation,
        "ENTRIES",
        {
            "set_language": NavigationEntry(
                "Later", "set_language", 20, navigation.always
            ),
            "ui:gallery": NavigationEntry(
                "Sooner", "ui:gallery", 10, navigation.always
            ),
            "ui:csp_report": NavigationEntry("Hidden", "ui:csp_report", 5, never),
            "gone:gone": NavigationEntry(
                "No such page", "gone:gone", 1, navigation.always
            ),
        },
    )


def test_people_see_what_is_for_them_in_its_order(
    request_of_someone: HttpRequest,
) -> None:
    shown, _beside = navigation.list_header(request_of_someone)
    assert [entry.label for entry in shown] == ["Sooner", "Later"]
    assert [entry.current for entry in shown] == [True, False]


def test_a_group_has_one_place_in_the_header_and_a_line_of_its_own(
    request_of_someone: HttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    group, alone = NavigationGroup("Together"), NavigationGroup("Alone")
    for place, (name, label, of) in enumerate(
        (
            ("ui:gallery", "Sooner", group),
            ("set_language", "Later", group),
            ("home:front", "Single", alone),
        )
    ):
        entry = NavigationEntry(label, name, place, navigation.always, of)
        monkeypatch.setitem(navigation.ENTRIES, name, entry)

    shown, beside = navigation.list_header(request_of_someone)

    assert [(entry.label, entry.current) for entry in shown] == [
        ("Together", True),
        ("Single", False),
    ]
    assert [(entry.label, entry.current) for entry in beside] == [
        ("Sooner", True),
        ("Later", False),
    ]


def test_strangers_see_no_navigation(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    assert navigation.list_header(request) == ([], [])


def test_the_closest_entry_is_where_we_are() -> None:
    urls = ["/", "/cases/", "/cases/closed/"]
    assert find_nearest("/cases/closed/", urls) == "/cases/closed/"
    assert find_nearest("/cases/7/", urls) == "/cases/"
    assert find_nearest("/casesetc/", urls) == ""


@pytest.mark.django_db
def test_a_stranger_can_change_the_language(client: Client) -> None:
    response = client.post("/language", {"language": "ar", "next": "/ui/"})
    assert response.headers["Location"] == "/ui/"
    assert client.cookies["django_language"].value == "ar"


@pytest.mark.django_db
def test_changing_the_language_leads_nowhere_else(client: Client) -> None:
    elsewhere = {"language": "ar", "next": "https://elsewhere.example/"}
    response = client.post("/language", elsewhere)
    assert "elsewhere" not in response.headers["Location"]


def test_a_public_page_weighs_less_than_60_kilobytes(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    for template in ("ui/public_page.html", "429.html"):
        html = render_to_string(template, request=request)
        files = re.findall(r'(?:href|src)="/static/([^"]+)"', html)
        assert "ui/ui.css" in files
        assert not any("htmx" in file or "work.css" in file for file in files)
        size = sum(len(Path(str(finders.find(file))).read_bytes()) for file in files)
        assert size + len(html.encode()) < 55_000, files  # uncompressed; 5 for words


def test_a_public_page_can_be_left_at_once_and_says_nothing(
    rf: RequestFactory,
) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    html = render_to_string("ui/public_page.html", request=request)
    assert re.search(
        r'<a class="quick-exit" href="/ui/leave" rel="noreferrer" '
        r'data-quick-exit="https://[^"]+"',
        html,
    )
    assert "Amana" not in html
    assert 'rel="icon" href="data:,"' in html


def sheets() -> dict[str, str]:
    return {path.name: path.read_text() for path in STATIC.glob("*.css")}


def test_styles_know_no_left_and_right() -> None:
    for name, css in sheets().items():
        found = re.findall(
            r"(?<![\w-])(?:(?:margin|padding|border|inset)-(?:left|right)"
            r"|(?:left|right)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right))",
            css,
        )
        assert found == [], name


NOT_STYLED = {"spine", "timeline", "task-list", "map-block"}
"""Named for what they are; their parts have the style."""


def test_every_class_in_a_template_has_a_style() -> None:
    everywhere = (ROOT / "amana").rglob("static/**/*.css")
    css = "".join(path.read_text() for path in everywhere)
    known = NOT_STYLED | set(re.findall(r"\.([a-z][\w-]*)", css))
    unknown = {}
    for path in sorted((ROOT / "amana").rglob("templates/**/*.html")):
        html = re.sub(r"{%.*?%}|{{.*?}}", " ", path.read_text(), flags=re.S)
        used = set(" ".join(re.findall(r'class="([^"]*)"', html)).split())
        if used - known:
            unknown[path.relative_to(ROOT).as_posix()] = used - known
    assert unknown == {}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_paper_in_both_schemes(scheme: str) -> None:
    css = (STATIC / "ui.css").read_text()
    light, dark = css.split("prefers-color-scheme: dark", 1)
    part = light if scheme == "light" else dark
    tokens: dict[str, str] = {}
    for name, value in re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part):
        tokens.setdefault(name, value)
    for ground in ("paper", "surface", "sunk"):
        for ink in ("ink", "quiet", "teal", "teal-deep", "good", "due", "late", "info"):
            assert contrast(tokens[ink], tokens[ground]) >= 4.5, (ink, ground)
        assert contrast(tokens["edge"], tokens[ground]) >= 3, ("edge", ground)
    for tone in ("good", "due", "late", "info"):
        assert contrast(tokens[tone], tokens[f"{tone}-soft"]) >= 4.5, tone
        assert contrast(tokens["ink"], tokens[f"{tone}-soft"]) >= 4.5, tone
    assert contrast(tokens["on-teal"], tokens["teal"]) >= 4.5
    assert contrast(tokens["late-deep"], tokens["late-soft"]) >= 4.5


def test_no_page_runs_a_script_that_stands_in_it(client: Client) -> None:
    policy = client.get("/ui/").headers["Content-Security-Policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert {"script-src", "style-src", "base-uri", "form-action"} <= directives.keys()
    assert "unsafe-" not in policy


def report(**fields: str) -> bytes:
    return json.dumps({"csp-report": fields}).encode()


def test_a_violation_is_logged_without_addresses(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    body = report(
        **{
            "document-uri": "https://amana.example/cases/7/",
            "blocked-uri": "https://elsewhere.example/track?who=mariam",
            "effective-directive": "img-src",
        }
    )
    response = client.post(
        "/ui/csp-report", body, content_type="application/csp-report"
    )
    assert response.status_code == 204
    assert "blocked elsewhere.example for img-src" in caplog.text
    assert "mariam" not in caplog.text
    assert "cases" not in caplog.text


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"csp-report": 1}', b"x" * 99999]
)
def test_a_report_that_is_none_is_ignored(
    client: Client, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    response = client.post(
        "/ui/csp-report", body, content_type="application/csp-report"
    )
    assert response.status_code == 204
    assert caplog.text == ""


def test_a_report_can_not_forge_a_line_in_the_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    body = report(**{"blocked-uri": "a\nb", "effective-directive": "c\nd"})
    client.post("/ui/csp-report", body, content_type="application/csp-report")
    assert len(caplog.records) == 1
    assert "\n" not in caplog.records[0].getMessage()


def test_a_flood_of_reports_leaves_few_lines(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csp, "noted", deque(maxlen=3))
    moments = iter([0, 10, 20, 30, 59, 60, 61, 69, 70])
    monkeypatch.setattr(csp, "monotonic", lambda: next(moments))
    body = report(**{"blocked-uri": "a", "effective-directive": "b"})
    lines = []
    for _each in range(9):
        client.post("/ui/csp-report", body, content_type="application/csp-report")
        lines.append(len(caplog.records))
    assert lines == [1, 2, 3, 3, 3, 4, 4, 4, 5]


# --- badges


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many rows each of two badges finds, and which of them takes long."""
    found = {"quick": 1, "slow": 2}

    def badge(name: str) -> badges.Badge:
        return lambda user: [
            ("SELECT 1 WHERE 1 = %s", (int(number < found[name]),))
            for number in range(150)
        ]

    monkeypatch.setattr(badges, "BADGES", {name: badge(name) for name in found})
    monkeypatch.setattr(badges, "MARKS", {})
    monkeypatch.setattr(badges, "SLOW", {"slow"})
    monkeypatch.setattr(badges, "_KEPT", {})
    return found


def page_of(request: HttpRequest, session: str) -> dict[str, int]:
    fresh = HttpRequest()
    fresh.user = request.user
    fresh.session = SimpleNamespace(session_key=session)  # type: ignore[assignment]
    return badges.count_for_page(fresh)


@pytest.mark.django_db
def test_badges_count_in_one_query_and_no_further_than_99(
    counts: dict[str, int], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    counts["quick"] = 120
    with django_assert_num_queries(1):
        assert badges.count_badges(Someone()) == {"quick": 99, "slow": 2}


@pytest.mark.django_db
def test_what_takes_long_is_kept_for_a_while_of_a_session(
    counts: dict[str, int],
    request_of_someone: HttpRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert page_of(request_of_someone, "a") == {"quick": 1, "slow": 2}
    counts |= {"quick": 5, "slow": 6}
    assert page_of(request_of_someone, "a") == {"quick": 5, "slow": 2}
    assert page_of(request_of_someone, "b") == {"quick": 5, "slow": 6}

    request_of_someone.session = SimpleNamespace(session_key="a")  # type: ignore[assignment]
    badges.forget_counts(request_of_someone)
    assert page_of(request_of_someone, "a") == {"quick": 5, "slow": 6}

    counts["slow"] = 7
    monkeypatch.setattr(badges, "KEPT_FOR", 0.0)
    assert page_of(request_of_someone, "a") == {"quick": 5, "slow": 7}


def test_a_desk_shows_six_and_a_phone_four_of_many(
    request_of_someone: HttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = NavigationGroup("In the bar", bar=1)
    entries = {
        name: NavigationEntry(
            name, name, place, navigation.always, first if place == 7 else None
        )
        for place, name in enumerate(
            (
                "ui:gallery",
                "set_language",
                "home:front",
                "home:today",
                "home:search",
                "cases:mine",
                "cases:team",
                "cases:meet",
            )
        )
    }
    monkeypatch.setattr(navigation, "ENTRIES", entries)
    menus = navigation.build_menus(request_of_someone)
    assert [len(menus.desk), len(menus.desk_more)] == [5, 3]
    assert [len(menus.bar), len(menus.bar_more)] == [4, 4]
    assert menus.bar[0].label == "cases:meet"
    both = {entry.url for entry in [*menus.bar, *menus.bar_more]}
    assert both == {entry.url for entry in [*menus.desk, *menus.desk_more]}
