"""Someone tries every address there is, with the numbers of what is really there (P16,
P33).

A learner, who has no part in any case, team or figure: what answers them anything but
"not found" or "not yours" stands in a list here, with why. Each time that they are
turned away is in the log, and before the crawl is over two others have been told.
"""

import re
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db.models import QuerySet, UUIDField
from django.test import Client
from django.urls import NoReverseMatch, reverse

from amana import given
from amana.care.referrals.models import Referral
from amana.trust.access import rules
from amana.trust.access.models import Role
from amana.trust.alarms import actions as alarms
from amana.trust.alarms.models import ActivityKind, Alarm
from amana.trust.audit.models import AuditEvent
from amana.ui.once import FIELD
from tests.architecture.test_urls import ALL, PUBLIC

pytestmark = pytest.mark.django_db

STAND_IN = {"int": 1, "uuid": uuid.UUID(int=7)}
"""For what there is none of."""


@pytest.fixture
def case_of_others(db: None) -> Referral:
    """A person, her case, what she agreed to, and a referral that was sent."""
    worker = given.make_worker()
    house = given.make_service()
    case = given.make_case(worked_on_by=worker, identity_name="Zubaida Canary")
    return given.make_referral(need=case.needs.get(), to=house, by=worker)


def kind_of(converter: object) -> str:
    return type(converter).__name__.removesuffix("Converter").lower()


def real_number(space: str, kind: str) -> Any:
    """The number of something of this room that is really there, if there is one."""
    for model in apps.get_models():
        by_number = not isinstance(model._meta.pk, UUIDField)
        if model._meta.app_label != space or by_number != (kind == "int"):
            continue
        if found := model._default_manager.order_by("pk").first():
            return found.pk
    return STAND_IN[kind]


def value_of(name: str, parameter: str, converter: object) -> Any:
    kind = kind_of(converter)
    if kind in STAND_IN:
        return real_number(name.split(":", maxsplit=1)[0], kind)
    if parameter == "language":
        return "en"
    return first_word(converter)


def first_word(converter: Any) -> str:
    """Of a converter that knows a few words, the first."""
    words = re.sub(r"[()?:^$]", "", str(converter.regex)).split("|")
    return words[0] if words[0].isidentifier() else "some"


def addresses() -> Iterator[tuple[str, str]]:
    """Each that needs a sign-in, with its name."""
    for name, _view, parameters in ALL:
        if name not in PUBLIC:
            said = {
                p: value_of(name, p, converter) for p, converter in parameters.items()
            }
            try:
                yield name, reverse(name, kwargs=said)
            except NoReverseMatch:  # words of a list of its own
                yield name, ""


OWN = {
    # asks of oneself alone: one's account, keys, devices, language
    "access:account",
    "access:enrol",
    "vault:end_other_sessions",
    "mfa_add_webauthn",
    "mfa_activate_totp",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_remove_webauthn",
    "mfa_deactivate_totp",
    "vault:unlock",
    "vault:lock",
    "vault:change_passphrase",
    "vault:welcome",
    "vault:recovery_code",
    "recovery:shares",
    "notifications:list",
    "notifications:stream",
    "notifications:follow",
    "pending:list",
    "xapi:mine",
    "lti:mine",
}
FOR_EVERYONE = {
    "exports:list",
    "packs:kept",
    "packs:worker",
    # shows what the rules let this reader see: here, nothing of anybody
    "access:organisations",
    "alumni:home",
    "cases:contacts",
    "cases:meet",
    "cases:mine",
    "cases:offered",
    "cases:search",
    "cohorts:mine",
    "consent:destructions",
    "consent:shared",
    "consent:withdraw_for",
    "courses:home",
    "credentials:awards",
    "credentials:issued",
    "credentials:mine",
    "directory:find",
    "directory:map",
    "directory:places",
    "directory:print",
    "directory:services",
    "directory:shapes",
    "feedback:desk",
    "feedback:referrals",
    "home:search",
    "home:today",
    "hsds:services",
    "labs:home",
    "scenarios:home",
    "lists:views",
    "mechanism:now",
    "mechanism:versions",
    "meetings:pass",
    "meetings:ready",
    "meetings:waiting",
    "meetings:worker",
    "mentoring:mine",
    "mentoring:wish",
    "offline:bring",
    "offline:enter",
    "offline:kept",
    "offline:worker",
    "pathways:due",
    "pathways:retired",
    "referrals:appointments_file",
    "referrals:calendar",
    "referrals:inbox",
    "referrals:late",
    "referrals:rotas",
    "referrals:sent",
    "referrals:watch",
    "referrals:week",
    "review:today",
    "screening:home",
    "sessions:mine",
    "ui:gallery",
    "vault:admissions",
}
SAYS_WHAT_IS_MISSING = {
    "exports:begin",
    "packs:fill",
    "packs:open",
    # before it looks for anything: a tick, a form, a key at hand
    "alumni:join",
    "cases:assign_together",
    "cases:emergency",
    "cases:intake",
    "cases:together",
    "directory:clusters",
    "lists:save",
    "meetings:kit",
    "meetings:take",
    "notifications:read_all",
    "offline:told",
    "pending:now",
    "pending:undo",
    "referrals:assign_together",
    "referrals:together",
    "requests:emergency",
    "sessions:renew",
    "xapi:agree",
}


OF_ONESELF = "does something to one's own learning or calendar alone"
ASKS_FIRST = (
    "an empty form, or nothing without one; what it then finds or does, rules say"
)
ONE_FOR_ALL = "the same page or script for all, without anything of the database"
MAP = "the map's lines and numbers, of services that everybody sees"
WITHOUT_A_RULE = {
    "alumni:join": OF_ONESELF,
    "mentoring:wish": OF_ONESELF,
    "offline:bring": OF_ONESELF,
    "offline:told": OF_ONESELF,
    "sessions:renew": OF_ONESELF,
    "xapi:agree": OF_ONESELF,
    "cases:meet": ASKS_FIRST,
    "cases:search": ASKS_FIRST,
    "consent:withdraw_for": ASKS_FIRST,
    "directory:find": ASKS_FIRST,
    "exports:begin": ASKS_FIRST,
    "home:search": ASKS_FIRST,
    "meetings:take": ASKS_FIRST,
    "packs:fill": ASKS_FIRST,
    "packs:open": ASKS_FIRST,
    "meetings:pass": ONE_FOR_ALL,
    "meetings:ready": ONE_FOR_ALL,
    "meetings:worker": ONE_FOR_ALL,
    "offline:enter": ONE_FOR_ALL,
    "offline:kept": ONE_FOR_ALL,
    "offline:worker": ONE_FOR_ALL,
    "packs:kept": ONE_FOR_ALL,
    "packs:worker": ONE_FOR_ALL,
    "ui:gallery": ONE_FOR_ALL,
    "directory:clusters": MAP,
    "directory:shapes": MAP,
}
"""Pages that ask no rule and no role of whoever has signed in, with the reason. A page
that is missing here, and asks none, fails."""


@dataclass
class Tried:
    """What came of one address, by one method."""

    name: str
    method: str
    status: int
    noted: int
    """Times that the log says so."""
    ruled: bool
    """Whether the view asked who this is, beside what the page's frame asks."""

    @property
    def was_let_in(self) -> bool:
        return self.status not in (403, 404, 405)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The rules and roles that views ask for; menus and badges are drawn, not asked."""
    names: list[str] = []

    def note(name: str) -> None:
        frame = sys._getframe(2)
        while frame := frame.f_back:  # type: ignore[assignment]
            if frame.f_code.co_filename.endswith(DRAWN_BY):
                return
        names.append(name)

    among, held_by = rules.Rule.among, rules.find_memberships

    def noted_among(rule: rules.Rule, things: Any, user: Any) -> Any:
        note(rule.name)
        return among(rule, things, user)

    def noted_held_by(user: Any, *roles: Any) -> Any:
        note("a role")
        return held_by(user, *roles)

    monkeypatch.setattr(rules.Rule, "among", noted_among)
    monkeypatch.setattr(rules, "find_memberships", noted_held_by)
    return names


DRAWN_BY = ("django/template/base.py", "django/template/context.py")


def crawl(browser: Client, asked: list[str]) -> Iterator[Tried]:
    """Each address by GET, and by POST with nothing but the sign of a form."""
    for name, address in addresses():
        if name in OWN or not address:
            continue
        for method in ("get", "post"):
            sent = {FIELD: str(uuid.uuid4())} if method == "post" else {}
            before = turned_away().count()
            asked.clear()
            answer = getattr(browser, method)(address, sent)
            noted = turned_away().count() - before
            said = answer.content if not answer.streaming else b""
            assert b"Zubaida" not in said, name
            yield Tried(name, method, answer.status_code, noted, bool(asked))


def turned_away() -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(did="was turned away")


def test_a_stranger_is_let_in_nowhere_is_logged_each_time_and_sets_off_an_alarm(
    case_of_others: Referral, asked: list[str]
) -> None:
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER)
    auditor = given.make_worker(role=Role.AUDITOR)
    stranger = given.make_user()
    tries = list(crawl(given.sign_in(stranger), asked))

    assert len(tries) > 1_000
    let_in = {tried.name for tried in tries if tried.was_let_in}
    assert let_in == FOR_EVERYONE | SAYS_WHAT_IS_MISSING
    without = {tried.name for tried in tries if tried.was_let_in and not tried.ruled}
    assert without == set(WITHOUT_A_RULE)
    turned = [tried for tried in tries if tried.status in (403, 404)]
    assert [tried for tried in turned if tried.noted != 1] == []
    assert [tried for tried in tries if tried.noted and tried not in turned] == []
    assert turned_away().filter(actor=stranger.actor_id).count() == len(turned)

    alarms.watch_log()
    alarm = Alarm.objects.get(user=stranger, kind=ActivityKind.DENIED)
    assert set(alarm.told.all()) == {officer, auditor}


def test_nobody_is_sent_to_sign_in_and_leaves_no_trace() -> None:
    """Pages for people are walked in `architecture/test_traces.py`."""
    browser = Client()
    for name, address in addresses():
        if address:
            answer = browser.get(address)
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith(reverse("account_login")), name
    assert not [c for c in browser.cookies.values() if c["max-age"] or c["expires"]]
