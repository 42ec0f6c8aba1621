"""ODK's own engine fills in the same forms with the same answers, 200 times each.

`./run oracle`; by themselves, as they take a minute."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from openpyxl import Workbook, load_workbook

from amana.design.forms.engine import htcds
from amana.design.forms.engine.expressions import iterate_parts
from amana.design.forms.engine.filling import fill_form
from amana.design.forms.engine.form_model import ABOUT_THE_DEVICE, Form
from amana.design.forms.engine.reading import read_form
from amana.design.forms.engine.xforms import convert_to_xform
from amana.design.forms.tests.filling_at_random import random_answers
from amana.design.forms.tests.long_form import long_workbook
from tests.peers import node
from tests.peers.submissions import write_submission

MECHANISMS = Path(__file__).parents[2] / "mechanisms"
HTCDS = MECHANISMS.parents[1] / "shared/data/htcds/htcds_xlsform.xlsx"
SHIPPED = sorted(MECHANISMS.glob("*/forms/*.xlsx"))
FILLS = 200
INSTANCE = "uuid:00000000-0000-0000-0000-000000000000"


def forms() -> Iterator[tuple[str, bytes]]:
    yield "long", long_workbook()
    for path in SHIPPED:
        yield f"{path.parents[1].name}-{path.stem}", path.read_bytes()


FORMS = dict(forms())


@pytest.mark.parametrize("name", FORMS)
def test_odks_engine_agrees_on(name: str) -> None:
    form, faults = read_form(FORMS[name], name=name)
    assert form is not None, [str(fault) for fault in faults]
    compare(form, FORMS[name])


def test_odks_engine_agrees_on_the_standards_own_form() -> None:
    """HTCDS 2.0, when what it names wrongly is mended and its parts are said."""
    if not HTCDS.exists():
        pytest.skip("The HTCDS form is not on this machine.")
    mended = with_compartments(load_workbook(HTCDS))
    form, faults = read_form(mended, name="htcds.xlsx")
    assert form is not None, [str(fault) for fault in faults]
    compare(form, mended)


def with_compartments(book: Workbook) -> bytes:
    sheet = book["survey"]
    column = sheet.max_column + 1
    sheet.cell(1, column, "compartment")
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, column, "identity")
        name = sheet.cell(row, 2)
        if htcds.is_misnamed(str(name.value)):
            name.value = htcds.suggest_name(str(name.value))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def compare(form: Form, xlsx: bytes) -> None:
    chance = Random(form.name)
    fills = [random_answers(form, chance) for _ in range(FILLS)]
    theirs = node.run(
        "odk.mjs", {"xform": convert_to_xform(xlsx, name=form.name), "fills": fills}
    )
    for answers, said in zip(fills, theirs, strict=True):
        filled = fill_form(form, answers, now=datetime.now(UTC))
        ours = write_submission(form, filled, INSTANCE).decode()
        assert comparable(form, said["xml"]) == comparable(form, ours), answers
        assert sorted(said["wrong"]) == sorted(filled.errors), answers


def comparable(form: Form, xml: str) -> str:
    """Without what differs by itself: moments, random ids; without sums over no repeat
    at all, which ODK's engine leaves empty where XPath says 0; and a whole number as a
    person wrote it, to which ODK's engine adds “.0” where the question is a decimal."""
    for name, question in form.questions.items():
        moving = question.kind in ABOUT_THE_DEVICE or changes(question.calculation)
        if moving:
            xml = re.sub(rf"<{name}>[^<]*</{name}>", f"<{name}/>", xml)
        elif any(
            part[:2] == ["f", "sum"] for part in iterate_parts(question.calculation)
        ):
            xml = xml.replace(f"<{name}>0</{name}>", f"<{name}/>")
        elif question.kind == "decimal":
            xml = re.sub(rf"(<{name}>-?\d+)\.0</{name}>", rf"\1</{name}>", xml)
    xml = re.sub(r"<instanceID>[^<]*", "<instanceID>", xml)
    return re.sub(r' xmlns(?::\w+)?="[^"]*"', "", xml)


def changes(tree: object) -> bool:
    calls = [part[1] for part in iterate_parts(tree) if part[0] == "f"]  # type: ignore[arg-type]
    return "uuid" in calls or "now" in calls


def test_the_forms_that_ship_are_among_those_compared() -> None:
    folders = {path.parent for path in SHIPPED}
    assert len(FORMS) == 1 + len(SHIPPED)
    assert all(list(folder.glob("*.xlsx")) for folder in folders)
