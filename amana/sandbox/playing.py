"""The exercise that is played in this process."""

from collections.abc import Mapping
from functools import cache

from django.utils.translation import gettext as _

from amana.academy.exercises.engine.default_scripts import add_default_scripts
from amana.academy.exercises.engine.scenario import Scenario
from amana.academy.exercises.engine.scenario_reading import read_scenario
from amana.academy.exercises.labels import choose_text
from amana.academy.exercises.models import PlayMode
from amana.academy.exercises.standard_criteria import STANDARD
from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.pack_model import Pack
from amana.sandbox.here import FOLDER


@cache
def load_pack() -> Pack:
    """Load the mechanism; its faults were looked for when the exercise was opened."""
    pack, faults = reading.read_pack(files.read_folder(FOLDER.mechanism))
    assert pack is not None, faults
    return pack


@cache
def load_scenario() -> Scenario:
    file = FOLDER.scenario
    scenario, faults = read_scenario(
        file.name, file.read_bytes(), pack=load_pack(), criteria=frozenset(STANDARD)
    )
    assert scenario is not None, faults
    return add_default_scripts(scenario) if is_alone() else scenario


def get_mode() -> PlayMode:
    """Get how those who play are together."""
    return PlayMode(FOLDER.read_plan()["mode"])


def is_alone() -> bool:
    return get_mode() is PlayMode.ALONE


def get_usual_speed() -> float:
    """Get the speed that the board suggests: over days, an hour is an hour."""
    return 1.0 if get_mode() is PlayMode.DAYS else load_scenario().speed


def get_title() -> str:
    """Get the scenario's title in the reader's language."""
    return say(load_scenario().title)


def say(text: Mapping[str, str]) -> str:
    """Choose a text of the scenario in the reader's language."""
    return choose_text(text, otherwise=load_scenario().languages[0])


def format_mark() -> str:
    """Format what is at the foot of all that is printed here."""
    return _("Exercise: %(exercise)s. Everyone is invented.") % {
        "exercise": get_title()
    }


def list_people() -> list[tuple[str, str]]:
    """List the invented people with a name, for a choice."""
    return [(code, person.name) for code, person in load_scenario().people.items()]


def list_agencies() -> list[tuple[str, str]]:
    """List the organisations of the mechanism, for a choice."""
    return [(code, said.name) for code, said in load_pack().organisations.items()]
