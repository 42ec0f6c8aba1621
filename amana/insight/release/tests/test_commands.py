from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from amana.insight.disclosure.engine import noise, synthetic
from amana.insight.release import noising
from amana.insight.release.tests.conftest import YEAR


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_a_table_is_checked_by_a_command(db, tmp_path: Path):
    file = tmp_path / "table.csv"
    file.write_text("area,n\nnorth,40\nsouth,50\n")
    assert "1. PASS" in run("check_release", str(file))

    file.write_text("area,n\nnorth,40\nsouth,5\n")
    with pytest.raises(CommandError, match="must not be published"):
        run("check_release", str(file))
    with pytest.raises(CommandError, match="No such file"):
        run("check_release", str(tmp_path / "nowhere.csv"))


def test_synthetic_rows_say_so_and_are_paid_for_once(
    counted, officer, tmp_path, monkeypatch
):
    monkeypatch.setattr(noise, "ENOUGH", 100)
    monkeypatch.setattr(noise, "is_installed", lambda: True)
    monkeypatch.setattr(synthetic.learn_tree, "__kwdefaults__", {"add": lambda c, s: c})
    noising.set_budget(YEAR, 1.0, by=officer)
    words = ["synthetic_rows", str(tmp_path), f"--year={YEAR}", "--rows=200"]

    run(*words)
    first = (tmp_path / f"SYNTHETIC-screening-{YEAR}.csv").read_text()
    run(*words)

    assert noising.load_ledger(YEAR).spent == pytest.approx(1.0)
    lines = first.splitlines()
    assert lines[0].startswith("# SYNTHETIC: these people do not exist.")
    assert lines[1].startswith("result,age_band,sex")
    sexes = [line.split(",")[2] for line in lines[2:]]
    assert len(sexes) == 200
    assert np.mean([sex == "female" for sex in sexes]) == pytest.approx(0.6, abs=0.15)
    assert "NOT APPLICABLE" in run(
        "check_release", str(tmp_path / f"SYNTHETIC-screening-{YEAR}.csv")
    )
