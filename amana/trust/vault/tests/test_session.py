"""Keys in a session: sealed in the database, locked when idle, nothing typed lost
(P31)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from amana import given
from amana.trust.access.models import Role, Session
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import middleware
from amana.trust.vault.models import PersonKey
from amana.trust.vault.views import list_digit_groups
from tests.worlds import kept

pytestmark = pytest.mark.django_db

# A page that needs the keys: it seals them under a new code.
NEEDS_KEYS = "vault:recovery_code"


@kept
def worker(db):
    return given.make_worker()


@kept
def desk(worker):
    return given.sign_in(worker)


def test_the_unlocked_have_their_keys_at_hand(desk):
    assert desk.post(reverse(NEEDS_KEYS)).context["code"]


def test_without_the_cookie_a_session_opens_nothing(desk):
    del desk.cookies[middleware.get_cookie_name()]

    answer = desk.get(reverse(NEEDS_KEYS))

    assert answer.headers["Location"].startswith(reverse("vault:unlock"))


def test_somebody_elses_cookie_opens_nothing(desk):
    other = given.sign_in(given.make_worker())
    desk.cookies[middleware.get_cookie_name()] = other.cookies[
        middleware.get_cookie_name()
    ].value

    assert desk.get(reverse(NEEDS_KEYS)).status_code == 302


def test_a_locked_page_leads_to_unlocking_and_back(desk):
    desk.post(reverse("vault:lock"))
    asked = desk.get(reverse(NEEDS_KEYS))

    unlocked = desk.post(
        asked.url, {"passphrase": given.PASSPHRASE, "next": reverse(NEEDS_KEYS)}
    )

    assert (
        asked.url
        == f"{reverse('vault:unlock')}?next={reverse(NEEDS_KEYS).replace('/', '%2F')}"
    )
    assert unlocked.headers["Location"] == reverse(NEEDS_KEYS)
    assert desk.get(reverse(NEEDS_KEYS)).status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "x"]
)
def test_unlocking_never_leads_out_of_the_house(desk, elsewhere):
    answer = desk.post(
        reverse("vault:unlock"), {"passphrase": given.PASSPHRASE, "next": elsewhere}
    )

    assert answer.headers["Location"] == reverse("home:today")


def test_locking_is_written_down_and_takes_the_cookie_away(desk, worker):
    desk.post(reverse("vault:lock"))

    assert not desk.cookies[middleware.get_cookie_name()].value
    assert AuditEvent.objects.filter(did="locked", actor=worker.actor_id).exists()


def test_a_wrong_passphrase_unlocks_nothing_and_is_written_down(desk, worker):
    desk.post(reverse("vault:lock"))

    answer = desk.post(reverse("vault:unlock"), {"passphrase": "not this one at all"})

    assert answer.status_code == 422
    assert "doesn’t open your keys" in answer.content.decode()
    assert AuditEvent.objects.filter(did="failed to unlock").exists()


def test_guessing_at_the_lock_ends_after_five_tries(desk):
    desk.post(reverse("vault:lock"))
    for _n in range(5):
        desk.post(reverse("vault:unlock"), {"passphrase": "not this one at all"})

    answer = desk.post(reverse("vault:unlock"), {"passphrase": given.PASSPHRASE})

    assert "Too many attempts" in answer.content.decode()


def test_ten_idle_minutes_lock(desk, later):
    desk.get(reverse("access:account"))
    later(timedelta(minutes=9, seconds=59))
    still = desk.get(reverse("vault:welcome"))
    later(timedelta(minutes=10))
    answer = desk.get(reverse(NEEDS_KEYS))

    assert still.status_code == 200
    assert answer.headers["Location"].startswith(reverse("vault:unlock"))
    assert middleware.SEALED not in Session.objects.get().get_decoded()


def test_work_keeps_the_keys_at_hand(desk, later):
    for _n in range(8):
        later(timedelta(minutes=9))
        desk.get(reverse("access:account"))

    locked = AuditEvent.objects.filter(did="locked")

    assert not locked.exists()


def test_no_page_of_someone_signed_in_is_kept_by_the_browser(desk):
    for page in ("access:account", "vault:admissions", "access:organisations"):
        assert "no-store" in desk.get(reverse(page)).headers["Cache-Control"]


def test_thirty_idle_minutes_sign_out(desk, later):
    later(timedelta(minutes=30))

    answer = desk.get(reverse("access:account"))

    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert not Session.objects.exists()


def test_twelve_hours_end_even_a_busy_session(desk, later):
    answers = []
    for _n in range(12 * 6 + 1):
        answers.append(desk.get(reverse("access:account")).status_code)
        later(timedelta(minutes=10))

    assert answers[:72] == [200] * 72
    assert answers[72] == 302


def test_an_account_that_is_closed_is_out_at_its_next_request(desk, worker):
    type(worker).objects.filter(pk=worker.pk).update(is_active=False)

    assert (
        desk.get(reverse("access:account"))
        .headers["Location"]
        .startswith(reverse("account_login"))
    )


def test_a_form_that_meets_the_lock_goes_on_with_all_that_was_typed(worker):
    admin = given.make_worker(role=Role.ADMINISTRATOR)
    desk = given.sign_in(admin)
    membership = a_waiting_membership()
    desk.post(reverse("vault:lock"))
    address = reverse("vault:confirm", args=[membership.pk])

    groups = " ".join(list_digit_groups(membership.user, seen_by=admin))
    sent = {"compared": "on", "compared_key": groups, "note": "a long sentence"}
    met = desk.post(address, sent)
    page = met.content.decode()
    went_on = desk.post(address, {**sent, "_unlock": given.PASSPHRASE})
    membership.refresh_from_db()

    assert met.status_code == 409
    assert 'name="note" value="a long sentence"' in page
    assert 'name="_unlock"' in page
    assert went_on.headers["Location"] == reverse("vault:admissions")
    assert membership.confirmed_at


def test_a_wrong_passphrase_beside_a_form_keeps_the_form(worker):
    admin = given.make_worker(role=Role.ADMINISTRATOR)
    desk = given.sign_in(admin)
    membership = a_waiting_membership()
    desk.post(reverse("vault:lock"))

    answer = desk.post(
        reverse("vault:confirm", args=[membership.pk]),
        {"compared": "on", "_unlock": "not this one at all"},
    )
    membership.refresh_from_db()

    assert answer.status_code == 409
    assert 'name="compared" value="on"' in answer.content.decode()
    assert "not this one" not in answer.content.decode()
    assert membership.confirmed_at is None


def test_with_htmx_the_form_stays_and_the_lock_is_opened_beside_it(worker):
    desk = given.sign_in(given.make_worker(role=Role.ADMINISTRATOR))
    membership = a_waiting_membership()
    desk.post(reverse("vault:lock"))
    htmx = {"HX-Request": "true"}

    met = desk.post(
        reverse("vault:confirm", args=[membership.pk]), {"compared": "on"}, headers=htmx
    )
    opened = desk.post(
        reverse("vault:unlock"), {"passphrase": given.PASSPHRASE}, headers=htmx
    )

    assert met.headers["HX-Retarget"] == "#notices"
    assert "<html" not in met.content.decode()
    assert "Press the button again" in opened.content.decode()


def test_what_was_typed_when_the_session_ended_is_shown_to_be_copied(desk, later):
    later(timedelta(minutes=31))

    answer = desk.post(reverse("access:account"), {"name": "a long sentence"})

    assert answer.status_code == 401
    assert "a long sentence" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_form_from_elsewhere_cannot_try_passphrases(desk):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.cookies
    desk.post(reverse("vault:lock"))

    answer = strict.post(reverse("access:account"), {"_unlock": given.PASSPHRASE})

    assert answer.status_code == 403
    assert not AuditEvent.objects.filter(did="unlocked").exists()


def test_what_is_grave_asks_for_the_passphrase_again(desk, later):
    assert desk.get(reverse(NEEDS_KEYS)).status_code == 200
    later(timedelta(minutes=5, seconds=1))

    asked = desk.post(reverse(NEEDS_KEYS))
    again = desk.post(reverse(NEEDS_KEYS), {"_unlock": given.PASSPHRASE})

    assert asked.status_code == 409
    assert again.context["code"]


@pytest.mark.parametrize("how", ["signs out", "is away for long"])
def test_who_leaves_leaves_no_page_in_the_browser(desk, later, how):
    page = reverse("access:account")
    assert "Clear-Site-Data" not in desk.get(page).headers
    if how == "signs out":
        answer = desk.post(reverse("account_logout"))
    else:
        later(timedelta(minutes=31))
        answer = desk.get(page)

    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in desk.get(page).headers


def test_ending_other_sessions_asks_for_the_passphrase_first(desk, worker, later):
    elsewhere = given.sign_in(worker)
    other = Session.objects.exclude(session_key=desk.session.session_key).get()
    later(timedelta(minutes=5, seconds=1))

    one = desk.post(reverse("vault:end_session"), {"session": other.handle})
    every = desk.post(reverse("vault:end_other_sessions"))

    assert (one.status_code, every.status_code) == (409, 409)
    assert elsewhere.get(reverse("access:account")).status_code == 200
    desk.post(reverse("vault:end_other_sessions"), {"_unlock": given.PASSPHRASE})
    assert elsewhere.get(reverse("access:account")).status_code == 302


def test_changing_factors_asks_for_the_passphrase_first(desk, worker, with_app):
    with_app(worker)
    cookie = desk.cookies[middleware.get_cookie_name()].value

    asked = desk.get(reverse("mfa_add_webauthn"))
    posted = desk.post(reverse("mfa_add_webauthn"), {"credential": "{}"})
    session = str(Session.objects.get(user=worker).get_decoded())
    desk.post(reverse("vault:unlock"), {"passphrase": given.PASSPHRASE})

    assert asked.headers["Location"].startswith(reverse("vault:unlock"))
    assert posted.headers["Location"].startswith(reverse("vault:unlock"))
    assert cookie not in session
    assert desk.get(reverse("mfa_add_webauthn")).status_code == 200


def a_waiting_membership():
    """Someone who has set their passphrase, proposed by an administrator."""
    from amana.trust.access import actions
    from amana.trust.vault import admission

    team = given.make_team()
    admin = given.make_worker(role=Role.ADMINISTRATOR)
    membership, code = actions.propose(
        team,
        email="newcomer@example.org",
        name="Nour",
        language="en",
        role=Role.CASE_WORKER,
        by=admin,
    )
    admission.join(admission.find_invitation(code), passphrase=given.PASSPHRASE)
    assert PersonKey.objects.filter(user=membership.user).exists()
    return membership
