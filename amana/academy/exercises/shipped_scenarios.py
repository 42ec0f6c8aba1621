"""The scenarios that come with Amana, each with the mechanism on which it is played."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from amana.academy.exercises.engine.scenario import Scenario
from amana.academy.exercises.engine.scenario_reading import read_scenario
from amana.academy.exercises.standard_criteria import STANDARD
from amana.academy.sandboxes.sandbox_folder import SCENARIO
from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.pack_model import Pack

SCENARIOS = settings.ROOT / "scenarios"
MECHANISMS = settings.ROOT / "mechanisms"


@dataclass(frozen=True)
class ShippedScenario:
    scenario: Scenario
    content: bytes
    mechanism: Path
    """The folder of the mechanism."""

    @property
    def areas(self) -> Path:
        """The places of the invented country, in which all of them are played."""
        return MECHANISMS / "example" / "areas.geojson"


@cache
def load_mechanisms() -> dict[str, tuple[Path, Pack]]:
    """Load the mechanisms that come with Amana, by their ids."""
    found = {}
    for folder in sorted(MECHANISMS.iterdir()):
        pack, _faults = reading.read_pack(files.read_folder(folder))
        if pack is not None:
            found[pack.id] = (folder, pack)
    return found


@cache
def load_scenarios() -> dict[str, ShippedScenario]:
    """Load the scenarios that can be played, by their codes; once for each process."""
    found = {}
    for file in sorted(SCENARIOS.glob(f"*/{SCENARIO}")):
        content = file.read_bytes()
        for folder, pack in load_mechanisms().values():
            scenario, _faults = read_scenario(
                file.name, content, pack=pack, criteria=frozenset(STANDARD)
            )
            if scenario is not None:
                found[scenario.code] = ShippedScenario(scenario, content, folder)
    return found
