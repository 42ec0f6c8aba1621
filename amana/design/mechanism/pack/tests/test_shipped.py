"""The packs that come with Amana can be adopted as they are."""

import pytest

from amana.design.mechanism.engine.pathway import Do, Tell
from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.tests.packs import DISTRICT, EXAMPLE, ROAD, SHIPPED

NEXT_SCREENING = b"    screening: quick-screening\n"


def read(folder):
    pack, faults = reading.read(files.of_folder(folder))
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
        unsaid = [one.name for one in form.questions.values() if not one.source]
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
    assert {one.kind for one in pack.organisations.values()} == {"ngo", "community"}
    outside = {"law_enforcement", "border"}
    assert not outside & {role.sphere for role in pack.roles.values()}
    assert not any(pack.sharing[sphere] for sphere in outside)


def test_a_screening_leads_nowhere_else_than_into_its_pack():
    given = files.of_folder(DISTRICT)
    name = "screening/health-triage.yaml"
    given[name] = given[name].replace(b"    step: speak_alone\n", NEXT_SCREENING)

    _, faults = reading.read(given)

    assert [(fault.file, fault.values["name"]) for fault in faults] == [
        (name, "quick-screening")
    ]


def work_of(pack):
    return [step for step in pack.pathway.steps.values() if isinstance(step, Do)]
