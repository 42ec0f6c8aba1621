"""Of a hidden house everyone learns that its region has one, where that says nothing,
and not a word more."""

import re

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import given as each
from hypothesis import strategies as st

from amana import given
from amana.design.directory import actions
from amana.design.directory.catalogue import open_catalogue
from amana.design.public_directory import safe_places, views
from amana.design.public_directory.listed import mask_listed
from tests.profiles import each_time
from tests.worlds import kept

from .public_pages import get, read, read_all, roll_back, search

pytestmark = pytest.mark.django_db

EXISTS = "A safe place to stay exists"
STREET, PHONE, NAME = "7 Almond Lane", "+999 31 777 7777", "Casuarina refuge"
SECRETS = (STREET, PHONE, "777 7777", "+99931", NAME, "Quiet Trust", "Hushed Trust")
NOTICE = re.compile(
    r'<div class="notice" data-tone="good">.*?</div>'
    r'|<h2 id="part">A safe place to stay</h2>\s*<ul>.*?</ul>',
    re.DOTALL,
)


@kept
def house_teams(db):
    """Two organisations that run hidden houses and have nothing else."""
    found = []
    for name in ("Quiet Trust", "Hushed Trust"):
        team = given.make_team(of=given.make_organisation(name=name))
        given.make_worker(of=team)
        found.append(team)
    return found


def publish(team, area, coordinator, **fields):
    made = {
        "name": "Desk",
        "types": ["LG1"],
        "visibility": "public",
        "counts_places": False,
    }
    return given.make_service(of=team, by=coordinator, area=area, **made | fields)


def hide(team, area, coordinator, **fields):
    made = {
        "name": NAME,
        "types": ["SH1"],
        "hidden": True,
        "address": STREET,
        "phone": PHONE,
        "arrival": STREET,
    }
    return publish(team, area, coordinator, **made | fields)


@pytest.fixture
def large_region(teams, areas, coordinator):
    """Region 1: eight services of four organisations."""
    for number in range(8):
        area = areas["QA1N" if number % 2 else "QA1S"]
        publish(teams[number % 4], area, coordinator, name=f"Desk {number}")
    return areas["QA1"]


def test_a_large_region_is_named(large_region, house_teams, areas, coordinator) -> None:
    hide(house_teams[0], areas["QA1N"], coordinator)
    page = read("find", need="SH", area="QA1N")
    assert f"{EXISTS} in this region: <bdi>Region 1</bdi>" in page
    assert EXISTS in read("find")
    assert EXISTS in read("leaflet", area="QA1", need="SH1")
    assert EXISTS in read("embedded", area="QA1")
    assert EXISTS not in read("find", need="HE")


def test_another_region_reads_of_the_country_alone(
    large_region, house_teams, areas, coordinator
) -> None:
    hide(house_teams[0], areas["QA1N"], coordinator)
    page = read("find", need="SH", area="QA2")
    assert f"{EXISTS} in this country." in page
    assert "Region 1" not in page


def test_a_house_has_to_choose_it(
    large_region, house_teams, areas, coordinator
) -> None:
    for visibility in ("network", "restricted"):
        hide(house_teams[0], areas["QA1N"], coordinator, visibility=visibility)
    assert EXISTS not in read("find", need="SH")


def test_nor_is_it_said_of_what_has_ended_or_is_no_place_to_stay(
    large_region, house_teams, areas, coordinator
) -> None:
    hide(house_teams[0], areas["QA1N"], coordinator, types=["LG1"])
    house = hide(house_teams[0], areas["QA1N"], coordinator)
    actions.end_service(house, by=coordinator)
    assert EXISTS not in read("find", need="SH")


def test_the_page_does_not_change_when_a_house_is_full(
    large_region, house_teams, areas, coordinator
) -> None:
    house = hide(house_teams[0], areas["QA1N"], coordinator)
    before = read("find", need="SH", area="QA1N")
    assert EXISTS in before
    actions.pause_service(house, by=coordinator)
    assert read("find", need="SH", area="QA1N") == before


@pytest.mark.parametrize("lacks", ["services", "organisations"])
def test_a_small_region_is_not_named_and_not_found_by_leaving_others_out(
    teams, areas, coordinator, house_teams, lacks
) -> None:
    for number in range(7 if lacks == "services" else 9):
        team = teams[number % (4 if lacks == "services" else 3)]
        publish(team, areas["QA1N"], coordinator)
    hide(house_teams[0], areas["QA1N"], coordinator)
    for area in ("", "QA", "QA1", "QA1N", "QA2"):
        assert EXISTS not in read("find", need="SH", area=area)


def test_several_small_regions_are_one(teams, areas, coordinator, house_teams) -> None:
    for number in range(8):
        area = areas[f"QA{number % 4 + 1}"]
        publish(teams[number % 4], area, coordinator)
    hide(house_teams[0], areas["QA2N"], coordinator)
    page = read("find", need="SH", area="QA2")
    assert f"{EXISTS} in this country." in page
    assert "in this region" not in page


def test_two_small_regions_are_too_few_to_be_one(
    teams, areas, coordinator, house_teams
) -> None:
    """Who knows that three are large would look in the other two."""
    for region in ("QA1", "QA2", "QA3"):
        for number in range(8):
            publish(teams[number % 4], areas[region], coordinator)
    for number in range(6):
        publish(teams[number % 3], areas["QA4"], coordinator)
        publish(teams[number % 3 + 3], areas["QA5"], coordinator)
    hide(house_teams[0], areas["QA5N"], coordinator)
    for area in ("", "QA", "QA4", "QA5", "QA5N", "QA1"):
        assert EXISTS not in read("find", need="SH", area=area)


def test_what_is_for_the_whole_country_makes_no_small_region_large(
    teams, areas, coordinator, house_teams
) -> None:
    for number in range(9):
        publish(teams[number % 5], areas["QA"], coordinator)
    hide(house_teams[0], areas["QA5N"], coordinator)
    assert EXISTS not in read("find", need="SH", area="QA5")
    assert EXISTS not in read("find", need="SH")


def test_one_asks_through_a_service_that_refers_people_on(
    large_region, house_teams, teams, areas, coordinator
) -> None:
    hide(house_teams[0], areas["QA1N"], coordinator)
    page = read("find", need="SH", area="QA1")
    assert "Ask any service of this directory." in page

    publish(
        teams[0],
        areas["QA2"],
        coordinator,
        name="Far case workers",
        types=["CM1"],
        phone="+999 20 555 0002",
    )
    publish(
        teams[5],
        areas["QA1"],
        coordinator,
        name="Case workers",
        types=["CM1"],
        phone="+999 20 555 0001",
    )
    page = read("find", need="SH", area="QA1")
    assert "Ask through:" in page
    assert page.index("Case workers") < page.index("Far case workers")
    assert 'href="tel:+999205550001"' in page


def test_whom_one_asks_and_what_may_be_named_follows_from_what_is_listed(
    large_region, house_teams, areas, coordinator
) -> None:
    def derive():
        with open_catalogue() as catalogue:
            listed = mask_listed(catalogue)
            return (
                safe_places.find_tellable_regions(catalogue, listed),
                safe_places.find_whom_to_ask(catalogue, listed, ("QA", "QA1")),
            )

    before = derive()
    hide(house_teams[0], areas["QA1N"], coordinator, types=["SH1", "CM1"])
    hide(house_teams[1], areas["QA2N"], coordinator)
    assert derive() == before


# --- generated directories

DISTRICTS = [f"QA{number}{part}" for number in range(1, 6) for part in "NS"]
PLACES = ["QA1", "QA2N"]
LISTED = st.lists(
    st.tuples(
        st.sampled_from(["QA", *DISTRICTS[:6]]),
        st.integers(0, 5),
        st.sampled_from([["CM1"], ["HE2"], ["SH3"], ["LG1", "SH13"]]),
        st.sampled_from([[], ["walk_in"], ["phone"]]),
        st.booleans(),
    ),
    max_size=14,
)
WORDS = ["refuge", "Quiet Trust", STREET, "safe house", "777", "Casuarina"]


@pytest.fixture
def build(teams, coordinator, areas, house_teams, monkeypatch):
    """Read every page of a directory with these houses; their numbers are left out."""

    monkeypatch.setattr(views, "within_limit", lambda request, action: True)

    def build(listed, houses):
        with transaction.atomic():
            first = None
            for code, team, types, modalities, called in listed:
                made = publish(
                    teams[team],
                    areas[code],
                    coordinator,
                    types=types,
                    modalities=modalities,
                    phone="+999 20 555 0000" if called else "",
                )
                first = first or made
            base = first.pk if first else 0
            hidden = [
                hide(house_teams[team], areas[code], coordinator, types=types)
                for code, team, types in houses
            ]
            pages = dict(read_all(PLACES, WORDS))
            gone = [get("service", house.pk) for house in hidden]
            roll_back()
        assert all(page.status_code == 404 for page in gone)
        return {
            relative(name, base): relative(page, base) for name, page in pages.items()
        }

    return build


def relative(text: str, base: int) -> str:
    """With numbers of services counted from the first, and without those of parts."""

    def count(found: re.Match[str]) -> str:
        return f"{found[1]}{int(found[2]) - base}"

    text = re.sub(r'id="part-\d+"', 'id="part"', text)
    text = re.sub(r'src="data:[^"]*"', "", text)
    text = re.sub(r"(service/|service |text |service-|after=)(\d+)", count, text)
    return re.sub(r"#part-\d+", "#part", text)


def leave_out_sentence(pages: dict[str, str]) -> dict[str, str]:
    """Leave out that a house exists, and the empty lines around it."""
    return {
        name: re.sub(r"\s+", "", NOTICE.sub("", page)) for name, page in pages.items()
    }


@settings(
    max_examples=each_time(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@each(
    listed=LISTED,
    region=st.sampled_from(["QA1", "QA2", "QA3"]),
    kinds=st.tuples(*[st.sampled_from([["SH1"], ["SH7", "CP4"], ["SH8"]])] * 2),
)
def test_no_page_says_more_than_one_bit_of_a_region(
    build, listed, region, kinds
) -> None:
    """Whose house it is, in which district and of which kind changes no letter of any
    page; and whether there is one, the one sentence alone."""
    here = build(listed, [(f"{region}N", 0, kinds[0])])
    there = build(listed, [(f"{region}S", 1, kinds[1])])
    assert here == there

    nowhere = build(listed, [])
    assert leave_out_sentence(here) == leave_out_sentence(nowhere)
    for name, page in here.items():
        if not name.startswith("search"):
            leaked = [secret for secret in SECRETS if secret in page]
            assert leaked == [], name


def test_a_search_for_its_secrets_finds_nothing(
    large_region, house_teams, areas, coordinator
) -> None:
    hide(house_teams[0], areas["QA1N"], coordinator, description="By the old mill")
    for words in (*SECRETS, "old mill"):
        page = search(words).content.decode()
        assert "0 services" in page, words


def test_it_is_in_no_pdf(large_region, house_teams, areas, coordinator) -> None:
    import pypdfium2

    hide(house_teams[0], areas["QA1N"], coordinator)
    pdf = pypdfium2.PdfDocument(get("leaflet_pdf", area="QA1", need="SH").content)
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert "safe place to stay exists" in " ".join(text.split())
    assert [secret for secret in SECRETS if secret in text] == []
