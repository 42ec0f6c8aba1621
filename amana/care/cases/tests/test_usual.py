"""What a need proposes, and what the first forms offer first."""

import pytest
from django.urls import reverse
from django.utils import translation

from amana import given
from amana.care.cases.actions import StatedNeed
from amana.care.cases.forms import NeedForm, list_need_types
from amana.care.cases.models import Case, Need, Urgency
from amana.care.cases.tests.pages import browser, post, text_of
from amana.care.cases.usual import (
    FIRST_OFFERED,
    get_usual_urgency,
    list_frequent_needs,
    list_tiles,
)
from amana.design.directory.codes import list_languages
from amana.design.directory.taxonomy import ServiceType
from amana.ui.templatetags.ui_tags import IN_SPRITE
from tests.worlds import kept

INTAKE = reverse("cases:intake")
ROW = {"need-TOTAL_FORMS": "1", "need-INITIAL_FORMS": "0", "go": "open"}


@kept
def desk(worker):
    return browser(worker)


@pytest.mark.parametrize("kind", ["SH1", "HE1", "MH7", "CP4", "HE3"])
def test_what_cannot_wait_is_an_emergency(kind):
    assert get_usual_urgency(kind) is Urgency.U0


def test_every_kind_of_need_has_a_usual_urgency():
    found = {get_usual_urgency(kind) for kind in ServiceType}
    assert found == set(Urgency)
    assert get_usual_urgency("CP1") is Urgency.U1
    assert get_usual_urgency("LG6") is Urgency.U2
    assert get_usual_urgency("ED1") is Urgency.U3


def test_a_need_without_an_urgency_gets_the_usual_one(desk, team):
    answer = post(desk, INTAKE, ROW | {"team": team.pk, "need-0-type": "SH1"})
    case = Case.objects.get()
    assert case.needs.get().urgency == case.urgency == "U0"
    page = desk.get(answer["Location"])
    assert f"Case opened: {case.reference}" in text_of(page)


def test_another_urgency_can_be_chosen(desk, team):
    chosen = {"team": team.pk, "need-0-type": "SH1", "need-0-urgency": "U2"}
    post(desk, INTAKE, ROW | chosen)
    assert Need.objects.get().urgency == "U2"


def test_the_usual_urgency_is_shown_without_a_script(desk, team):
    sent = ROW | {"team": team.pk, "need-0-type": "SH1", "go": "add_need"}
    assert "Usual for this need: Emergency" in text_of(post(desk, INTAKE, sent))


def test_what_the_team_records_most_is_offered_first(team, worker, stranger):
    assert list_frequent_needs([team]) == list(FIRST_OFFERED)
    given.make_case(
        worked_on_by=worker, needs=[StatedNeed("ED3", "U3"), StatedNeed("DO1", "U2")]
    )
    given.make_case(worked_on_by=worker, needs=[StatedNeed("ED3", "U3")])
    given.make_case(worked_on_by=stranger, needs=[StatedNeed("SO4", "U3")])
    offered = list_frequent_needs([team])
    assert offered[:2] == [ServiceType.ED1, ServiceType.DO1]  # each of its group
    assert "SO1" not in offered
    assert len(offered) == len(FIRST_OFFERED)


def test_no_kind_of_need_is_offered_twice():
    offered = [
        code for _group, kinds in list_need_types(FIRST_OFFERED) for code, _ in kinds
    ]
    assert sorted(offered) == sorted(ServiceType.values)
    assert offered[: len(FIRST_OFFERED)] == list(FIRST_OFFERED)


def test_an_urgency_alone_is_no_need():
    form = NeedForm({"urgency": "U0", "type": "", "words": ""})
    assert not form.has_changed()


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_no_two_languages_have_one_name(language):
    with translation.override(language):
        names = [name for _code, name in list_languages()]
    assert len(names) == len(set(names))


def test_the_page_lists_the_languages_once_and_the_common_ones_first(desk):
    given.make_service(languages=["ti", "ar"])
    given.make_service(languages=["ti"])
    page = desk.get(INTAKE).content.decode()
    assert page.count('value="zu"') == 1
    assert page.count('value="ti"') == 1
    places = [page.index(f'languages" value="{code}"') for code in ("ti", "ar")]
    assert places == sorted(places)
    assert places[-1] < page.index('value="zu"')
    assert len(page) < 63_000


def test_where_they_are_and_who_is_with_them_are_asked_on_the_main_part(desk):
    page = desk.get(INTAKE).content.decode()
    assert page.index('name="needs_area"') < page.index('name="need-0-type"')
    assert page.index('name="needs_companions_age"') < page.index('name="need-0-type"')


def test_a_pictured_need_is_added_as_a_row_and_once(desk, team):
    typed = ROW | {"team": team.pk, "identity_name": "Hope", "need-0-words": "A door"}
    page = text_of_page(desk, typed | {"go": "need SH1"})
    assert 'value="Hope"' in page
    assert page.count('<option value="SH1" selected') == 1
    typed |= {"need-0-type": "SH1", "go": "need SH1"}
    assert text_of_page(desk, typed).count('<option value="SH1" selected') == 1


def text_of_page(desk, typed):
    return post(desk, INTAKE, typed).content.decode()


def test_each_need_that_is_offered_first_has_a_picture(team):
    assert [kind for kind, _picture in list_tiles([team])] == list(FIRST_OFFERED)
    assert all(picture in IN_SPRITE for _kind, picture in list_tiles([team]))
