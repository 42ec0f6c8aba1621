"""What a course certifies can be earned in it, or its author is told what can't."""

import json

import pytest

from amana.academy.courses.engine import course_content, reading
from amana.academy.courses.tests.courses import small_course, spoilt, without


def test_what_a_course_certifies_is_published_with_it():
    first, second = course_content.build_course(
        reading.read_course(small_course()).compiled
    ).certificates

    assert (first.code, first.months, first.assignments) == ("basics", 24, ("m1",))
    assert first.title == {"en": "Asks first", "fr": "Demande d’abord"}
    assert (second.after, second.sessions) == ("basics", ("m1",))


def test_a_course_may_certify_nothing():
    checked = reading.read_course(without("certificates.yaml"))

    assert checked.faults == []
    assert json.loads(checked.compiled)["certificates"] == []


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("modules: [m1]", "modules: [m9]", "No module has the code “m9”"),
        ("assignments: [m1]", "assignments: [m2]", "“m2” has no assignment.yaml"),
        ("sessions: [m1]", "sessions: [m2]", "“m2” has no live.yaml"),
        ("refresher: [m2]", "refresher: [m9]", "No module has the code “m9”"),
        ("code: whole", "code: basics", "used as a code more than once"),
        ("after: basics", "after: whole", "not a certificate listed above"),
        ("assignments: [m1]", "assignments: []", "no one has marked"),
        ("  months: 24\n", "", "months"),
    ],
)
def test_what_can_not_be_earned_is_a_fault_where_it_stands(was, becomes, said):
    faults = reading.read_course(spoilt("certificates.yaml", was, becomes)).faults

    assert [fault.file for fault in faults] == ["certificates.yaml"]
    assert said in str(faults[0])
    assert faults[0].line
