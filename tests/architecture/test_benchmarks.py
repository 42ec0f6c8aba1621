"""What `results.md` says beside peers is true of each line, whenever it was made; and
what counts as reading a whole table."""

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import beside, plans, report
from benchmarks.beside import CHOSEN
from benchmarks.beside_files import File, apart, shuffled
from benchmarks.beside_peers import Outcome, killed
from tests.architecture.code import ROOT

FILE = File(
    "200000", np.random.default_rng(0).integers(0, 2, (200, 4)), (2,) * 4, (False,) * 4
)
NOTHING_LEARNT = "has learnt nothing here"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "KEPT", tmp_path)
    monkeypatch.setattr(report, "machine", lambda: "2 cores")


def written() -> list[str]:
    return "\n".join(beside.text_of_rows({"200000": FILE})).splitlines()


def line(of: str) -> str:
    return next(x for x in written() if x.startswith(f"| {beside.WORDS[of]}"))


def test_each_line_keeps_its_day_its_machine_and_its_limit(
    kept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside.keep("200000", "mst", Outcome(1.0, (0.1, 0.2, 0.3)), 60)
    every = beside.measured()
    every["200000"]["mst"] |= {"on": "2026-01-02", "machine": "1 core"}
    monkeypatch.setattr(beside, "measured", lambda: every)
    beside.keep("200000", "ours", Outcome(1.0, (0.1, 0.2, 0.3)), 30)

    assert "ended after 30 s" in written()[0]
    assert "2 cores" in written()[0]
    assert "02 January 2026" not in written()[0]
    assert "(02 January 2026; 1 core; ended after 60 s)" in line("mst")
    assert "(" not in line("ours")


def test_what_was_measured_once_is_told_as_long_as_there_is_no_line(
    kept: None,
) -> None:
    beside.keep("200000", "ours", Outcome(1.0, (0.1, 0.2, 0.3)), 120)
    assert "needed 252 s" in written()[-1]

    beside.keep("200000", "pac_synth_2", Outcome(1.0, (0.1, 0.2, 0.3)), 120)
    assert "needed 252 s" not in written()[-1]
    assert written()[-1].startswith(CHOSEN)
    assert "smartnoise" in written()[-1]


def test_that_ours_has_learnt_nothing_is_said_where_it_is_so(kept: None) -> None:
    by_chance = apart(FILE, shuffled(FILE))[1]
    beside.keep("200000", "ours", Outcome(1.0, (0.1, by_chance, 0.3)), 120)
    assert any(NOTHING_LEARNT in x for x in written())

    beside.keep("200000", "ours", Outcome(1.0, (0.1, by_chance / 2, 0.3)), 120)
    assert not any(NOTHING_LEARNT in x for x in written())


@pytest.mark.parametrize(
    ("by", "spent", "said"),
    [
        (signal.SIGXCPU, 121, "did not end in 120 s"),
        (signal.SIGKILL, 125, "did not end in 120 s"),
        (signal.SIGKILL, 40, "was ended by SIGKILL after 40 s"),
        (signal.SIGSEGV, 121, "was ended by SIGSEGV after 121 s"),
    ],
)
def test_only_the_limit_says_that_a_way_did_not_end(
    by: int, spent: float, said: str
) -> None:
    assert killed(by, spent, 120) == said


SPINS = """
import sys
from benchmarks import peers

def spin(people):
    while True:
        pass

peers.WAYS["spin"] = spin
peers.main("spin", *sys.argv[1:], "0")
"""


def test_the_limit_says_that_it_was_the_limit(tmp_path: Path) -> None:
    FILE.save(tmp_path / "people.npz")
    some = [tmp_path / "people.npz", tmp_path / "drawn.npz"]
    ended = subprocess.run([sys.executable, "-c", SPINS, *some], cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGXCPU


TABLES = {"cases_case": 100_000, "access_team": 40}


def looked(how: str, table: str, rows: float, **more: object) -> dict[str, object]:
    """A node of a plan, as PostgreSQL writes it."""
    node = {"Node Type": how, "Relation Name": table, "Plan Rows": 1}
    return node | {"Actual Rows": rows, "Actual Loops": 1} | more


@pytest.mark.parametrize(
    ("node", "is_whole"),
    [
        (looked("Seq Scan", "cases_case", 100_000), True),
        (
            looked("Seq Scan", "cases_case", 3, **{"Rows Removed by Filter": 99_997}),
            True,
        ),
        (looked("Seq Scan", "cases_case", 33_334, **{"Actual Loops": 3}), True),
        (looked("Index Only Scan", "cases_case", 90_000), True),
        (looked("Index Scan", "cases_case", 1, **{"Actual Loops": 90_000}), True),
        (looked("Index Scan", "cases_case", 9_000), False),
        (looked("Seq Scan", "cases_case", 26), False),
        (looked("Seq Scan", "cases_case", 0, **{"Actual Loops": 0}), False),
        (looked("Seq Scan", "access_team", 40), False),
    ],
)
def test_a_table_is_read_whole_by_whichever_way(
    node: dict[str, object], is_whole: bool
) -> None:
    """In sequence, by workers together, or one by one; not what stops, or never ran."""
    scans = tuple(plans.scans_in({"Node Type": "Limit", "Plans": [node]}))
    answered = plans.Answered("cases:watch", "salma", 12.5, scans, "SELECT")
    found = plans.wholes([answered], TABLES)
    assert bool(found) is is_whole
