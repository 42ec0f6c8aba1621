"""What the documents say: everything that the pack does, in its language."""

import re
from dataclasses import fields, is_dataclass, replace

import pytest
from django.utils.translation import override

from amana.design.mechanism import coded
from amana.design.mechanism.documents import document_tables as tables_of
from amana.design.mechanism.documents import placeholder_texts
from amana.design.mechanism.documents.cards import format_late_steps
from amana.design.mechanism.documents.contacts import build_contacts, read_days
from amana.design.mechanism.documents.document_catalogue import list_papers, write_paper
from amana.design.mechanism.documents.document_tables import format_target
from amana.design.mechanism.documents.source import PrintSource, build_file_edition
from amana.design.mechanism.documents.tests.printing import pack, paper
from amana.design.mechanism.labels import format_opening, format_part_title
from amana.design.mechanism.pack import placeholders
from amana.printing.document import (
    Blank,
    Boxes,
    Heading,
    NewPage,
    Paragraph,
    Points,
    Table,
    TextRun,
    build_line,
    build_strong,
    close_level_gaps,
    is_kept_with,
)
from amana.trust.vault.compartments import Compartment
from amana.ui.labels import format_list


def words_of(thing):
    """Every text in a document, or in a part of it."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, tuple):
        for part in thing:
            yield from words_of(part)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from words_of(getattr(thing, field.name))


def headings(document, level=1):
    return [
        b.words for b in document.blocks if isinstance(b, Heading) and b.level == level
    ]


def tables(document):
    return [block for block in document.blocks if isinstance(block, Table)]


def said(line):
    return "".join(run.words for run in line)


@pytest.mark.parametrize("name", ["national", "district"])
def test_every_document_is_there_in_its_languages(name):
    for kind in list_papers(pack(name)):
        for language in {"en", "ar"} & set(pack(name).languages):
            document = paper(kind, language, name)
            assert document.blocks, kind
            assert document.title, kind
            assert not [words for words in words_of(document) if "{{" in words], kind


def test_every_place_that_an_author_may_use_is_filled():
    printed = pack("national")
    mechanism, pathway = (
        printed.plain[name] for name in ("mechanism.yaml", "pathway.yaml")
    )
    steps = dict(pathway["steps"])
    for part in pathway["parts"].values():
        steps |= part["steps"]
    names = placeholders.list_known_names(
        roles=printed.roles,
        organisations=printed.organisations,
        partners=printed.partners,
        steps=steps,
        clocks=mechanism["clocks"],
        forms=printed.forms,
        decisions=printed.decisions,
        spheres=mechanism["sharing"],
        in_consent=True,
    )
    assert len(names) > 300
    with override("en"):
        source = PrintSource(printed, "en", build_file_edition(printed.files))
        for name in names:
            filled = placeholder_texts.build_blocks(source, f"{{{{ {name} }}}}")
            assert filled, name
            assert name not in [words for block in filled for words in words_of(block)]
            said_there = (words for block in filled for words in words_of(block))
            assert Blank("", 2) in filled or any(map(str.strip, said_there))


def test_the_sop_has_its_chapters_in_order_and_then_what_they_do_not_show():
    document = paper("sop", "en")
    chapters = [chapter.title for chapter in pack("national").sop["en"]]
    found = headings(document)
    assert found[: len(chapters)] == chapters
    assert found[len(chapters) :] == ["Case pathway", "Forms", "Services to call"]


def test_a_table_that_no_chapter_shows_becomes_an_annex():
    district = paper("sop", "en", "district")
    shown = {
        place.name
        for chapter in pack("district").sop["en"]
        for place in placeholders.find_placeholders(chapter.words)
    }
    assert ("Referral clocks" in headings(district)) == ("table.clocks" not in shown)
    assert ("Words" in headings(district)) == ("table.glossary" not in shown)


def test_every_step_is_told_with_who_and_by_when():
    document = paper("sop", "en")
    told = headings(document, 3)
    source = PrintSource(pack("national"), "en", build_file_edition({}))
    with override("en"):
        for step in source.seen.by_hand():
            assert source.step(step.id) in told
    lines = [said(line) for block in document.blocks for line in lines_in(block)]
    clock = "By when: Emergency: 15 minutes, High: 1 hour, Medium: 4 hours, Routine: 24"
    assert any(line.startswith(clock) for line in lines)


def lines_in(block):
    if isinstance(block, Paragraph):
        yield block.line
    yield from getattr(block, "lines", ()) if not hasattr(block, "label") else ()


def test_what_the_paper_is_worth_stands_on_it():
    document = paper("sop", "en")
    facts = {label: said(line) for label, line in document.facts}
    assert facts["Status"] == "Not adopted here"
    assert (
        facts["SHA-256 of its files"]
        == build_file_edition(pack("national").files).sha256
    )
    assert facts["SHA-256 of its files"][:12] in document.foot
    assert document.notice.endswith("survivors, lawyers and clinicians.")


def test_a_role_has_a_page_of_its_own():
    blocks = paper("role-cards", "fr").blocks
    roles = pack("national").roles
    assert sum(isinstance(block, NewPage) for block in blocks) == len(roles) - 1
    assert headings(paper("role-cards", "fr")) == [
        role.title["fr"] for role in roles.values()
    ]


def test_a_card_names_the_certificate_that_a_role_needs():
    national = pack("national")
    named = {"foundation": "NAME"}
    edition = replace(build_file_edition({}), certificate=lambda code: named[code])
    document = write_paper(list_papers(national)["role-cards"], national, "en", edition)
    lines = [said(line) for block in document.blocks for line in lines_in(block)]
    assert "I need a certificate: NAME" in lines


def test_one_role_answers_for_each_piece_of_work():
    matrix = tables(paper("responsibilities", "en"))[0]
    for _work, *cells in matrix.rows:
        assert ["A" in said(cell) for cell in cells].count(True) == 1


def test_no_field_flows_to_border_officers_and_health_details_to_health_alone():
    matrix = tables(paper("information-sharing", "en"))[-1]
    assert len(matrix.rows) > 150
    assert {said(row[-1]) for row in matrix.rows if len(row) > 1} == {"Never"}
    part = ""
    for row in matrix.rows:
        if len(row) == 1:
            part = said(row[0])
        elif part == str(Compartment.HEALTH.label):
            assert [said(cell) for cell in row[1:]] == ["Never", "Yes", *["Never"] * 3]


def test_a_form_says_in_words_when_a_question_is_asked():
    words = list(words_of(paper("form-quick-screening", "en").blocks))
    assert "Only if question 4 is “Under 18” or “Not sure: treat as a child”." in words


@pytest.mark.parametrize("name", ["national", "district"])
def test_a_form_names_the_steps_at_which_it_is_filled_in(name):
    """Also by way of an instrument, whose name is another."""
    source = PrintSource(pack(name), "en", build_file_edition({}))
    with override("en"):
        [filled_in] = tables_of.build_form_table(source)
    assert isinstance(filled_in, Table)
    at = {said(form): said(steps) for form, steps in filled_in.rows}
    for step in source.seen.by_hand():
        if step.screening:
            form = source.pack.instruments[step.screening].form
            assert source.step(step.id) in at[source.form(form)]


def test_a_form_has_a_box_for_each_choice():
    form = pack("national").forms["quick-screening"]
    boxes = [
        b for b in paper("form-quick-screening", "ar").blocks if isinstance(b, Boxes)
    ]
    choices = [q for q in form.questions.values() if q.choices and q.is_shown]
    assert len(boxes) == len(choices)
    assert [box.one_only for box in boxes] == [q.kind == "select_one" for q in choices]


def test_what_is_agreed_to_has_lines_of_its_own_to_write_on():
    blocks = paper("consent", "en").blocks
    asked = next(
        n
        for n, block in enumerate(blocks)
        if isinstance(block, Heading) and block.words == "What I ask you today"
    )
    assert Blank("", 2) in blocks[asked : asked + 4]


def test_no_address_is_printed_with_a_telephone():
    services = b"""[{"name": "House", "status": "active",
        "organization": {"name": "Dar Amal"}, "phones": [{"number": "555 01"}],
        "locations": [{"addresses": [{"address_1": "12 Secret Street"}]}]}]"""
    words = annex_of({"services.json": services})
    assert "555 01" in words
    assert not [word for word in words if "Secret" in word]


def test_a_list_of_services_that_nobody_can_read_is_left_out():
    assert annex_of({"services.json": b"[" * 100_000}) == []


def annex_of(services):
    printed = replace(pack("national"), services=services)
    with override("en"):
        blocks = build_contacts(PrintSource(printed, "en", build_file_edition({})))
    return [words for block in blocks for words in words_of(block)]


def test_headings_never_leave_a_level_out():
    blocks = (Heading(3, "a"), Heading(4, "b"), Heading(1, "c"), Heading(9, "d"))
    found = [
        without_gap.level
        for without_gap in close_level_gaps(blocks)
        if isinstance(without_gap, Heading)
    ]
    assert found == [1, 2, 1, 2]


@pytest.mark.parametrize("name", ["national", "district"])
def test_place_parts_and_targets_are_said_in_arabic(name):
    source = PrintSource(pack(name), "ar", build_file_edition({}))
    with override("ar"):
        said_ = [source.says(pack(name).jurisdiction)]
        said_ += [
            format_part_title(source.seen, part) for part in pack(name).pathway.parts
        ]
        said_ += [
            source.says(indicator.target)
            for indicator in pack(name).indicators.values()
        ]

    assert not [words for words in said_ if re.search("[A-Za-z]", words)]


def test_a_figure_is_read_from_left_to_right_and_words_are_not():
    source = PrintSource(pack("national"), "ar", build_file_edition({}))

    assert format_target(source, {"": ">= 90 %"}) == (TextRun("≥ 90 %", code=True),)
    assert format_target(source, {"ar": "في ارتفاع"}) == (TextRun("في ارتفاع"),)
    assert said(format_target(source, {})) == "–"


def test_a_role_that_hears_of_most_steps_reads_only_of_which_it_does_not():
    """A card is read at a glance: thirty steps one after the other are not."""
    source = PrintSource(pack("national"), "en", build_file_edition({}))
    roles = source.pack.roles
    heard = format_late_steps(source, roles["coordinator"])
    assert heard.startswith("every step done by others, except: ")
    others = [s for s in source.seen.by_hand() if s.due and s.role != "coordinator"]
    not_told = [source.step(s.id) for s in others if "coordinator" not in s.late]
    assert heard.endswith(": " + format_list(not_told))
    assert format_late_steps(source, roles["manager"]) == "Find a safe place to stay"


@pytest.mark.parametrize(
    ("byday", "opens", "closes", "words"),
    [
        ("MO,TU,WE,TH,FR", "08:30", "16:30", "Monday – Friday 08:30–16:30"),
        ("MO,TU,WE,TH,FR,SA,SU", "08:00", "22:00", "every day 08:00–22:00"),
        ("FR,MO,XX", "08:30", "16:30", "Monday, Friday 08:30–16:30"),
        ("None", "08:30", "16:30", "08:30–16:30"),
        ("MO,TU,WE,TH,FR,SA,SU", "00:00", "00:00", "Day and night"),
        ("SA,SU", "00:00", "00:00", "Saturday, Sunday Day and night"),
    ],
)
def test_what_never_closes_is_open_day_and_night(byday, opens, closes, words):
    assert format_opening(read_days(byday), opens, closes) == words


def test_a_wait_names_the_time_of_each_urgency():
    blocks = paper("sop", "en", "district").blocks
    points = [block for block in blocks if isinstance(block, Points)]
    lines = ["".join(words_of(line)) for point in points for line in point.lines]
    waits = [line for line in lines if line.startswith("After Emergency: ")]
    assert waits
    assert not any("PT" in line for line in lines)


def test_words_before_a_table_and_questions_stay_with_what_follows():
    table = Table(("A",), ((build_line("b"),),), (1,))
    assert is_kept_with(Paragraph(build_line("These organisations sign it:")), table)
    assert is_kept_with(Paragraph(build_strong("First responder")), Points(()))
    assert is_kept_with(Paragraph(build_line("Age?"), "ask"), Points(()))
    assert is_kept_with(Paragraph(build_line("Unless this says otherwise:")), Blank())
    assert not is_kept_with(
        Paragraph(build_line("Nothing of this asks for a name.")), Points(())
    )
    assert not is_kept_with(table, table)


@pytest.mark.parametrize("name", ["national", "district"])
def test_every_code_that_is_printed_has_words(name):
    """Else French and Arabic paper would show English codes."""
    seen = PrintSource(pack(name), "en", build_file_edition({})).seen
    asked = seen.known()
    codes = {code for some in asked.values() for code in some if code != "list"}
    steps = seen.steps.values()
    told = {step.message for step in steps if step.message}
    heard = {lead.message for step in steps for lead in step.leads if lead.message}
    heard |= {str(interrupt["on"]) for interrupt in seen.interrupts.values()}
    assert codes - coded.CODES.keys() <= {"U0", "U1", "U2", "U3"}
    assert asked.keys() <= coded.NAMES.keys()
    assert told | heard <= coded.MESSAGES.keys()
    assert {step.end for step in steps if step.end} <= coded.ENDS.keys()
    assert {step.each for step in steps if step.each} <= coded.LISTS.keys()
