import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.care.cases.references import generate_reference
from amana.care.consent import actions, vital_interests
from amana.care.consent.actions import SAY_IT
from amana.care.consent.consent_questions import ConsentFormContext
from amana.care.consent.forms import ConsentForm, get_key
from amana.care.consent.models import Consent, Destruction, VitalInterest
from amana.care.consent.rules import WITHDRAWERS
from amana.trust.access.models import ANSWERING, Role, Sphere, Team, User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.models import Disclosure
from amana.ui.once import make_form_key
from tests.pages import doubled_ids
from tests.worlds import kept

from .conftest import a_case, a_team_of, agrees


@kept
def browser(worker: User) -> Client:
    return given.sign_in(worker)


def question(case: Case, team: Team, kind: str = "referral") -> str:
    url = reverse("consent:question", args=[case.pk, team.pk, kind])
    return f"{url}?need={case.needs.get().pk}" if kind == "referral" else url


def filled(page: Any, **changes: Any) -> dict[str, Any]:
    """What the page would post, with its idempotency key and the text's digest."""
    form = page.context["consent_form"]
    values = {field.html_name: field.value() for field in form}
    values |= {"heard": form.digest(), "understood": "on"}
    sent = {k: v for k, v in values.items() if v not in (None, False)}
    return sent | make_form_key() | changes


# --- asking


def test_each_part_of_the_question_has_its_own_name_to_be_aimed_at(
    browser: Client, case: Case, shelter: Team
) -> None:
    page = browser.get(question(case, shelter)).content.decode()
    assert doubled_ids(page) == []
    assert page.count('id="consent-words"') == 1
    assert 'id="consent-step-words"' in page


def test_only_admitted_teams_outside_border_service_are_offered(
    browser: Client, case: Case, shelter: Team
) -> None:
    border = a_team_of(Sphere.BORDER)
    unknown = given.make_team(of=given.make_organisation(admitted_at=None))
    keyless = given.make_team()

    page = browser.get(reverse("consent:ask", args=[case.pk]))

    offered = set(page.context["form"].fields["team"].queryset)
    assert offered == {shelter}
    for team in (border, unknown, keyless, case.team):
        assert browser.get(question(case, team)).status_code == 404


def test_a_team_is_found_by_the_name_of_its_organisation(
    browser: Client, case: Case, shelter: Team
) -> None:
    other = a_team_of(Sphere.HEALTH)

    page = browser.get(
        reverse("consent:ask", args=[case.pk]),
        {"q": other.organisation.name, "look": "1", "purpose": "referral"},
    )

    assert set(page.context["form"].fields["team"].queryset) == {other}


def test_choosing_leads_to_the_question(
    browser: Client, case: Case, shelter: Team
) -> None:
    chosen: dict[str, Any] = {"team": shelter.pk, "purpose": "justice"}

    answer = browser.get(reverse("consent:ask", args=[case.pk]), chosen)

    assert answer["Location"] == question(case, shelter, "justice")


def test_the_page_shows_what_is_there_and_never_its_value(
    browser: Client, case: Case, shelter: Team
) -> None:
    page = browser.get(question(case, shelter)).content.decode()

    assert "Account" in page
    for value in ("Zubaida", "555 0101", "passport"):
        assert value not in page


def test_the_page_says_what_can_never_be_sent(
    browser: Client, case: Case, shelter: Team
) -> None:
    page = browser.get(question(case, shelter))

    assert "can never be sent" in page.content.decode().lower()
    form = page.context["consent_form"]
    assert not any(key.startswith("health.") for key, _ in form.fields["share"].choices)


def test_an_unknown_purpose_is_not_found(
    browser: Client, case: Case, shelter: Team
) -> None:
    known = question(case, shelter, "referral")
    assert browser.get(known).status_code == 200
    unknown = known.replace("/referral/", "/gossip/")
    assert browser.get(unknown).status_code == 404


def test_the_text_is_read_in_the_language_of_the_person(
    worker: User, shelter: Team
) -> None:
    case = a_case(worker, languages=["ar", "en"])

    page = given.sign_in(worker).get(question(case, shelter)).content.decode()

    assert 'lang="ar" dir="rtl"' in page
    assert "القرار لكم" in page


def test_a_language_without_a_text_is_said_to_need_an_interpreter(
    worker: User, shelter: Team
) -> None:
    case = a_case(worker, languages=["ti"])

    page = given.sign_in(worker).get(question(case, shelter))

    assert "We do not have this text" in page.content.decode()
    assert page.context["consent_form"].wording().language == "en"


def test_the_words_follow_what_is_ticked(
    browser: Client, case: Case, shelter: Team
) -> None:
    page = browser.get(question(case, shelter))
    sent = filled(page, share=["identity.name"])
    url = page.context["asked"].text_url

    words = browser.post(url, sent, headers={"HX-Request": "true"})

    text = words.content.decode()
    assert "You: name" in text
    assert "what you said" not in text
    assert "<html" not in text


def test_the_words_are_a_page_to_print_without_scripts(
    browser: Client, case: Case, shelter: Team
) -> None:
    page = browser.get(question(case, shelter))
    url = page.context["asked"].text_url

    sheet = browser.post(url, filled(page)).content.decode()

    assert "Signature or thumbprint" in sheet
    assert "<html" in sheet


# --- answering


def test_a_yes_is_written_down_in_one_form(
    browser: Client, case: Case, shelter: Team
) -> None:
    page = browser.get(question(case, shelter))

    answer = browser.post(question(case, shelter), filled(page, answer="given"))

    consent = Consent.objects.live().get()
    assert answer["Location"] == reverse("consent:consent", args=[consent.pk])
    assert consent.fields == sorted(page.context["consent_form"].shared())


def test_a_no_is_one_button_and_needs_nothing_else(
    browser: Client, case: Case, shelter: Team
) -> None:
    answer = browser.post(
        question(case, shelter),
        {"answer": "refused", "language": "fr"} | make_form_key(),
    )

    assert answer.status_code == 302
    assert Consent.objects.get().status == Consent.Status.REFUSED


def test_what_was_changed_after_reading_has_to_be_read_again(
    browser: Client, case: Case, shelter: Team
) -> None:
    page = browser.get(question(case, shelter))
    sent = filled(page, share=["identity.name", "narrative.account"])

    answer = browser.post(question(case, shelter), sent | {"answer": "given"})

    assert answer.status_code == 422
    assert "aloud again" in answer.content.decode()
    assert not Consent.objects.exists()
    again = browser.post(question(case, shelter), filled(answer) | {"answer": "given"})
    assert again.status_code == 302
    assert "narrative.account" in Consent.objects.get().fields


def test_a_missing_tick_is_an_error_at_the_tick_and_nothing_is_lost(
    browser: Client, case: Case, shelter: Team
) -> None:
    said = {"answer": "given", "conditions": "Only by day", "share": ["identity.name"]}
    sent = filled(browser.get(question(case, shelter)), **said)
    del sent["understood"]

    answer = browser.post(question(case, shelter), sent)

    form = answer.context["consent_form"]
    assert answer.status_code == 422
    assert form.errors["understood"] == [SAY_IT]
    assert 'id="consent_understood_error"' in answer.content.decode()
    assert form["conditions"].value() == "Only by day"
    assert form.shared() == ["identity.name"]


def test_with_nothing_ticked_the_error_stands_at_the_boxes(
    browser: Client, case: Case, shelter: Team
) -> None:
    sent = filled(browser.get(question(case, shelter)), answer="given")
    del sent["share"]

    answer = browser.post(question(case, shelter), sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    at_the_boxes = page.index('id="consent_share_error"')
    assert "at least one thing" in page[at_the_boxes : at_the_boxes + 200]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("until", "2020-01-01"),
        ("until", "2090-01-01"),
        ("until", "soon"),
        ("share", ["health.summary"]),
        ("share", []),
        ("mode", "telepathy"),
        ("given_by", "guardian"),
        ("language", "xx-nowhere"),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(
    browser: Client, case: Case, shelter: Team, field: str, value: Any
) -> None:
    page = browser.get(question(case, shelter))
    sent = filled(page, answer="given", conditions="Never my brother", **{field: value})

    answer = browser.post(question(case, shelter), sent)

    assert answer.status_code == 422
    assert field in answer.context["consent_form"].errors
    assert "Never my brother" in answer.content.decode()
    assert not Consent.objects.exists()


def test_the_same_answer_sent_twice_is_written_once(
    browser: Client, case: Case, shelter: Team
) -> None:
    sent = filled(browser.get(question(case, shelter)), answer="given")

    for _ in range(2):
        assert browser.post(question(case, shelter), sent).status_code == 302

    assert Consent.objects.count() == 1


def test_a_child_is_answered_for_by_a_guardian(worker: User, shelter: Team) -> None:
    case = a_case(worker, child="yes", guardian="Her aunt", age=15)
    browser = given.sign_in(worker)
    page = browser.get(question(case, shelter))
    assert "If you are under 18" in page.content.decode()

    answer = browser.post(
        question(case, shelter), filled(page, answer="given"), follow=True
    )

    assert str(Consent.GivenBy.GUARDIAN.label) in answer.content.decode()


# --- asking again


def test_before_it_ends_the_person_is_asked_about_the_same_again(
    browser: Client, consent: Consent, worker: User
) -> None:
    disclosure = actions.disclose(consent, by=worker)
    url = reverse("consent:again", args=[consent.pk])
    page = browser.get(url)
    until = timezone.localdate() + timedelta(days=200)

    words = filled(page, until=until.isoformat())
    wrong = browser.post(url, words | {"answer": "given"})
    answer = browser.post(url, filled(wrong) | {"answer": "given"})

    assert wrong.status_code == 422
    assert answer["Location"] == reverse("consent:consent", args=[consent.pk])
    consent.refresh_from_db()
    disclosure.refresh_from_db()
    assert timezone.localdate(consent.expires_at) == until
    assert disclosure.expires_at == consent.expires_at
    assert Consent.objects.count() == 1


def test_asking_again_adds_nothing(browser: Client, consent: Consent) -> None:
    url = reverse("consent:again", args=[consent.pk])
    sent = filled(browser.get(url), share=["identity.name", "narrative.account"])

    answer = browser.post(url, sent | {"answer": "given"})

    assert "share" in answer.context["consent_form"].errors


def test_what_has_ended_is_asked_anew(
    browser: Client, consent: Consent, worker: User
) -> None:
    actions.withdraw(consent, by=worker)

    answer = browser.get(reverse("consent:again", args=[consent.pk]))

    assert answer["Location"] == question(consent.case, consent.recipient)


# --- the ledger


def test_the_ledger_says_what_is_shared_and_what_has_ended(
    browser: Client, case: Case, shelter: Team, worker: User
) -> None:
    ended = agrees(case, to=shelter, by=worker)
    actions.disclose(ended, by=worker)
    actions.withdraw(ended, by=worker)
    live = agrees(case, to=shelter, by=worker)

    page = browser.get(reverse("consent:ledger", args=[case.pk]))

    assert page.context["live"] == [live]
    assert page.context["ended"] == [ended]
    assert "not yet confirmed" in page.content.decode()


def test_a_consent_is_taken_back_in_two_taps(
    browser: Client, consent: Consent, worker: User
) -> None:
    actions.disclose(consent, by=worker)
    url = reverse("consent:withdraw", args=[consent.pk])

    first = browser.get(url)
    second = browser.post(url, make_form_key())

    assert first.status_code == 200
    assert second["Location"] == reverse("consent:ledger", args=[consent.case_id])
    assert not Disclosure.objects.exists()


def test_the_page_of_a_consent_holds_the_text_that_was_heard(
    browser: Client, case: Case, shelter: Team, worker: User
) -> None:
    consent = agrees(case, to=shelter, by=worker, conditions="Never my brother")

    page = browser.get(reverse("consent:consent", args=[consent.pk])).content.decode()

    assert "القرار لكم" in page
    assert "Never my brother" in page


def test_a_consent_beside_a_referral_is_shared_by_a_button(
    browser: Client, case: Case, shelter: Team, worker: User, shelter_worker: User
) -> None:
    consent = agrees(
        case, to=shelter, by=worker, purpose="coordination", conditions="No police"
    )

    browser.post(reverse("consent:share", args=[consent.pk]), make_form_key())

    theirs = given.sign_in(shelter_worker)
    listed = theirs.get(reverse("consent:shared"))
    assert case.reference in listed.content.decode()
    (disclosure,) = listed.context["disclosures"]
    page = theirs.get(reverse("consent:disclosure", args=[disclosure.pk]))
    assert "Zubaida Canary" in page.content.decode()
    assert "No police" in page.content.decode()
    assert "They kept my passport" not in page.content.decode()


def test_after_withdrawal_the_recipients_page_is_gone(
    case: Case, shelter: Team, worker: User, shelter_worker: User
) -> None:
    consent = agrees(case, to=shelter, by=worker, purpose="coordination")
    disclosure = actions.disclose(consent, by=worker)
    url = reverse("consent:disclosure", args=[disclosure.pk])
    theirs = given.sign_in(shelter_worker)
    assert theirs.get(url).status_code == 200

    actions.withdraw(consent, by=worker)

    assert theirs.get(url).status_code == 404


# --- destroying


def test_a_recipient_sees_what_to_destroy_and_confirms(
    consent: Consent, worker: User, shelter_worker: User
) -> None:
    actions.disclose(consent, by=worker)
    actions.withdraw(consent, by=worker)
    destruction = Destruction.objects.get()
    theirs = given.sign_in(shelter_worker)
    url = reverse("consent:destroy", args=[destruction.pk])

    listed = theirs.get(reverse("consent:destructions")).content.decode()
    shown = theirs.get(url).content.decode()
    theirs.post(url, {"answer": "kept"} | make_form_key())

    assert consent.case.reference in listed
    assert "What is needed" in shown
    assert "Zubaida" not in shown
    destruction.refresh_from_db()
    assert destruction.answer == Destruction.Answer.KEPT
    assert theirs.get(url).status_code == 200


def test_an_outsiders_answer_is_written_down_by_the_sender(
    browser: Client, case: Case, worker: User
) -> None:
    consent = agrees(case, to=given.make_team(name="Village clinic"), by=worker)
    actions.disclose(consent, by=worker)
    actions.withdraw(consent, by=worker)
    url = reverse("consent:destroy", args=[Destruction.objects.get().pk])

    listed = browser.get(reverse("consent:destructions")).content.decode()
    shown = browser.get(url).content.decode()
    browser.post(url, {"answer": "destroyed"} | make_form_key())

    assert "Village clinic" in listed
    assert "by telephone or letter" in shown
    assert not Destruction.objects.waiting().exists()


def test_the_words_for_a_team_without_amana_can_be_read_too(
    browser: Client, case: Case, shelter: Team
) -> None:
    """It is asked about in a referral, which can go on paper."""
    outside = given.make_team()
    sent = filled(browser.get(question(case, shelter)))
    url = reverse("consent:text", args=[case.pk, outside.pk, "coordination"])

    assert browser.post(url, sent).status_code == 200
    assert browser.get(question(case, outside)).status_code == 404


def test_an_unknown_answer_confirms_nothing(
    consent: Consent, worker: User, shelter_worker: User
) -> None:
    actions.disclose(consent, by=worker)
    actions.withdraw(consent, by=worker)
    url = reverse("consent:destroy", args=[Destruction.objects.get().pk])

    given.sign_in(shelter_worker).post(url, {"answer": "maybe"} | make_form_key())

    assert Destruction.objects.waiting().exists()


# --- strangers


def test_strangers_find_nothing(
    case: Case, shelter: Team, worker: User, stranger: User
) -> None:
    consent = agrees(case, to=shelter, by=worker, purpose="coordination")
    gone = agrees(case, to=shelter, by=worker)
    actions.disclose(gone, by=worker)
    actions.withdraw(gone, by=worker)
    disclosure = actions.disclose(consent, by=worker)
    destruction = Destruction.objects.get()
    gets = [
        reverse("consent:ask", args=[case.pk]),
        question(case, shelter),
        reverse("consent:ledger", args=[case.pk]),
        reverse("consent:consent", args=[consent.pk]),
        reverse("consent:again", args=[consent.pk]),
        reverse("consent:disclosure", args=[disclosure.pk]),
        reverse("consent:destroy", args=[destruction.pk]),
    ]
    posts = [
        question(case, shelter),
        reverse("consent:text", args=[case.pk, shelter.pk, "referral"]),
        reverse("consent:again", args=[consent.pk]),
        reverse("consent:share", args=[consent.pk]),
        reverse("consent:destroy", args=[destruction.pk]),
    ]
    colleague = given.make_worker(of=case.team)
    administrator = given.make_worker(of=case.team, role=Role.ADMINISTRATOR)

    for other in (stranger, colleague, administrator):
        browser = given.sign_in(other)
        assert [browser.get(url).status_code for url in gets] == [404] * len(gets)
        answers = [
            browser.post(url, {"answer": "refused"} | make_form_key()) for url in posts
        ]
        assert [a.status_code for a in answers] == [404] * len(posts)
    end = reverse("consent:withdraw", args=[consent.pk])
    for other in (stranger, administrator):
        assert given.sign_in(other).get(end).status_code == 404
        assert given.sign_in(other).post(end, make_form_key()).status_code == 404
    assert Consent.objects.live().get() == consent


@pytest.mark.parametrize("role", Role)
def test_what_was_shared_opens_to_those_who_answer_for_the_team_and_no_colleague(
    case: Case, shelter: Team, worker: User, role: Role
) -> None:
    shared = agrees(case, to=shelter, by=worker, purpose="coordination")
    found = actions.disclose(shared, by=worker)
    browser = given.sign_in(given.make_worker(of=shelter, role=role))
    read = 200 if role in ANSWERING else 404

    page = browser.get(reverse("consent:disclosure", args=[found.pk]))
    record = browser.get(reverse("htcds:record", args=[found.pk]))
    listed = browser.get(reverse("consent:shared"))

    assert (page.status_code, record.status_code) == (read, read)
    assert (str(found.pk) in listed.content.decode()) == (role in ANSWERING)
    assert b"Canary" not in page.content or role in ANSWERING


def test_nobody_unknown_gets_further_than_the_sign_in(
    client: Client, case: Case
) -> None:
    answer = client.get(reverse("consent:ledger", args=[case.pk]))

    assert answer.status_code == 302
    assert "sign-in" in answer["Location"]


# --- anyone in the team ends it


@pytest.mark.parametrize("role", WITHDRAWERS)
@pytest.mark.parametrize("restricted", [False, True])
def test_anyone_in_the_team_ends_a_consent_by_the_reference_in_two_taps(
    case: Case, consent: Consent, worker: User, role: Role, restricted: bool
) -> None:
    """Also of a case that is kept to others; nothing of it is to be seen."""
    if restricted:
        cases.restrict(case, people=[worker], by=worker)
    colleague = given.make_worker(of=case.team, role=role)
    url = reverse("consent:withdraw_for")
    browser = given.sign_in(colleague)

    first = browser.post(url, {"reference": f" {case.reference.lower()} "})
    second = browser.post(
        reverse("consent:withdraw", args=[consent.pk]), make_form_key()
    )

    page = first.content.decode()
    assert consent.recipient.name in page
    assert "Nothing has been shared with them yet." in page
    for hidden in ("Zubaida", "555 0101", "A bed for tonight", "passport"):
        assert hidden not in page
    sees_it = role == Role.SUPERVISOR and not restricted
    assert (second["Location"] == url) != sees_it
    assert not Consent.objects.live().exists()
    assert AuditEvent.objects.filter(did="looked up consents").exists()


def test_the_page_names_exactly_the_roles_that_may(worker: User) -> None:
    page = given.sign_in(worker).get(reverse("consent:withdraw_for"))
    lead = (
        page.content.decode().split("one of these roles in the team: ")[1].split(".")[0]
    )
    named = set(re.findall("<bdi>(.+?)</bdi>", lead))
    assert named == {str(Role(role).label) for role in WITHDRAWERS}


def test_a_reference_of_another_team_finds_nothing(
    case: Case, consent: Consent, stranger: User
) -> None:
    url = reverse("consent:withdraw_for")

    found = given.sign_in(stranger).post(url, {"reference": case.reference})

    assert found.status_code == 422
    assert "No case of your team has this reference." in found.content.decode()
    assert consent.recipient.name not in found.content.decode()
    assert actions.find_by_reference(case.reference, by=stranger) is None


def test_a_miss_stands_in_the_log_and_reads_as_one_of_another_team(
    case: Case, consent: Consent, stranger: User
) -> None:
    url = reverse("consent:withdraw_for")
    browser = given.sign_in(stranger)

    theirs = browser.post(url, {"reference": case.reference}).content.decode()
    nobodys = browser.post(url, {"reference": generate_reference()}).content.decode()

    assert alike(theirs) == alike(nobodys)
    missed = AuditEvent.objects.filter(did="found no case by reference")
    said = [(event.actor, event.thing, event.case) for event in missed]
    assert said == [(stranger.actor_id, "", None)] * 2
    assert not AuditEvent.objects.filter(did="looked up consents").exists()


def alike(page: str) -> str:
    """A page without what is typed and what is new on each."""
    return re.sub(r'(value|nonce|content)="[^"]*"', "", page)


def test_references_are_not_tried_without_end(case: Case, worker: User) -> None:
    url = reverse("consent:withdraw_for")
    browser = given.sign_in(worker)
    for _try in range(10):
        assert browser.post(url, {"reference": generate_reference()}).status_code == 422

    eleventh = browser.post(url, {"reference": case.reference})

    assert eleventh.status_code == 409
    assert "Too many attempts" in eleventh.content.decode()


def test_what_was_told_without_her_is_taken_back_by_the_reference_too(
    case: Case, worker: User, shelter: Team, stranger: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr(
        vital_interests, "find_provision", lambda: SimpleNamespace(id="data_act")
    )
    need = case.needs.earliest("pk")
    interest, _copy = vital_interests.disclose(
        need,
        recipient=shelter,
        reason=VitalInterest.Reason.UNCONSCIOUS,
        words="canary: not breathing",
        by=worker,
    )
    colleague = given.make_worker(of=case.team, role=Role.SCREENER)
    cases.restrict(case, people=[worker], by=worker)
    browser = given.sign_in(colleague)
    url = reverse("consent:withdraw_for")
    object_to = reverse("consent:object_to_vital", args=[interest.pk])

    found = browser.post(url, {"reference": case.reference}).content.decode()
    assert shelter.name in found
    assert object_to in found
    assert "canary" not in found
    assert given.sign_in(stranger).post(object_to, make_form_key()).status_code == 404
    theirs = given.sign_in(given.make_worker(of=shelter))
    assert theirs.post(object_to, make_form_key()).status_code == 404
    assert browser.post(object_to, make_form_key()).headers["Location"] == url

    interest.refresh_from_db()
    assert interest.end == VitalInterest.End.OBJECTED
    assert not Disclosure.objects.exists()
    again = browser.post(url, {"reference": case.reference}).content.decode()
    assert "nothing is being shared without consent" in again


# --- cost


def test_a_ledger_costs_the_same_for_one_consent_and_for_thirty(
    browser: Client, case: Case, worker: User
) -> None:
    teams = [a_team_of(Sphere.HUMANITARIAN) for _ in range(30)]
    agrees(case, to=teams[0], by=worker)
    few = queries(browser, reverse("consent:ledger", args=[case.pk]))
    for team in teams[1:]:
        agrees(case, to=team, by=worker)

    assert queries(browser, reverse("consent:ledger", args=[case.pk])) == few


def queries(browser: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url).status_code == 200
    return len(seen)


# --- parts that a role does not open


def told_of_health(
    worker: User, case: Case, team: Team
) -> tuple[ConsentFormContext, str]:
    page = given.sign_in(worker).get(question(case, team))
    return page.context["asked"], page.content.decode()


def test_who_may_not_read_health_is_not_told_whether_anything_is_written_there(
    worker: User,
) -> None:
    team, empty = a_team_of(Sphere.HEALTH), given.make_case(worked_on_by=worker)

    for case in (a_case(worker), empty):
        asked, page = told_of_health(worker, case, team)

        assert not any(key.startswith("health.") for key in asked.present)
        assert 'value="health.summary"' in page  # the person can still agree to it
        form = ConsentForm(asked)
        boxes = [box for group in form.groups() for box in group.boxes]
        assert "health.summary" in {get_key(box) for box in boxes}


def test_who_may_read_health_is_told_what_is_written_there(db: None) -> None:
    nurse = given.make_worker(of=a_team_of(Sphere.HEALTH))

    asked, _page = told_of_health(nurse, a_case(nurse), a_team_of(Sphere.HEALTH))

    assert "health.summary" in asked.present


# --- what the names of the fields would say


HEALTH = ["health.summary"]


def shared_with_a_clinic(case: Case, worker: User) -> Consent:
    clinic = a_team_of(Sphere.HEALTH)
    return agrees(case, to=clinic, by=worker, fields=["identity.name", *HEALTH])


def page_of(consent: Consent, reader: User) -> str:
    browser = given.sign_in(reader)
    path = reverse("consent:consent", args=[consent.pk])
    return browser.get(path).content.decode()


def test_a_supervisor_reads_of_health_only_that_something_is_shared(
    case: Case, worker: User
) -> None:
    found = shared_with_a_clinic(case, worker)
    supervisor = given.make_worker(of=case.team, role=Role.SUPERVISOR)

    page = page_of(found, supervisor)

    assert "Health: some details" in page
    assert "What they want to be called" in page
    assert "Health needs" not in page
    assert "The text read aloud is not shown: it has details" in page


def test_a_colleague_who_reads_health_reads_what_is_shared_of_it(db: None) -> None:
    nurse = given.make_worker(of=a_team_of(Sphere.HEALTH))
    case = a_case(nurse)
    found = shared_with_a_clinic(case, nurse)
    colleague = given.make_worker(of=case.team)
    cases.assign(case, colleague, by=nurse)

    page = page_of(found, colleague)

    assert "Health needs" in page
    assert "Print the text read aloud" in page
    assert "some details" not in page


def test_whoever_read_the_text_aloud_prints_it(case: Case, worker: User) -> None:
    page = page_of(shared_with_a_clinic(case, worker), worker)
    assert "Print the text read aloud" in page


def test_whoever_answers_for_an_outsider_is_not_told_which_health_field_it_was(
    case: Case, worker: User
) -> None:
    clinic = given.make_team(of=given.make_organisation(sphere=Sphere.HEALTH))
    found = agrees(case, to=clinic, by=worker, fields=["identity.name", *HEALTH])
    actions.disclose(found, by=worker)
    actions.withdraw(found, by=worker)
    told = Destruction.objects.get(consent=found)

    browser = given.sign_in(worker)
    page = browser.get(reverse("consent:destroy", args=[told.pk])).content.decode()

    assert "Health: some details" in page
    assert "Health needs" not in page


# --- what is turned away is written down


def test_asking_about_a_team_to_which_nothing_may_be_sent_is_written_down(
    browser: Client, case: Case, worker: User
) -> None:
    border = a_team_of(Sphere.BORDER)

    assert browser.get(question(case, border)).status_code == 404

    said = AuditEvent.objects.get(did="was turned away", actor=worker.actor_id)
    assert said.auditdetail.details["rule"] == "ask_about_team"


def test_an_answer_that_there_is_not_is_not_taken(
    case: Case, consent: Consent, worker: User, shelter_worker: User
) -> None:
    actions.disclose(consent, by=worker)
    actions.withdraw(consent, by=worker)
    told = Destruction.objects.get(consent=consent)
    path = reverse("consent:destroy", args=[told.pk])

    answer = given.sign_in(shelter_worker).post(
        path, make_form_key() | {"answer": "eaten"}
    )

    assert answer.status_code == 400
    assert Destruction.objects.waiting().count() == 1


# --- a form that comes back with what is wrong


def opened_of(case: Case) -> int:
    return AuditEvent.objects.about_case(case.pk).filter(did="opened").count()


def test_what_was_opened_to_ask_again_is_written_down(
    browser: Client, case: Case, shelter: Team, consent: Consent
) -> None:
    for path in (
        question(case, shelter),
        reverse("consent:again", args=[consent.pk]),
    ):
        before = opened_of(case)
        answer = browser.post(path, make_form_key() | {"until": "never"})
        assert answer.status_code == 422
        assert opened_of(case) == before + 1
