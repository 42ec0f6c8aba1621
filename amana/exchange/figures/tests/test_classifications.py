"""A classification is loaded by whoever has it; none comes with us."""

import csv
import io
from typing import Any

import pytest
from django.urls import reverse

from amana import given
from amana.errors import Refused
from amana.exchange.figures import actions, classified
from amana.exchange.figures.models import Classification
from amana.trust.access.rules import Denied
from amana.ui.once import make_form_key

TABLE = (
    b"dimension,ours,code,label\n"
    b"sex,female,1,Female\nsex,male,2,Male\nexploitation,labour,02,Forced labour\n"
)
SAID: dict[str, Any] = {
    "name": "IC-TIP",
    "version": "2025",
    "source": "Its publication",
}


def test_a_release_is_written_in_its_codes(out, analyst):
    loaded = actions.load_classification(TABLE, **SAID, by=analyst)

    rows = list(
        csv.DictReader(io.StringIO(classified.write_classified(out, loaded).decode()))
    )
    by_sex = {
        r["sex"]: int(r["count"]) for r in rows if r["sex"] and not r["exploitation"]
    }
    assert by_sex.keys() == {"1", "2"}
    assert {r["exploitation_label"] for r in rows} == {"", "Forced labour"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"gender,female,1,F", "not one of our dimensions"),
        (b"sex,woman,1,F", "not one of our codes of sex: female, male"),
        (b"sex,female,1,F\nsex,female,2,F", "second time"),
        (b"sex,female,,F", "code of the classification is missing"),
        (b"", "no line with a code"),
        (b"sex,female,1,\xff", "UTF-8"),
    ],
)
def test_a_line_that_cannot_be_placed_is_told_with_its_number(line, said, analyst):
    with pytest.raises(Refused, match=said):
        actions.load_classification(
            b"dimension,ours,code,label\n" + line, **SAID, by=analyst
        )
    assert not Classification.objects.exists()


def test_a_version_is_loaded_once_and_anew_when_it_was_put_away(analyst):
    first = actions.load_classification(TABLE, **SAID, by=analyst)
    with pytest.raises(Refused, match="already loaded"):
        actions.load_classification(TABLE, **SAID, by=analyst)
    actions.archive_classification(first, by=analyst)
    with pytest.raises(Refused, match="already"):
        actions.archive_classification(first, by=analyst)
    assert actions.load_classification(TABLE, **SAID, by=analyst).pk != first.pk


def test_nobody_else_loads_one(stranger):
    with pytest.raises(Denied):
        actions.load_classification(TABLE, **SAID, by=stranger)
    page = given.sign_in(stranger).get(reverse("figures:classifications"))
    assert page.status_code == 404


def test_the_page_keeps_what_was_typed_when_the_table_is_wrong(analyst):
    browser = given.sign_in(analyst)
    page = browser.post(here(), SAID | make_form_key() | {"file": a_file(b"nothing")})
    assert page.status_code == 422
    assert b"Its publication" in page.content
    page = browser.post(here(), SAID | make_form_key() | {"file": a_file(TABLE)})
    assert page.status_code == 302
    assert Classification.objects.get().codes["sex"]["male"] == ["2", "Male"]


def here() -> str:
    return reverse("figures:classifications")


def a_file(content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = "table.csv"
    return file
