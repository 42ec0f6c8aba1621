"""Each negotiation that comes with Amana: whatever the parties agree on is a mechanism
that loads, in each of its languages."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from amana.academy.practice.labs import shipped_labs
from amana.academy.practice.labs.engine import lab as labs
from amana.academy.practice.labs.engine import protocol
from amana.academy.practice.labs.engine.lab import LabScript
from amana.academy.practice.labs.engine.protocol import AgreedWords, NoAgreement
from amana.design.mechanism import pack_memory, writing
from amana.yaml_files import yamls

FOLDER: Path = settings.ROOT / "courses/referral-mechanism/labs"
FILES = sorted(FOLDER.glob("*.yaml"))


def choose(language: str, text: Any) -> str:
    return text[language] if text else ""


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def scripts(request) -> dict[str, LabScript]:
    path = request.param
    plain = yamls.read_yaml(path.name, path.read_bytes()).plain
    return {
        language: labs.read_lab(path.stem, plain, partial(choose, language))
        for language in plain["languages"]
    }


def test_every_option_of_every_clause_makes_a_mechanism_that_loads(scripts):
    """Each option once; the parties are free to combine them, and files are checked as
    a whole when they are brought."""
    script = scripts["en"]
    files = shipped_labs.load_pack(script)
    most = max(len(clause.options) for clause in script.clauses.values())
    for nth in range(max(most, 1)):
        chosen = {
            code: AgreedWords(
                list(clause.options)[nth % len(clause.options)]
                if clause.options
                else "",
                f"Words {nth} of {code}",
            )
            for code, clause in script.clauses.items()
        }
        written = protocol.write_agreed(files, chosen, scripts, {"fr": "À traduire"})
        pack, faults = pack_memory.read_files(written)
        assert faults == [], chosen
        assert pack is not None
        for language in scripts:
            chapter = pack.sop[language][-1]
            assert chapter.title == scripts[language].title
            assert all(
                f"Words {nth} of {code}" in chapter.words for code in script.clauses
            )
        for clause in script.clauses.values():
            if clause.file:
                value = clause.options[chosen[clause.code].option].value
                wanted = writing.read_piece(written, clause.file, clause.place)
                assert wanted == value


def test_nothing_is_written_while_a_clause_is_open(scripts):
    files = shipped_labs.load_pack(scripts["en"])
    with pytest.raises(NoAgreement):
        protocol.write_agreed(files, {}, scripts, {})


def test_its_briefs_leave_something_to_find_out(scripts):
    """A hidden interest and a line for each party, an end of both kinds, and a question
    about the person who is not at the table."""
    for script in scripts.values():
        assert script.mediator
        assert script.agreed
        assert script.broken
        assert len(script.parties) >= 4
        assert 3 <= len(script.clauses) <= 6
        for party in script.parties.values():
            assert party.interests
            assert party.alternative
            assert party.line
        assert 45 <= sum(round_.minutes for round_ in script.rounds) <= 120
