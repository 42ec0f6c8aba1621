"""A pack is read whole or not at all; each mistake is told with its file and line."""

from datetime import date

import pytest

from amana.design.mechanism.pack import reading
from amana.design.mechanism.pack.tests.packs import small, spoilt
from amana.design.pathway.pathway_model import Do, choose_words
from amana.yaml_files import schema

M, P, T = "mechanism.yaml", "pathway.yaml", "decisions/triage.yaml"


def told(files):
    pack, faults = reading.read_pack(files)
    assert (pack is None) == bool(faults)
    return [str(fault) for fault in faults]


def test_a_sound_pack_is_read():
    pack, faults = reading.read_pack(small())

    assert pack, faults
    assert choose_words(pack.title, "fr") == "Un petit mécanisme"
    assert pack.language == "en"
    assert list(pack.roles) == ["worker", "doctor"]
    heal = pack.pathway.steps["heal"]
    assert isinstance(heal, Do)
    assert heal.role == "doctor"
    assert pack.pathway.calendar is pack.calendar
    assert str(pack.clocks["U2"]["receipt"]) == "1 working day"
    assert pack.sharing["health"] == {"identity", "health"}
    assert pack.decisions["triage"].decide({"age_group": "child"}) == "child"
    assert list(pack.forms) == ["safety-gate"]
    assert pack.law["convention"].honoured_by == ("meet",)
    assert not pack.law["convention"].checked
    assert pack.sop["en"][0].title == "Meeting"
    assert pack.sop["en"][0].words.startswith("{{ role.worker.title }}")
    assert pack.duties["care"].answers_for == "worker"
    assert pack.glossary["means"].means == {"": "Force or deception."}


def test_its_calendar_knows_single_holidays_and_those_of_a_country():
    pack, _ = reading.read_pack(small())

    assert pack
    assert not pack.calendar.works(date(2026, 12, 25))
    assert not pack.calendar.works(date(2026, 12, 12))  # a Saturday
    assert not pack.calendar.works(date(2027, 6, 1))  # Madaraka Day
    assert pack.calendar.works(date(2027, 6, 2))


MISTAKES = [
    # The file by itself
    (
        M,
        "jurisdiction: Merravia",
        "juristiction: Merravia",
        "“juristiction” does not belong here. Did you mean “jurisdiction”?",
    ),
    (M, "jurisdiction: Merravia", "jurisdiction:", "This is empty."),
    (M, "jurisdiction: Merravia", "jurisdiction: 5", "Text belongs here"),
    (M, "kind: ngo", "kind: charity", "“charity” is none of these: ngo, public"),
    (M, "[en, fr]", "[en, french]", "“french” is not a language"),
    (M, "[en, fr]", "[en, fr, fr]", "Something appears twice"),
    (M, "2026-12-25", "2026-13-25", "“2026-13-25” is not a date"),
    (M, "2026-12-25", "Christmas", "“Christmas” is not a date"),
    (M, "{name: The house, ", "{", "“name” is missing here."),
    (
        M,
        "receipt: PT30M",
        "receipt: 30 minutes",
        "“30 minutes” is not a length of time",
    ),
    (
        M,
        "access_role: case_worker\n    sphere: health",
        "access_role: boss\n    sphere: health",
        "“boss” is none of these: screener",
    ),
    (
        M,
        "law_enforcement: []",
        "police: []",
        "“police” does not belong here. Did you mean “law_enforcement”?",
    ),
    (P, "start: meet", "start: Meet", "“Meet” is not a code"),
    (
        P,
        "remind: PT4H",
        "reminder: PT4H",
        "“reminder” does not belong here. Did you mean “remind”?",
    ),
    (P, "due: P2D, ", "", "“remind” also needs “due”."),
    (
        P,
        "{do: Close, role: worker, end: closed}",
        "{role: worker, end: closed}",
        "Exactly one of these belongs here: do, choose",
    ),
    (
        P,
        "{else: true, next: close}",
        "{else: true, if: 'x == \"y\"', next: close}",
        "Exactly one of these belongs here: if, else.",
    ),
    (
        P,
        "gives: {well: [yes, no]}",
        "gives: {well: [yes, very well]}",
        "“very well” is not a code",
    ),
    (
        T,
        "then: standard",
        "than: standard",
        "“than” does not belong here. Did you mean “then”?",
    ),
    (
        "law.yaml",
        "checked: no",
        "checked: perhaps",
        "“perhaps” is none of these: yes, no.",
    ),
    ("indicators.yaml", "I01:", "1:", "“1” is not an indicator’s code"),
    (
        "capacity.yaml",
        "arrivals_per_day: 2",
        "arrivals_per_day: many",
        "A number belongs here.",
    ),
    (
        "capacity.yaml",
        "arrivals_per_day: 2",
        "arrivals_per_day: 0",
        "0 is too small or too large",
    ),
    # YAML
    (M, "title: {en: A small mechanism,", "title: {en: A small: mechanism,", "bracket"),
    (
        M,
        "jurisdiction: Merravia",
        "jurisdiction: Merra: via",
        "There is a colon inside a text",
    ),
    (M, "jurisdiction: Merravia", "jurisdiction: &a Merravia", "Anchors"),
    (M, "jurisdiction: Merravia", "jurisdiction: !!python/name:os.system x", "Tags"),
    (
        M,
        "jurisdiction: Merravia",
        "title: twice",
        "“title” appears twice; the first is on line 2.",
    ),
    (M, "jurisdiction: Merravia", "jurisdiction: Mer\u202erravia", "hidden character"),
    (M, "Merravia", '"Mer\\u202erravia"', "hidden character"),
    (M, "en: A small mechanism", f"en: {201 * 'a'}", "at most 200 characters"),
    # One file against another
    (
        M,
        "who: [clinic]",
        "who: [klinic]",
        "There is no organisation “klinic”. Did you mean “clinic”?",
    ),
    (
        M,
        "does: [doctor]",
        "does: [doctr]",
        "There is no role “doctr”. Did you mean “doctor”?",
    ),
    (M, "answers_for: worker", "answers_for: boss", "There is no role “boss”."),
    (
        M,
        "health: [identity, health]",
        "health: [identity, narrative]",
        "“narrative” is never shared with the sphere “health”, whatever is agreed.",
    ),
    (
        M,
        "border: []",
        "border: [identity]",
        "“identity” is never shared with the sphere “border”",
    ),
    (
        M,
        "zone: Africa/Nairobi",
        "zone: Africa/Atlantis",
        "“Africa/Atlantis” is not a time zone",
    ),
    (M, "{country: KE}", "{country: XX}", "holidays of XX are not known"),
    (
        M,
        "zone: Africa/Nairobi",
        'zone: Africa/Nairobi, opens: "18:00"',
        "no working time",
    ),
    (
        M,
        "title: {en: Worker, fr: Intervenante}",
        "title: {fr: Intervenante}",
        "The text in the pack’s first language (en) is missing.",
    ),
    (
        M,
        "title: {en: Worker, fr: Intervenante}",
        "title: {en: Worker, ar: عامل}",
        "The pack has no language “ar”.",
    ),
    (P, "role: doctor", "role: doktor", "doktor"),
    (P, "late: [worker]", "late: [boss]", "boss"),
    (P, "form: safety-gate", "form: safety-date", "safety-date"),
    (P, "next: which}", "next: witch}", "witch"),
    (P, "start: meet", "start: greet", "greet"),
    (P, "keeps: [heal]", "keeps: [heel]", "heel"),
    (P, "keeps: [heal]", "keeps: [which]", "is not a step that a person does"),
    (P, "gives: route", "gives: {route: [child]}", "can’t be a name"),
    (P, "do: Heal,", 'do: "  ",', "A text is expected here"),
    (P, "due: P2D", "due: P9999D", "“P9999D” is not a length of time"),
    (P, "end: closed}", "end: closed, next: meet}", "can’t both continue"),
    (P, "withdrawal:", "heal:", "“heal” is the name of another step."),
    (P, "start: meet", r'start: "meet\n"', "is not a code"),
    (
        P,
        "gives: route, next: which}",
        "gives: route, next: which, end: closed}",
        "“end” also needs “do”.",
    ),
    (P, "decide: triage", "decide: triarge", "triarge"),
    (P, 'route == "child"', 'route == "kid"', "kid"),
    (P, 'well == "no"', '__import__("os")', "condition"),
    (P, "U3: P5B}", "U3: P5B, U4: P5B}", "U4"),
    (T, "age_group: child", "age_group: kid", "kid"),
    (
        "law.yaml",
        "honoured_by: [meet]",
        "honoured_by: [meat]",
        "There is no step “meat”. Did you mean “meet”?",
    ),
    (
        "indicators.yaml",
        "steps: [meet]",
        "steps: [meat]",
        "There is no step “meat”. Did you mean “meet”?",
    ),
    (
        "capacity.yaml",
        "doctor: 1",
        "docter: 1",
        "There is no role “docter”. Did you mean “doctor”?",
    ),
    (
        "capacity.yaml",
        "heal: 2",
        "hael: 2",
        "There is no step “hael”. Did you mean “heal”?",
    ),
    ("capacity.yaml", '"no": 0.5', "not: 0.5", "“not” is not one of its codes"),
    (
        "sop/en/01-meeting.md",
        "step.meet.due",
        "step.meat.due",
        "Nothing fills {{ step.meat.due }}. Did you mean “step.meet.due”?",
    ),
    (
        "sop/en/01-meeting.md",
        "{{ table.steps }}",
        "See {{ table.steps }}",
        "must be alone on its line",
    ),
    (
        "sop/en/01-meeting.md",
        "step.meet.due",
        "consent.until",
        "Nothing fills {{ consent.until }}",
    ),
    (
        "sop/en/01-meeting.md",
        "step.meet.due",
        "__import__('os').system('id')",
        "Nothing fills",
    ),
    (
        "consent/en.md",
        "consent.until",
        "consent.untl",
        "Nothing fills {{ consent.untl }}. Did you mean “consent.until”?",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "sentence"), MISTAKES)
def test_a_mistake_is_told_once_with_its_file_and_line(file, old, new, sentence):
    files, line = spoilt(file, old, new)

    found = told(files)

    assert len(found) == 1, found
    assert found[0].startswith(f"{file}:{line}: "), found
    assert sentence in found[0]


def test_what_is_missing_as_a_whole_is_named():
    for file, sentence in [
        ("mechanism.yaml", "this is not a pack"),
        ("pathway.yaml", "There is no pathway.yaml in this pack."),
        ("consent/fr.md", "There is no consent text in the language “fr”."),
        ("sop/fr/01-meeting.md", "This chapter is missing in the language “fr”."),
        ("decisions/triage.yaml", "triage"),
        ("forms/safety-gate.xlsx", "safety-gate"),
    ]:
        files = small()
        del files[file]
        assert len(told(files)) == 1, file
        assert sentence in told(files)[0]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("consent/ar.md", "The pack has no language “ar”"),
        ("sop/en/meeting.md", "named by a number and a name"),
        ("sop/en/02-untitled.md", "begins with its title"),
        ("pathways.yaml", "A file with this name does not belong in a pack"),
        ("decisions/../../etc.yaml", "A file with this name does not belong in a pack"),
        ("forms/bad name.xlsx", "A file with this name does not belong in a pack"),
    ],
)
def test_what_does_not_belong_is_named(name, sentence):
    found = told(small() | {name: b"Words"})

    assert any(sentence in fault for fault in found), found


def test_a_text_that_is_not_utf_8_is_refused_with_its_line():
    files = small()
    files["consent/en.md"] = "# I agree\n\nJ’accepte à moitié".encode("cp1252")

    (fault,) = told(files)
    assert fault.startswith("consent/en.md:3: This file is not text in UTF-8")


def test_a_wrong_name_in_many_places_is_told_once():
    files = small()
    pathway = files[P].replace(b"role: worker", b"role: wroker")
    assert pathway.count(b"wroker") == 2

    found = told(files | {P: pathway})
    assert len([fault for fault in found if "wroker" in fault]) == 1


def test_a_broken_file_hides_nothing_that_stands_by_itself():
    """Two mistakes in two files are told together; what follows from them is not."""
    files, line = spoilt(M, "who: [clinic]", "who: [klinic]")
    other, below = spoilt(P, "remind: PT4H", "reminder: PT4H")
    files[P] = other[P]

    found = told(files)
    assert [fault.split(": ")[0] for fault in found] == [f"{M}:{line}", f"{P}:{below}"]


def test_faults_come_in_the_order_of_the_files():
    files = small()
    files["glossary.yaml"] = b"x: 1"
    files["sop/en/01-meeting.md"] = b"no title"
    files["pathway.yaml"] = b"start: meet\nsteps: 5\n"

    places = [fault.split(":")[0] for fault in told(files)]
    assert places == sorted(places, key=lambda p: (p != P, p))
    assert len(places) == 3


def test_of_many_files_only_the_one_that_changed_is_looked_at_anew(monkeypatch):
    files = small()
    assert reading.read_pack(files)[1] == []
    looked, faults = [], schema.find_faults

    def look(source, validator):
        looked.append(source.file)
        return faults(source, validator)

    monkeypatch.setattr(schema, "find_faults", look)
    files[P] += b"\n# A remark that nobody made before.\n"

    pack, found = reading.read_pack(files)
    assert (looked, found) == ([P], [])
    assert pack is not None
    assert pack.files[P] == files[P]
