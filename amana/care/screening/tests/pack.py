"""A small mechanism to screen by: one form, two instruments on it."""

from io import BytesIO
from pathlib import Path
from shutil import copytree

from openpyxl import Workbook

FILES = Path(__file__).parent / "mechanism"

SURVEY = [
    ("select_one ages", "age_group", "How old may they be?", "identity"),
    ("begin_group", "noticed", "What you noticed", ""),
    (
        "select_one yn",
        "forced",
        "Do they have to do what they can't refuse?",
        "narrative",
    ),
    ("select_one yn", "pay_debt", "Do they work off a debt?", "narrative"),
    ("select_one yn", "papers_held", "Does somebody keep their papers?", "narrative"),
    ("select_one yn", "threatened", "Were they hurt or threatened?", "narrative"),
    ("end_group", "", "", ""),
    ("select_one yn", "burns", "Burns or wounds?", "health"),
    ("select_one yn", "fear_return", "Afraid to go back?", "migration"),
    ("integer", "hours", "Hours of work in a week?", "narrative"),
    ("text", "words", "In their own words", "narrative"),
    ("text", "name", "What they want to be called", "identity"),
    ("text", "reach", "How can they be reached safely?", "contact"),
]
CHOICES = [
    *(
        ("yn", code, code)
        for code in ("yes", "no", "unsure", "not_asked", "prefers_not")
    ),
    *(("ages", code, code) for code in ("adult", "child", "unsure")),
]


def workbook() -> bytes:
    book = Workbook()
    survey = book.active
    assert survey is not None
    survey.title = "survey"
    survey.append(["type", "name", "label::English (en)", "compartment"])
    for asked in SURVEY:
        survey.append(asked)
    choices = book.create_sheet("choices")
    choices.append(["list_name", "name", "label::English (en)"])
    for choice in CHOICES:
        choices.append(choice)
    book.create_sheet("settings").append(["form_id", "form_title", "version"])
    book["settings"].append(["first", "First look", "1"])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def write_pack(folder: Path) -> Path:
    copytree(FILES, folder, dirs_exist_ok=True)
    (folder / "forms").mkdir()
    (folder / "forms" / "first.xlsx").write_bytes(workbook())
    return folder
