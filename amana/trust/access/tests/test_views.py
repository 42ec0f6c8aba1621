"""The pages about organisations, teams, people, and one's own account."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amana import given
from amana.trust.access import actions
from amana.trust.access.models import Membership, Organisation, Role, Session, Team
from amana.ui.once import make_form_key
from tests.worlds import kept

pytestmark = pytest.mark.django_db


@kept
def admin(db):
    return given.make_worker(role=Role.ADMINISTRATOR)


@kept
def at_admin(admin):
    return given.sign_in(admin)


@kept
def worker(db):
    return given.make_worker()


@kept
def at_worker(worker):
    return given.sign_in(worker)


def test_an_administrator_enters_and_another_admits(at_admin):
    added = at_admin.post(
        reverse("access:add_organisation"),
        {"name": "Lake House", "kind": "ngo", "sphere": "health"} | make_form_key(),
    )
    entered = Organisation.objects.get(name="Lake House")
    alone = at_admin.post(reverse("access:admit", args=[entered.pk]))
    other = given.sign_in(given.make_worker(role=Role.COORDINATOR))
    page = other.get(added.url).content.decode()
    admitted = other.post(reverse("access:admit", args=[entered.pk]))

    assert added.url == reverse("access:organisation", args=[entered.pk])
    assert alone.status_code == 409
    assert "I have checked" in page
    assert admitted.status_code == 302
    entered.refresh_from_db()
    assert entered.admitted_at


def test_a_supervisor_elsewhere_signs_where_two_of_one_office_have(admin):
    office = admin.memberships.get().team
    beside = given.sign_in(given.make_worker(of=office, role=Role.ADMINISTRATOR))
    house = actions.propose_organisation(
        name="Lake House", kind="ngo", sphere="health", by=admin
    )
    address = reverse("access:organisation", args=[house.pk])
    sign = reverse("access:admit", args=[house.pk])
    first = beside.post(sign, follow=True).content.decode()
    other = given.sign_in(given.make_worker(role=Role.SUPERVISOR))
    waits = other.get(reverse("vault:admissions")).content.decode()
    page = other.get(address).content.decode()
    house.refresh_from_db()

    assert "from an organisation other than yours" in first
    assert house.admitted_at is None
    assert "Lake House" in waits
    assert "sign for it" in page
    assert other.post(sign).status_code == 302
    house.refresh_from_db()
    assert house.admitted_at
    assert given.sign_in(given.make_worker()).post(sign).status_code == 404


def test_the_same_form_sent_twice_enters_one_organisation(at_admin):
    form = {"name": "Lake House", "kind": "ngo", "sphere": "health"} | make_form_key()

    first = at_admin.post(reverse("access:add_organisation"), form)
    second = at_admin.post(reverse("access:add_organisation"), form)

    assert first.url == second.url
    assert Organisation.objects.filter(name="Lake House").count() == 1


def test_what_is_wrong_with_a_form_is_said_beside_it(at_admin):
    answer = at_admin.post(reverse("access:add_organisation"), make_form_key())

    assert answer.status_code == 422
    assert "This field is required" in answer.content.decode()


def test_a_name_that_is_taken_is_refused_in_words(at_admin):
    given.make_organisation(name="Lake House")

    answer = at_admin.post(
        reverse("access:add_organisation"),
        {"name": "Lake House", "kind": "ngo", "sphere": "health"} | make_form_key(),
    )

    assert answer.status_code == 422
    assert "already exists" in answer.content.decode()


def test_organisations_and_teams_are_changed(at_admin):
    team = given.make_team(name="Night")
    house = team.organisation
    at_admin.post(
        reverse("access:edit_organisation", args=[house.pk]),
        {"name": "Lake Home", "kind": "public", "sphere": house.sphere},
    )
    at_admin.post(reverse("access:edit_team", args=[team.pk]), {"name": "Day"})
    at_admin.post(
        reverse("access:add_team", args=[house.pk]), {"name": "Night"} | make_form_key()
    )

    house.refresh_from_db()
    assert (house.name, house.kind) == ("Lake Home", "public")
    assert set(house.teams.values_list("name", flat=True)) == {"Day", "Night"}


def test_another_sphere_waits_for_signatures_and_changes_nothing(at_admin):
    house = given.make_organisation()

    at_admin.post(
        reverse("access:edit_organisation", args=[house.pk]),
        {"name": house.name, "kind": house.kind, "sphere": "border"},
    )

    house.refresh_from_db()
    assert house.admitted_at
    assert (house.sphere, house.proposed_sphere) == ("humanitarian", "border")
    page = at_admin.get(reverse("access:organisation", args=[house.pk]))
    assert "New sphere of work proposed" in page.content.decode()


def test_two_teams_of_one_organisation_have_two_names(at_admin):
    team = given.make_team(name="Night")

    answer = at_admin.post(
        reverse("access:add_team", args=[team.organisation_id]),
        {"name": "Night"} | make_form_key(),
    )

    assert answer.status_code == 422
    assert Team.objects.filter(name="Night").count() == 1


def test_a_colleague_is_proposed_with_a_code_shown_once(at_admin):
    team = given.make_team()
    form = {
        "email": "nour@example.org",
        "name": "Nour Saleh",
        "role": "case_worker",
        "language": "ar",
    } | make_form_key()

    answer = at_admin.post(reverse("access:propose", args=[team.pk]), form)
    again = at_admin.post(reverse("access:propose", args=[team.pk]), form)
    page = at_admin.get(reverse("access:team", args=[team.pk])).content.decode()

    assert len(answer.context["code"]) == 24
    assert again.status_code == 302
    assert "Nour Saleh" in page
    assert answer.context["code"] not in page


def test_a_lost_code_is_made_anew_and_a_proposal_withdrawn(at_admin):
    team = given.make_team()
    form = {
        "email": "n@example.org",
        "name": "N",
        "role": "case_worker",
        "language": "ar",
    }
    at_admin.post(reverse("access:propose", args=[team.pk]), form | make_form_key())
    place = Membership.objects.get(team=team)

    renewed = at_admin.post(
        reverse("access:renew_invitation", args=[place.pk]), make_form_key()
    )
    withdrawn = at_admin.post(reverse("access:withdraw", args=[place.pk]))

    assert renewed.context["code"]
    assert withdrawn.url == reverse("access:team", args=[team.pk])
    assert not Membership.objects.waiting().exists()


def test_who_works_elsewhere_sees_that_they_are_proposed_and_declines(worker, admin):
    team = given.make_team()
    place, _code = actions.propose(
        team,
        email=worker.email,
        name="",
        language="en",
        role=Role.CASE_WORKER,
        by=admin,
    )
    browser = given.sign_in(worker)
    decline = reverse("access:withdraw", args=[place.pk])
    assert decline in browser.get(reverse("access:account")).content.decode()

    answer = browser.post(decline)

    assert answer["Location"] == reverse("access:account")
    assert not Membership.objects.waiting().exists()
    assert decline not in browser.get(reverse("access:account")).content.decode()


def test_a_supervisor_is_offered_the_roles_of_a_team_alone():
    team = given.make_team()
    browser = given.sign_in(given.make_worker(of=team, role=Role.SUPERVISOR))

    page = browser.get(reverse("access:propose", args=[team.pk]))
    forced = browser.post(
        reverse("access:propose", args=[team.pk]),
        {
            "email": "n@example.org",
            "name": "N",
            "role": "administrator",
            "language": "en",
        }
        | make_form_key(),
    )

    offered = {value for value, _label in page.context["form"].fields["role"].choices}
    assert "administrator" not in offered
    assert forced.status_code == 422


STRANGERS = [
    "access:organisation",
    "access:edit_organisation",
    "access:admit",
    "access:add_team",
]
STRANGERS_OF_TEAM = ["access:team", "access:edit_team", "access:propose"]
STRANGERS_OF_PLACE = ["access:renew_invitation", "access:withdraw"]


@pytest.mark.parametrize("page", STRANGERS + STRANGERS_OF_TEAM + STRANGERS_OF_PLACE)
def test_strangers_find_nothing(at_worker, admin, page):
    team = given.make_team()
    place = Membership.objects.create(
        user=given.make_user(), team=team, role=Role.CASE_WORKER, proposed_by=admin
    )
    pk = {
        **dict.fromkeys(STRANGERS, team.organisation_id),
        **dict.fromkeys(STRANGERS_OF_TEAM, team.pk),
        **dict.fromkeys(STRANGERS_OF_PLACE, place.pk),
    }[page]

    answers = {
        at_worker.get(reverse(page, args=[pk])).status_code,
        at_worker.post(reverse(page, args=[pk]), make_form_key()).status_code,
    }

    assert answers <= {404, 405}
    assert 404 in answers


def test_workers_see_their_own_team_and_may_not_change_it(at_worker, worker):
    team = worker.memberships.get().team

    page = at_worker.get(reverse("access:team", args=[team.pk]))
    listed = at_worker.get(reverse("access:organisations")).content.decode()

    assert page.status_code == 200
    assert "Propose a colleague" not in page.content.decode()
    assert team.name in listed
    assert at_worker.get(reverse("access:propose", args=[team.pk])).status_code == 404
    assert at_worker.get(reverse("access:edit_team", args=[team.pk])).status_code == 404
    assert at_worker.get(reverse("access:add_organisation")).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_many(
    at_admin,
):
    team = given.make_team()
    pages = [reverse("access:organisations"), reverse("access:team", args=[team.pk])]
    at_admin.get(pages[0])  # the numbers of the navigation are kept for a while
    before = [queries_of(at_admin, page) for page in pages]
    for _n in range(20):
        given.make_worker()
        given.make_worker(of=team)

    assert [queries_of(at_admin, page) for page in pages] == before
    assert max(before) <= 12


def queries_of(browser, page):
    with CaptureQueriesContext(connection) as captured:
        browser.get(page)
    return len(captured)


# --- oneself


def test_people_see_and_end_their_other_sessions(at_worker, worker):
    elsewhere = given.sign_in(worker)
    page = at_worker.get(reverse("access:account"))
    other = next(
        s
        for s in page.context["sessions"]
        if s.session_key != at_worker.session.session_key
    )

    at_worker.post(reverse("vault:end_session"), {"session": other.handle})

    assert other.session_key not in page.content.decode()
    assert elsewhere.get(reverse("access:account")).status_code == 302
    assert at_worker.get(reverse("access:account")).status_code == 200


def test_nobody_ends_the_session_of_somebody_else(at_worker):
    other = given.make_worker()
    given.sign_in(other)
    handle = Session.objects.get(user=other).handle

    answer = at_worker.post(reverse("vault:end_session"), {"session": handle})

    assert answer.status_code == 404
    assert Session.objects.filter(user=other).exists()


def test_one_tap_signs_out_everywhere_else(at_worker, worker):
    elsewhere = [given.sign_in(worker) for _n in range(2)]

    at_worker.post(reverse("vault:end_other_sessions"))

    assert all(b.get(reverse("access:account")).status_code == 302 for b in elsewhere)
    assert at_worker.get(reverse("access:account")).status_code == 200


def test_people_choose_their_language(at_worker, worker):
    answer = at_worker.post(
        reverse("access:account"), {"name": "Amal", "language": "ar"}
    )
    page = at_worker.get(reverse("access:account")).content.decode()

    worker.refresh_from_db()
    assert answer.status_code == 302
    assert worker.language == "ar"
    assert 'dir="rtl"' in page


def test_what_stands_in_the_address_answers_no_form(at_worker, worker):
    address = f"{reverse('access:account')}?name=Forged&language=fr"
    answer = at_worker.post(address, {"language": "ar"})

    before = worker.name
    worker.refresh_from_db()
    assert answer.status_code == 422
    assert (worker.name, worker.language) == (before, "en")


def test_the_only_second_factor_cannot_be_removed(at_worker, worker):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(worker, generate_totp_secret())
    at_worker.post(reverse("vault:unlock"), {"passphrase": given.PASSPHRASE})

    page = at_worker.get(reverse("mfa_deactivate_totp")).content.decode()
    at_worker.post(reverse("mfa_deactivate_totp"))

    assert "only second step" in page
    assert worker.authenticator_set.exists()
