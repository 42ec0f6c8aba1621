"""Who writes a scenario reads what is wrong with it, and where."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

SCENARIOS = settings.ROOT / "scenarios"
TRUCK = SCENARIOS / "truck-at-the-border"
TAMRA = settings.ROOT / "mechanisms" / "district-health"


def test_a_sound_scenario_is_summed_up() -> None:
    out = StringIO()
    call_command("scenario", "check", TRUCK, stdout=out)
    assert out.getvalue() == (
        "A truck is stopped at the border can be played: 14 people, 5 seats, "
        "8 injects, 16 criteria, 3 languages.\n"
    )
    child = SCENARIOS / "domestic-workers-child"
    call_command("scenario", "check", child, mechanism=TAMRA, stdout=out)
    assert "3 people" in out.getvalue()


def test_each_mistake_has_its_line(tmp_path: Path) -> None:
    text = (TRUCK / "scenario.yaml").read_text()
    (tmp_path / "scenario.yaml").write_text(text.replace("seed: 7", "seed: seven"))
    err = StringIO()
    with pytest.raises(CommandError, match="1 to fix"):
        call_command("scenario", "check", tmp_path, stderr=err)
    line = text[: text.index("seed: 7")].count("\n") + 1
    assert err.getvalue() == f"scenario.yaml:{line}: A number belongs here.\n"


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"no scenario\.yaml to read"):
        call_command("scenario", "check", tmp_path)
    err = StringIO()
    with pytest.raises(CommandError, match="to fix"):
        call_command("scenario", "check", TRUCK, mechanism=TAMRA, stderr=err)
    assert "played on “merravia”, and these files are “tamra_health”" in err.getvalue()
