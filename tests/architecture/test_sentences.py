"""What stands in a row has the commas of its language, and a case's reference, which a
line may not break and no other script turn round, is shown by one filter."""

import re

import pytest

from .code import modules, where
from .test_templates import lines, templates

IN_SENTENCES = (
    *("amana/academy/", "amana/care/", "amana/design/directory/"),
    *("amana/home/", "amana/trust/"),
)
NOT_FOR_PEOPLE = {
    # a terminal, two that are compared, a table in English, numbers of sources
    "amana/academy/courses/management/commands/course.py",
    "amana/academy/courses/engine/references/translation_checks.py",
    "amana/academy/courses/engine/mapping.py",
    "amana/academy/courses/engine/prose.py",
    # a terminal, files that the program is shipped with, an error of the program
    "amana/academy/exercises/management/commands/scenario.py",
    "amana/academy/exercises/standard_criteria.py",
    "amana/academy/exercises/engine/agreement.py",
    # a file that is drawn in English, a question to the database, what is kept of a
    # browser
    "amana/care/referrals/drawing.py",
    "amana/design/directory/actions/imported_services.py",
    "amana/trust/access/prepared/prepared_query.py",
    "amana/trust/access/sessions.py",
    "amana/trust/backup/databases.py",
}
WITH_COMMAS = r"""(["'])[,،] \1\.join"""
IN_TEMPLATES = {
    "a comma that is Latin everywhere": r"""join:["'],|\}\}, ?\{|%\}, ?\{%""",
    "a reference that may break": r"(?<!block title %\})\{\{ [\w.]*\breference \}\}",
    "a reference that may break in a component": r"page_header [^%]*[. ]reference[ %]",
}


def test_no_words_are_joined_with_the_commas_of_one_language() -> None:
    joined = {where(p) for p in modules() if re.search(WITH_COMMAS, p.read_text())}
    found = {path for path in joined if path.startswith(IN_SENTENCES)}
    assert found == NOT_FOR_PEOPLE


@pytest.mark.parametrize("what", IN_TEMPLATES)
def test_no_page_has(what: str) -> None:
    found = [line for path in templates() for line in lines(path, IN_TEMPLATES[what])]
    assert [line for line in found if line.startswith(IN_SENTENCES)] == []


@pytest.mark.parametrize(
    ("what", "planted"),
    [
        ("a comma that is Latin everywhere", '{{ words|join:", " }}'),
        ("a comma that is Latin everywhere", "{{ a }}, {{ b }}"),
        ("a comma that is Latin everywhere", "{% if more %}, {% endif %}"),
        ("a reference that may break", "<p>{{ case.reference }}</p>"),
        (
            "a reference that may break in a component",
            "{% page_header title kicker=case.reference lead=words %}",
        ),
    ],
)
def test_each_rule_notices_what_it_forbids(what: str, planted: str) -> None:
    assert re.search(IN_TEMPLATES[what], planted)
    assert re.search(WITH_COMMAS, '", ".join(names)')
