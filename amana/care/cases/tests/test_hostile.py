"""Whatever is typed, by accident or on purpose: shown harmless, and never lost."""

import html
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amana import given as records
from amana.care.cases import actions
from amana.care.cases.forms import IntakeForm
from amana.care.cases.gate import QUESTIONS, GateAnswer, SafetyGate
from amana.care.cases.models import Case
from amana.care.cases.safety import ITEMS, SafetyLevel, assess
from amana.care.cases.tests.pages import browser, post
from amana.trust.vault.compartments import Compartment as C
from amana.ui.harmless import REORDERING
from tests.profiles import each_time

ONE_DATABASE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
MANY_PAGES = settings(ONE_DATABASE, max_examples=each_time(12))
MEET, INTAKE = reverse("cases:meet"), reverse("cases:intake")

PAYLOADS = [
    "<x-canary onclick=alert(1)>",
    "'\"><x-canary>",
    "</textarea><x-canary>",
    "{{ 7|add:7 }}{% debug %}",
    "javascript:alert(1)",
    "photo\u202egpj.exe",
    "\u2066\u2067\u2068 turned",
    "a\u0000b\u0008c",
    "&lt;x-canary&gt;",
    "زبيدة \u200f‮",
    "Z\u0335\u0321\u0327" * 60,
    "=HYPERLINK(1)",
]
hostile = st.one_of(
    st.sampled_from(PAYLOADS),
    st.text(max_size=400),
    st.builds("".join, st.lists(st.sampled_from(PAYLOADS), max_size=4)),
)


class Elements(HTMLParser):
    """The elements of a page, and its words outside of inputs."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words: list[str] = []
        self.inside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag in ("textarea", "script", "style", "option"):
            self.inside.append(tag)

    def handle_endtag(self, tag):
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self.words.append(data)


def check_harmless(page: str) -> None:
    found = Elements(page)
    words = "".join(found.words)
    assert "x-canary" not in found.tags
    assert not any(sign in words for sign in REORDERING)
    assert "\u0008" not in words
    assert "debug" not in words or "{% debug %}" in words


@MANY_PAGES
@given(name=hostile, words=hostile, number=hostile, note=hostile)
def test_hostile_words_are_shown_harmless_on_every_page(
    worker, name, words, number, note
):
    case = records.make_case(
        worked_on_by=worker,
        identity_name=name,
        contact_number=number,
        contact_never=words,
        needs_wishes=words,
        narrative_account=words,
        needs=[actions.StatedNeed("SH1", "U1", words)],
    )
    if note.strip():
        actions.add_note(case, C.NEEDS, note, by=worker)
        actions.add_note(case, C.NARRATIVE, note, by=worker)
    desk = browser(worker)
    for part in ("identity", "contact", "narrative"):
        post(
            desk, reverse("cases:open_part", args=[case.pk, part]), {"purpose": "help"}
        )
    for url in (
        reverse("cases:case", args=[case.pk]),
        reverse("cases:print", args=[case.pk]),
        reverse("cases:mine"),
        reverse("cases:part", args=[case.pk, "narrative"]),
        reverse("cases:change", args=[case.pk, "contact"]),
    ):
        answer = desk.get(url)
        assert answer.status_code == 200
        check_harmless(answer.content.decode())


@ONE_DATABASE
@given(words=hostile)
def test_whatever_is_looked_for_is_answered(worker, words):
    answer = post(browser(worker), reverse("cases:search"), {"q": words})
    assert answer.status_code in (200, 422)
    check_harmless(answer.content.decode())


@ONE_DATABASE
@given(
    answers=st.dictionaries(
        st.sampled_from([*QUESTIONS, "SAFE99", "x"]),
        st.one_of(st.sampled_from([*GateAnswer.values, ""]), st.text(max_size=20)),
    ),
    step=st.one_of(st.text(max_size=4), st.integers(-5, 99).map(str)),
    go=st.sampled_from(["next", "back", "stay", "emergency", "x", ""]),
    seen=st.lists(st.sampled_from([*QUESTIONS]), max_size=4).map(" ".join),
)
def test_the_gate_takes_any_answer_and_never_hides_a_danger(
    worker, answers, step, go, seen
):
    answer = post(
        browser(worker), MEET, answers | {"step": step, "go": go, "seen": seen}
    )
    assert answer.status_code == 200
    page = answer.content.decode()
    unseen = [q for q in SafetyGate.read(answers).red if q.code not in seen.split()]
    if go not in ("back", "stay") and unseen:
        assert "Act now" in page
    for code, given_answer in SafetyGate.read(answers).plain().items():
        assert f'name="{code}" value="{given_answer}"' in page
    check_harmless(page)


FIELDS = [name for name in IntakeForm(teams=[]).fields if name != "team"]
TYPED = ["identity_name", "contact_never", "needs_wishes", "need-0-words"]


@ONE_DATABASE
@given(
    said=st.dictionaries(
        st.sampled_from([*FIELDS, "need-0-type", "need-0-urgency", "need-0-words"]),
        st.one_of(hostile, st.sampled_from(["yes", "SH1", "U0", "female", "17", "ar"])),
    ),
    rows=st.sampled_from(["0", "1", "3", "99999", "-1", "x", ""]),
    go=st.sampled_from(["open", "add_need", "someone_else", ""]),
)
def test_intake_opens_one_case_or_keeps_what_was_typed(worker, team, said, rows, go):
    before = Case.objects.count()
    sent = {
        "team": str(team.pk),
        "go": go,
        "need-TOTAL_FORMS": rows,
        "need-INITIAL_FORMS": "0",
    } | said
    answer = post(browser(worker), INTAKE, sent)
    opened = Case.objects.count() - before
    assert (answer.status_code, opened) in {(302, 1), (200, 0), (422, 0), (409, 0)}
    if opened:
        return
    page = html.unescape(answer.content.decode())
    for name in TYPED[:3]:
        typed = said.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
        assert typed.strip() in page.replace("\r\n", "\n")
    check_harmless(answer.content.decode())


@given(st.dictionaries(st.sampled_from([*ITEMS, "x"]), st.text(max_size=8)))
def test_unknown_answers_about_safety_change_nothing(given_answers):
    known = {
        code: answer
        for code, answer in given_answers.items()
        if code in ITEMS and answer in ("no", "some", "yes", "unknown")
    }
    assert assess(given_answers) == assess(known)


@given(
    st.dictionaries(
        st.sampled_from(list(ITEMS)), st.sampled_from(["no", "some", "yes"])
    )
)
def test_a_level_always_says_why_and_more_danger_never_lowers_it(answers):
    order = list(SafetyLevel)
    found = assess(answers)
    assert bool(found.reasons) == (found.level is not SafetyLevel.LOW)
    for code in ITEMS:
        worse = assess(answers | {code: "yes"})
        assert order.index(worse.level) <= order.index(found.level)


@pytest.mark.parametrize("length", [301, 20_001])
def test_over_long_words_are_told_and_kept(worker, team, length):
    sent = {
        "team": str(team.pk),
        "go": "open",
        "need-TOTAL_FORMS": "1",
        "need-INITIAL_FORMS": "0",
        "need-0-type": "SH1",
        "need-0-urgency": "U1",
        "identity_name": "x" * length,
    }
    answer = post(browser(worker), INTAKE, sent)
    assert answer.status_code == 422
    assert "x" * length in answer.content.decode()
