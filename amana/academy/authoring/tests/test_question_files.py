"""Of a file of questions one entry is written, and the rest stays byte by byte."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.academy.authoring import question_files
from amana.academy.courses.tests.courses import (
    BANK,
    BANK_IN_FRENCH,
    QUESTIONS,
    SOURCES,
)
from tests.architecture.code import ROOT

BANK_FILE = ROOT / "courses" / "referral-mechanism" / "modules" / "2-law" / "bank.yaml"
WHOLE = BANK_FILE.read_bytes()
SHIPPED = WHOLE[: WHOLE.index(b"- id: m2-b009\n")]
"""Its first questions, with documents and comments: each is read a hundred times."""
IDS = [f"m2-b00{number}" for number in range(1, 9)]

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), min_size=1
).filter(str.strip)
document = st.lists(words, min_size=2, max_size=4).map(
    lambda rows: "\n".join(rows) + "\n"
)


def find(content, id):
    source = question_files.read_source("bank.yaml", content)
    found = question_files.find_question(source, id)
    assert found is not None
    return found[1]


def read_all(content):
    source = question_files.read_source("bank.yaml", content)
    return {entry["id"]: entry for entry in question_files.list_questions(source)}


def changed_lines(before, after):
    lines = [text.decode().split("\n") for text in (before, after)]
    return [
        line for line in difflib.ndiff(*lines) if line[:1] in "+-" and line[2:].strip()
    ]


@given(id=st.sampled_from(IDS), text=words, option=words, document=document)
def test_a_question_is_written_and_read_again_and_no_other_is_touched(
    id, text, option, document
):
    said = dict(find(SHIPPED, id))
    said |= {"text": text, "document": document}
    said["options"] = [dict(listed) for listed in said["options"]]
    said["options"][2]["text"] = option

    written = question_files.write_question(SHIPPED, id, said)

    assert find(written, id) == said
    before, after = read_all(SHIPPED), read_all(written)
    assert {other for other in IDS if after[other] != before[other]} <= {id}
    begin = SHIPPED.index(f"- id: {id}\n".encode())
    assert written[:begin] == SHIPPED[:begin]
    following = IDS.index(id) + 1
    if following < len(IDS):
        rest = SHIPPED[SHIPPED.index(f"- id: {IDS[following]}\n".encode()) :]
        assert written.endswith(rest)


def test_comments_between_questions_stay():
    content = QUESTIONS.replace("- id: m1-q02", "# Next: hers.\n\n- id: m1-q02")
    said = dict(find(content.encode(), "m1-q01")) | {"text": "Other?"}

    written = question_files.write_question(content.encode(), "m1-q01", said)

    assert changed_lines(content.encode(), written) == [
        "-   text: When may a referral be shared?",
        "+   text: Other?",
    ]
    gone = question_files.remove_question(written, "m1-q01").decode()
    assert gone == "# Next: hers.\n\n" + QUESTIONS[QUESTIONS.index("- id: m1-q02") :]


def test_a_question_that_is_new_comes_last():
    said = {"id": "m1-q99", "kind": "one", "text": "a: b", "options": [{"text": "x"}]}
    written = question_files.write_question(QUESTIONS.encode(), "m1-q99", said)

    assert written.startswith(QUESTIONS.encode())
    assert find(written, "m1-q99") == said
    first = question_files.write_question(b"", "m1-q99", said)
    assert find(first, "m1-q99") == said


def test_the_same_again_is_the_same_file():
    for id in ("m1-b001", "m1-b050"):
        same = question_files.write_question(
            BANK.encode(), id, dict(find(BANK.encode(), id))
        )
        assert same == BANK.encode()


def test_a_translation_and_a_source_are_written_under_their_key():
    french = BANK_IN_FRENCH.encode()
    source = question_files.read_source("fr/bank.yaml", french)
    said = dict(question_files.find_words(source, "m1-b001"))
    said["text"] = "Et dans le cas 001 ?"
    written = question_files.write_words(french, "m1-b001", said)
    assert changed_lines(french, written) == [
        "-   text: Que faites-vous dans le cas 001 ?",
        "+   text: Et dans le cas 001 ?",
    ]
    added = question_files.write_words(SOURCES.encode(), "new-1", {"title": "A: b"})
    assert added.startswith(SOURCES.encode().rstrip())
    read = question_files.read_source("sources.yaml", added)
    assert question_files.find_words(read, "new-1") == {"title": "A: b"}
    assert question_files.write_words(added, "new-1", None).rstrip() == (
        SOURCES.encode().rstrip()
    )


@pytest.mark.parametrize("content", ["[{id: a, text: b}]", "  - id: a\n    text: b\n"])
def test_a_file_that_is_laid_out_otherwise_is_written_as_a_whole(content):
    written = question_files.write_question(
        content.encode(), "a", {"id": "a", "text": "c"}
    )
    assert find(written, "a") == {"id": "a", "text": "c"}
