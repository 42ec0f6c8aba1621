"""The page that is read to a person before they agree."""

from typing import Any

from django.test import Client
from django.urls import reverse

from amana import given
from amana.care.cases.models import Case
from amana.care.consent.consent_questions import ConsentFormContext
from amana.care.consent.forms import ConsentForm, get_key
from amana.trust.access.models import Sphere, Team, User
from tests.pages import doubled_ids

from .browsers import filled, question
from .conftest import a_case, a_team_of

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
