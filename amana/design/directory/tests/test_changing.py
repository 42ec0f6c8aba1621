"""A service is added, changed and moved to another team."""

import pytest
from django.urls import reverse

from amana import given
from amana.design.directory import actions
from amana.design.directory.models import Service
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key

from .service_pages import filled_in, html_of, page


class TestChanging:
    def test_a_form_sent_as_it_came_changes_nothing(self, team, focal_point):
        service = given.make_service(
            of=team,
            types=["SH1", "HE2"],
            sexes=["female"],
            age_min=16,
            children_max=2,
            nationalities=["ER", "SY"],
            languages=["ar", "ti"],
            accessibility=["step_free"],
            hours=[[510, 720], [780, 960], [8000, 8100]],
            answers_within_hours=30,
            documents=["passport"],
            max_stay_days=30,
            wait_days=2,
            referral_method="system",
        )
        before = dict(Service.objects.values().get())
        url = reverse("directory:edit", args=[service.pk])
        browser = given.sign_in(focal_point)
        sent = filled_in(html_of(browser.get(url)))
        response = browser.post(url, sent)
        assert response.headers["Location"] == reverse(
            "directory:service", args=[service.pk]
        )
        after = dict(Service.objects.values().get())
        expected = {"version", "updated_at"}
        assert {k for k in before if before[k] != after[k]} == expected

    def test_publishing_needs_a_name_and_what_it_offers(self, team, focal_point):
        browser = given.sign_in(focal_point)
        url = reverse("directory:new")
        sent = filled_in(html_of(browser.get(url)))
        response = browser.post(url, sent)
        assert response.status_code == 422
        assert "Choose what the service offers." in response.content.decode()

        told = {"name": ["Night desk"], "types_SH": ["SH1"], "hours_0": ["22:00–06:00"]}
        told |= {"counts_places": ["on"], "places_total": ["6"], "places_free": ["2"]}
        browser.post(url, sent | told | {k: [v] for k, v in make_form_key().items()})
        service = Service.objects.get()
        assert service.hours == [[1320, 1800]]
        assert (service.places_free, service.team) == (2, team)

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"hours_1": "from eight"}, "can’t be read"),
            ({"hours_1": "25:00–26:00"}, "can’t be read"),
            ({"nationalities": "Atlantis"}, "Atlantis"),
            ({"age_min": "40", "age_max": "20"}, "below the youngest age"),
            ({"lat": "8.5"}, "both latitude and longitude, or neither"),
            ({"lat": "100", "lon": "1"}, "less than or equal to 90"),
            ({"email": "nobody"}, "valid email"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
        self, service, focal_point, wrong, said
    ):
        url = reverse("directory:edit", args=[service.pk])
        browser = given.sign_in(focal_point)
        sent = filled_in(html_of(browser.get(url)))
        response = browser.post(
            url, sent | {"description": ["A quiet street."]} | wrong
        )
        shown = response.content.decode()
        assert response.status_code == 422
        assert said in shown
        assert "A quiet street." in shown
        assert Service.objects.get().description == ""

    def test_who_saves_second_is_told(self, service, focal_point, coordinator):
        url = reverse("directory:edit", args=[service.pk])
        browser = given.sign_in(focal_point)
        sent = filled_in(html_of(browser.get(url)))
        actions.change_service(service, description="Mine first.", by=coordinator)
        response = browser.post(
            url, sent | {"description": ["Mine is longer, though."]}
        )
        assert response.status_code == 409
        assert "Mine is longer, though." in response.content.decode()
        assert Service.objects.get().description == "Mine first."

    def test_others_find_no_form(self, service, worker, outsider, stranger):
        for user in (worker, outsider, stranger):
            assert page(user, "edit", service.pk).status_code == 404
            assert page(user, "end", service.pk).status_code == 404
            assert page(user, "new").status_code == 404
            turned_away = AuditEvent.objects.filter(actor=user.actor_id)
            assert turned_away.filter(did="was turned away").count() == 3
            for name in ("verify", "pause", "resume", "end"):
                url = reverse(f"directory:{name}", args=[service.pk])
                assert given.sign_in(user).post(url).status_code == 404

    def test_keepers_verify_pause_resume_and_end(self, service, focal_point):
        browser = given.sign_in(focal_point)
        for name, status in (
            ("verify", "active"),
            ("pause", "paused"),
            ("resume", "active"),
            ("end", "ended"),
        ):
            response = browser.post(reverse(f"directory:{name}", args=[service.pk]))
            assert response.status_code == 302
            assert Service.objects.get().status == status
        assert Service.objects.get().verified_by == focal_point
        assert "Recovery house" not in html_of(page(focal_point, "services"))


class TestMovingIt:
    def test_a_coordinator_moves_it_by_its_page(self, service, team, coordinator):
        sister = given.make_team(of=team.organisation, name="Night shelter")
        elsewhere = given.make_team(name="Elsewhere")
        browser = given.sign_in(coordinator)
        to = reverse("directory:move", args=[service.pk])
        one = reverse("directory:service", args=[service.pk])
        assert to in html_of(browser.get(one))
        shown = html_of(browser.get(to))
        assert "Night shelter" in shown
        assert "Elsewhere" not in shown

        wrong = browser.post(to, {"seen": service.version, "team": elsewhere.pk})
        assert wrong.status_code == 422
        late = browser.post(to, {"seen": service.version - 1, "team": sister.pk})
        assert late.status_code == 409
        answer = browser.post(to, {"seen": service.version, "team": sister.pk})

        assert answer["Location"] == one
        assert Service.objects.get().team == sister

    def test_who_answers_for_one_team_alone_reads_who_can(self, service, focal_point):
        given.make_team(of=service.organisation)
        browser = given.sign_in(focal_point)
        to = reverse("directory:move", args=[service.pk])
        one = reverse("directory:service", args=[service.pk])
        assert to not in html_of(browser.get(one))
        assert "There is no team you can move it to" in html_of(browser.get(to))

    def test_others_find_no_such_page(self, service, worker, outsider, stranger):
        sister = given.make_team(of=service.organisation)
        to = reverse("directory:move", args=[service.pk])
        for user in (worker, outsider, stranger):
            browser = given.sign_in(user)
            assert browser.get(to).status_code == 404
            data = {"seen": service.version, "team": sister.pk}
            assert browser.post(to, data).status_code == 404
