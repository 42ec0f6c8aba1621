"""The pages: who finds what, at what cost, with and without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from amana import given
from amana.design.directory import actions, labels, views
from amana.design.directory.models import Area, Availability, Service
from amana.design.directory.tests.test_area_files import COUNTRY
from amana.trust.access.models import Role
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key
from tests.patching import replace_everywhere
from tests.worlds import kept

HTMX = {"HX-Request": "true"}
STREET = "17 Almond Street"


@kept
def service(team):
    return given.make_service(
        of=team, name="Recovery house", places_total=10, places_free=4
    )


@kept
def safe_house(team):
    call_command("load_areas", COUNTRY, verbosity=0)
    area = Area.objects.get(code="XM0101")
    return given.make_service(
        of=team,
        name="Safe house",
        types=["SH1"],
        area=area,
        hidden=True,
        address=STREET,
        lat=8.7123,
        lon=-26.1234,
    )


def page(user, name, *args, query="", **options):
    url = reverse(f"directory:{name}", args=args) + query
    return given.sign_in(user).get(url, **options)


def html_of(response) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


class TestTheList:
    def test_shows_what_one_may_see(self, service, worker, outsider, stranger):
        given.make_service(of=service.team, name="Secret desk", visibility="restricted")
        assert "Secret desk" in html_of(page(worker, "services"))
        others = html_of(page(outsider, "services"))
        assert "Recovery house" in others
        assert "Secret desk" not in others
        assert "Recovery house" not in html_of(page(stranger, "services"))

    def test_facets_narrow_it_and_count(self, service, worker):
        given.make_service(name="Clinic", types=["HE2"], languages=["ti"])
        given.make_service(name="Full house", types=["SH2"], places_free=0)
        everything = html_of(page(worker, "services"))
        assert "Shelter and housing (2)" in everything
        assert "Tigrinya (1)" in everything

        shelters = html_of(page(worker, "services", query="?what=SH&free=on"))
        assert "Recovery house" in shelters
        assert "Full house" not in shelters
        assert ">Clinic<" not in shelters

    def test_each_facet_leaves_as_many_as_it_says(self, service, worker):
        call_command("load_areas", COUNTRY, verbosity=0)
        district = Area.objects.get(code="XM0301")
        given.make_service(sexes=["female"], languages=["ar"], area=district)
        given.make_service(sexes=["male"], types=["HE2", "MH1"], children_max=0)
        given.make_service(age_max=17, statuses=["refugee"], groups=["lgbtiq"])
        given.make_service(status="paused", not_groups=["disability"])
        facets = re.findall(
            r'<select[^>]* name="(\w+)"(.*?)</select>',
            html_of(page(worker, "services")),
            re.DOTALL,
        )
        options = [
            (name, value, int(count))
            for name, listed in facets
            for value, count in re.findall(
                r'<option value="([^"]+)"[^>]*>\s*[^<(]+\((\d+)\)', listed
            )
        ]
        assert {name for name, _, _ in options} == {"what", "area", "who", "language"}
        assert len(options) > 15
        for name, value, count in options:
            shown = html_of(page(worker, "services", query=f"?{name}={value}"))
            assert f'<option value="{value}" selected' in shown
            assert shown.count("<tr role") - 1 == count, value

    def test_words_are_found_in_names_types_and_organisations(self, service, worker):
        for words in ("recovery", "dar amal", "reflection shelter"):
            assert "Recovery house" in html_of(
                page(worker, "services", query=f"?words={words}")
            )

    def test_nothing_found_says_how_to_go_on(self, service, worker):
        shown = html_of(page(worker, "services", query="?words=zzz"))
        assert "No services match all filters." in shown
        invented = html_of(page(worker, "services", query="?who=x&what=y&after=zz"))
        assert "No services match all filters." in invented

    @pytest.mark.parametrize("after", ["1" * 5000, "²", "9" * 18])
    def test_an_invented_place_in_the_list_is_its_beginning(
        self, service, worker, after
    ):
        shown = page(worker, "services", query=f"?after={after}")
        assert "Recovery house" in html_of(shown)

    def test_an_empty_directory_says_how_to_begin(self, focal_point):
        shown = html_of(page(focal_point, "services"))
        assert "No service has been published yet." in shown
        assert "Publish the first service" in shown

    def test_pages_follow_each_other(self, worker, team):
        for number in range(30):
            given.make_service(of=team, name=f"House {number:02}")
        first = html_of(page(worker, "services"))
        assert "House 24" in first
        assert "House 25" not in first
        following = re.search(r'rel="next" href="(\?[^"]+)"', first)
        assert following
        second = html_of(page(worker, "services", query=following[1]))
        assert "House 25" in second
        assert "House 24" not in second
        assert 'rel="prev" href="?"' in second

    def test_htmx_gets_the_list_only(self, service, worker):
        part = html_of(page(worker, "services", headers=HTMX))
        assert part.strip().startswith('<div id="found"')
        assert "<html" not in part

    @pytest.mark.parametrize("role", Role)
    def test_who_keeps_the_directory_finds_the_way_in_and_out(self, service, role):
        user = given.make_worker(role=role)
        keeps = role in (Role.COORDINATOR, Role.ADMINISTRATOR)
        shown = html_of(page(user, "services"))
        for name in ("imports:start", "hsds:services"):
            assert (f'href="{reverse(name)}"' in shown) == keeps
        if keeps:
            browser = given.sign_in(user)
            for name in ("imports:start", "hsds:services"):
                assert browser.get(reverse(name)).status_code == 200

    def test_costs_the_same_however_long(
        self, service, worker, django_assert_max_num_queries
    ):
        browser = given.sign_in(worker)
        url = reverse("directory:services")
        browser.get(url)
        with django_assert_max_num_queries(12) as one:
            browser.get(url)
        for _ in range(24):
            given.make_service(of=service.team)
        browser.get(url)
        with django_assert_max_num_queries(12) as many:
            browser.get(url)
        assert len(one) == len(many)


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


def filled_in(html: str) -> dict[str, list[str]]:
    """What a browser would send from the form on the page."""
    sent: dict[str, list[str]] = {}
    form = html[html.index('class="form"') :]
    for tag in re.findall(r"<input [^>]+>", form):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        empty = "on" if said.get("type") == "checkbox" else ""
        ticked = said.get("type") not in ("checkbox", "radio") or " checked" in tag
        if ticked and said.get("name"):
            sent.setdefault(said["name"], []).append(said.get("value", empty))
    for name, inside in re.findall(
        r'<select name="(\w+)".*?>(.*?)</select>', form, re.S
    ):
        first = r'<option value="([^"]*)"'
        chosen = re.search(first + " selected", inside) or re.search(first, inside)
        sent[name] = [chosen[1] if chosen else ""]
    for name, text in re.findall(
        r'<textarea name="(\w+)"[^>]*>\n?(.*?)</textarea>', form, re.S
    ):
        sent[name] = [text]
    return sent


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


class TestFinding:
    def test_an_answer_says_why_and_what_to_ask(self, service, team, worker):
        given.make_service(of=team, name="House for men", sexes=["male"])
        given.make_service(of=team, name="House for adults", age_min=18)
        url = reverse("directory:find")
        browser = given.sign_in(worker)
        sent = filled_in(html_of(browser.get(url)))
        response = browser.post(url, sent | {"need": ["SH2"], "sex": ["female"]})
        shown = html_of(response)
        assert "2 services fit" in shown
        assert "It offers what is needed." in shown
        assert "How old is the person? Only for people aged 18 and over." in shown
        nearly = shown[shown.index("Nearly") :]
        assert "House for men" in nearly
        assert "Only for: men and boys." in nearly

    def test_asking_without_a_need_says_what_is_missing(self, worker):
        response = given.sign_in(worker).post(reverse("directory:find"), {})
        assert response.status_code == 422

    def test_nothing_of_it_is_kept(self, service, worker):
        before = AuditEvent.objects.count()
        given.sign_in(worker).post(
            reverse("directory:find"), {"need": "SH2", "age": "17"}
        )
        assert AuditEvent.objects.count() == before


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


class TestMapAndPaper:
    def test_the_shapes_are_the_country_and_its_regions(self, safe_house, worker):
        answer = page(worker, "shapes").json()
        assert len(answer["features"]) == 11

    def test_paper_groups_services_by_what_they_offer(self, service, team, worker):
        given.make_service(
            of=team, name="Meadow practice", types=["HE2"], sexes=["female"]
        )
        shown = html_of(page(worker, "print"))
        assert shown.index("Health") < shown.index("Meadow practice")
        assert "Only for: women and girls." in shown
        assert "Recovery house" not in html_of(page(worker, "print", query="?what=HE"))

    def test_what_stops_early_says_so(self, team, worker, monkeypatch):
        replace_everywhere(monkeypatch, views, "ON_PAPER", 2)
        for number in range(3):
            shown = html_of(page(worker, "print"))
            assert "This list is incomplete" not in shown, number
            given.make_service(of=team, name=f"House {number}")
        cut = html_of(page(worker, "print"))
        assert "This list is incomplete" in cut
        assert "the first 2 of 3 services" in cut
        assert [f"House {n}" in cut for n in range(3)].count(True) == 2


# --- calling


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
