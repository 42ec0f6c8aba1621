"""The page of a service, its free places, and what a safe house hides."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from amana import given
from amana.design.directory import actions, labels
from amana.design.directory.models import Availability, Service
from amana.design.directory.tests.test_area_files import COUNTRY
from amana.trust.audit.models import AuditEvent

from .service_pages import HTMX, STREET, html_of, page


class TestOneService:
    def test_says_everything_in_words(self, team, worker):
        call_command("load_areas", COUNTRY, verbosity=0)
        service = given.make_service(
            of=team,
            types=["SH2", "SH5"],
            sexes=["female"],
            age_min=18,
            children_max=2,
            languages=["ar", "ti"],
            hours=[[510, 960], [1950, 2400]],
            documents=["passport"],
            needs_police=True,
            coverage=["XM03"],
            traits=["women_staff"],
            answers_within_hours=72,
            costs=True,
            wait_days=3,
        )
        shown = html_of(page(worker, "service", service.pk))
        for words in (
            "Only for: women and girls.",
            "Only for people aged 18 and over.",
            "The person can bring at most 2 children.",
            "Documents required: passport.",
            "Requires cooperation with the police.",
            "Tamra",
            "Arabic, Tigrinya",
            "Mon – Tue 08:30–16:00",
            "within 3 days",
            "Women on the staff",
            "3 days",
        ):
            assert words in shown

    def test_a_stranger_does_not_find_it(self, service, stranger):
        assert page(stranger, "service", service.pk).status_code == 404
        assert page(stranger, "service", 999_999).status_code == 404

    def test_what_a_hostile_name_says_is_harmless(self, team, worker):
        name = "<b>House</b> \u202egnp.exe"
        service = given.make_service(
            of=team, name=name, description="<script>x</script>"
        )
        for shown in (
            html_of(page(worker, "service", service.pk)),
            html_of(page(worker, "services")),
        ):
            assert "<b>House" not in shown
            assert "<script>x" not in shown


class TestASafeHouse:
    def test_its_address_and_place_are_nowhere_for_anybody_else(
        self, safe_house, outsider, coordinator
    ):
        for user in (outsider, coordinator):
            for name, args in (
                ("services", []),
                ("map", []),
                ("clusters", []),
                ("print", []),
                ("shapes", []),
                ("service", [safe_house.pk]),
            ):
                query = "?box=-27,7,-23,11&zoom=14" if name == "clusters" else ""
                shown = html_of(page(user, name, *args, query=query))
                assert STREET not in shown
                assert "26.1234" not in shown
                assert "8.7123" not in shown
            assert "Port Selene" in html_of(page(user, "map"))

    def test_nobody_else_can_ask_for_it(self, safe_house, outsider, coordinator):
        url = reverse("directory:hidden_address", args=[safe_house.pk])
        for user in (outsider, coordinator):
            assert given.sign_in(user).post(url).status_code == 404

    def test_its_team_opens_it_with_a_tap_that_is_written_down(
        self, safe_house, worker
    ):
        assert STREET not in html_of(page(worker, "service", safe_house.pk))
        url = reverse("directory:hidden_address", args=[safe_house.pk])
        response = given.sign_in(worker).post(url, headers=HTMX)
        assert STREET in html_of(response)
        assert "no-store" in response.headers["Cache-Control"]
        assert AuditEvent.objects.latest("pk").did == "opened hidden address"
        assert STREET in html_of(given.sign_in(worker).post(url))


class TestWhenAPlaceWasTaken:
    """In a safe house: the minute in which someone came."""

    @pytest.fixture
    def taken(self, safe_house, worker):
        actions.report_places(safe_house, 3, by=worker)
        actions.book_places(safe_house, by=worker)
        safe_house.refresh_from_db()
        return safe_house

    def test_its_team_reads_the_day_and_others_nothing(
        self, taken, worker, outsider, coordinator
    ):
        assert "Taken by a referral" in html_of(page(worker, "service", taken.pk))
        for user in (outsider, coordinator):
            shown = html_of(page(user, "service", taken.pk))
            assert "Taken by a referral" not in shown
            assert "2 of" not in shown
            assert "Places free" in shown

    def test_no_list_says_a_time_or_a_number(self, taken, worker, coordinator):
        said = timezone.now() - timedelta(hours=50)
        Service.objects.filter(pk=taken.pk).update(places_said_at=said)
        at, minute = said.isoformat()[:16], date_format(timezone.localtime(said), "H:i")
        for user in (worker, coordinator):
            for name in ("services", "places", "map", "print"):
                shown = html_of(page(user, name))
                assert at not in shown
                assert minute not in shown
            assert "Places free" in html_of(page(user, "services"))

    def test_the_history_holds_the_day_alone(self, taken):
        for report in taken.places_reports.all():
            at = timezone.localtime(report.at)
            assert (at.hour, at.minute, at.second, at.microsecond) == (0, 0, 0, 0)

    def test_words_for_others_say_the_day(self, taken):
        assert labels.format_count(taken).endswith("counted today")
        assert labels.format_count_time(taken) == "counted today"


class TestFreePlaces:
    def say(self, user, service, free, was, **options):
        url = reverse("directory:report_places", args=[service.pk])
        return given.sign_in(user).post(url, {"free": free, "was": was}, **options)

    def test_two_taps_change_the_number(self, service, worker):
        shown = html_of(page(worker, "places"))
        assert "Recovery house" in shown
        assert 'name="free" value="3"' in shown
        response = self.say(worker, service, 3, 4, headers=HTMX)
        part = html_of(response)
        assert part.strip().startswith(
            f'<li class="place-count" id="places-{service.pk}"'
        )
        assert "<strong>3</strong>" in part
        assert Service.objects.get().places_free == 3

    def test_without_javascript_it_ends_in_a_redirect(self, service, worker):
        response = self.say(worker, service, 0, 4)
        assert response.headers["Location"] == reverse("directory:places")
        assert Service.objects.get().is_full

    def test_the_same_tap_twice_has_one_effect(self, service, worker):
        for _ in range(2):
            assert self.say(worker, service, 3, 4).status_code == 302
        assert Service.objects.get().places_free == 3

    def test_who_comes_second_is_told_what_is_so_now(
        self, service, worker, focal_point
    ):
        self.say(focal_point, service, 1, 4)
        response = self.say(worker, service, 5, 4)
        assert response.status_code == 409
        assert "Places free now: 1." in response.content.decode()
        assert Service.objects.get().places_free == 1

    @pytest.mark.parametrize("free", ["1" * 5000, "1" * 4000, "²", ""])
    def test_what_is_no_number_is_not_taken(self, service, worker, free):
        assert self.say(worker, service, free, 4).status_code == 400
        assert Service.objects.get().places_free == 4

    def test_others_find_nothing_to_say(self, service, outsider, stranger):
        for user in (outsider, stranger):
            assert "Recovery house" not in html_of(page(user, "places"))
            assert self.say(user, service, 1, 4).status_code == 404
        assert Availability.objects.count() == 1

    def test_what_is_none_of_its_places_is_refused(self, service, worker):
        assert self.say(worker, service, "x", 4).status_code == 400
        assert self.say(worker, service, 11, 4).status_code == 409

    def test_a_team_without_counted_places_reads_what_to_do(self, worker):
        assert "None of your team" in html_of(page(worker, "places"))


def test_a_service_is_called_by_its_own_number_or_its_teams(team, outsider):
    team.phone = "555 0204"
    team.save()
    service = given.make_service(of=team)
    browser = given.sign_in(outsider)
    page = browser.get(reverse("directory:service", args=[service.pk]))
    assert 'href="tel:5550204"' in page.content.decode()
    Service.objects.update(phone="555 0301")
    page = browser.get(reverse("directory:service", args=[service.pk]))
    assert 'href="tel:5550301"' in page.content.decode()


def test_no_pin_stands_on_a_secret_address(team, outsider):
    area = given.make_area(above=given.make_area())
    hidden = given.make_service(of=team, hidden=True, area=area)
    known = given.make_service(of=team, area=area)
    browser = given.sign_in(outsider)
    for service, pins in ((hidden, []), (known, 1)):
        page = browser.get(reverse("directory:service", args=[service.pk]))
        assert len(page.context["pins"]) == (pins or 0)
