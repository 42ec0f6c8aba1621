"""The packs that come with Amana can be adopted as they are."""

import random

import pytest

from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.tests.packs import DISTRICT, EXAMPLE, ROAD, SHIPPED
from amana.design.pathway.pathway_model import Do, Tell
from amana.design.pathway.tests.pathways import finish, walk

NEXT = "next_stop"
NEXT_SCREENING = b"    screening: quick-screening\n"


def read(folder):
    pack, faults = reading.read_pack(files.read_folder(folder))
    assert not faults, "\n".join(map(str, faults))
    return pack


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_nothing_is_wrong_with_it_and_nothing_is_missing(folder):
    pack = read(folder)

    assert pack.notice.keys() == set(pack.languages) == {"en", "fr", "ar"}
    assert pack.law
    assert pack.indicators
    assert pack.glossary
    assert pack.duties
    assert pack.services
    assert pack.capacity["work_hours"].keys() == {step.id for step in work_of(pack)}
    assert "withdrawal" in pack.pathway.interrupts
    chapters = {tuple((c.number, c.name) for c in all) for all in pack.sop.values()}
    assert len(chapters) == 1


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_every_question_says_where_it_comes_from(folder):
    for form in read(folder).forms.values():
        unsaid = [
            question.name for question in form.questions.values() if not question.source
        ]
        assert not unsaid, form.name


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_every_form_has_its_title_in_the_three_languages(folder):
    for name, form in read(folder).forms.items():
        assert form.title.keys() == {"en", "fr", "ar"}, name
        assert len(set(form.title.values())) == 3, name


def test_merravias_mechanism_has_its_branches():
    pack = read(EXAMPLE)

    assert len(pack.roles) == 8
    assert len(pack.forms) == 13
    assert {"emergency", "guardian", "propose", "farewell"} <= pack.pathway.steps.keys()
    assert len(work_of(pack)) >= 25


def test_the_districts_network_has_its_branches():
    pack = read(DISTRICT)

    branches = {"emergency", "interpreter", "after_violence", "guardian", "listen"}
    branches |= {"begin_treatment", "seen", "go_on", "speak_alone", "farewell"}
    assert branches <= pack.pathway.steps.keys()
    told = {s.tell for s in pack.pathway.steps.values() if isinstance(s, Tell)}
    assert told == {"hospital", "national"}


def test_the_road_network_has_no_authority_in_it():
    pack = read(ROAD)

    assert len(pack.roles) == 7
    assert {"shelter_tonight", "hear_child", "missing"} <= pack.pathway.steps.keys()
    told = {s.tell for s in pack.pathway.steps.values() if isinstance(s, Tell)}
    assert told == {"next_stop", "family_links", "national"}
    assert {organisation.kind for organisation in pack.organisations.values()} == {
        "ngo",
        "community",
    }
    outside = {"law_enforcement", "border"}
    assert not outside & {role.sphere for role in pack.roles.values()}
    assert not any(pack.sharing[sphere] for sphere in outside)


def test_the_road_tells_a_stop_only_after_a_yes_to_this_stop():
    pathway = read(ROAD).pathway
    steps = pathway.steps

    told = {s.id for s in steps.values() if isinstance(s, Tell) and s.tell == NEXT}
    before = {s.id for s in steps.values() if told & set(s.follows)}
    assert (told, before) == ({"ask_ahead"}, {"stop_agreed"})
    assert pathway.parts["handover"] == "ask_stop"
    asked = {s.id for s in steps.values() if "stop_agreed" in s.follows}
    assert asked == {"ask_stop"}
    yes, otherwise = steps["stop_agreed"].choose
    assert yes.when.holds({"agrees": "yes"})
    assert not yes.when.holds({"agrees": "no"})
    assert otherwise.next is None


def test_the_road_explains_anew_after_consent_is_taken_back():
    steps = read(ROAD).pathway.steps

    assert set(steps["wishes"].follows) == {"explain", "farewell"}


def test_who_leaves_the_road_soon_waits_for_nothing_else():
    steps = read(ROAD).pathway.steps

    assert "onward_too" in steps["here"].together
    assert steps["onward_too"].choose[0].when.holds({"before_leaving": "today"})
    past = {"leaves": "soon", "before_leaving": "today"}
    assert steps["onward"].choose[0].when.holds(past)


def test_the_road_offers_the_same_when_someone_is_missing_in_form_and_pathway():
    pack = read(ROAD)
    offered = {c.name for c in pack.forms["road-needs"].questions["if_missing"].choices}

    told = set(pack.pathway.steps["missing"].gives["told"])
    assert told == offered | {"later"}


def test_a_screening_leads_nowhere_else_than_into_its_pack():
    given = files.read_folder(DISTRICT)
    name = "screening/health-triage.yaml"
    given[name] = given[name].replace(b"    step: speak_alone\n", NEXT_SCREENING)

    _, faults = reading.read_pack(given)

    assert [(fault.file, fault.values["name"]) for fault in faults] == [
        (name, "quick-screening")
    ]


def work_of(pack):
    return [step for step in pack.pathway.steps.values() if isinstance(step, Do)]


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_five_hundred_random_cases_come_to_an_end(folder):
    """Also where people skip, reopen and withdraw in between."""
    pathway = read(folder).pathway
    rng, ends = random.Random(folder.name), set()
    for _ in range(500):
        *_before, (fact, state) = walk(pathway, rng, meddling=0.2)
        ended = finish(pathway, state, fact.at, rng)
        ends.add(ended.ended)
    assert len(ends) > 1
