"""Builds the installation of an exercise, on the day before it begins."""

from django.db import connection

from amana.academy.sandboxes.sandbox_folder import SandboxFolder
from amana.sandbox import playing
from amana.sandbox.here import STAGE
from amana.sandbox.world import SandboxWorld

BUILT = ("amana.sqlite3*", "audit*", "*.key")
"""What a building that was broken off leaves."""


def clear(folder: SandboxFolder) -> None:
    """Remove what was begun: half a world is built anew."""
    connection.close()
    for pattern in BUILT:
        for path in folder.path.glob(pattern):
            path.unlink()


def build(folder: SandboxFolder) -> None:
    """Build it, and write how far that is; its clock then stands where the exercise
    begins."""
    scenario = playing.load_scenario()
    language = folder.read_plan()["language"]
    world = SandboxWorld(playing.load_pack(), folder, language, scenario)
    for what, done, of in world.build():
        folder.write_progress(what, done, of)
        folder.require_wanted()
    STAGE.move_to(scenario.start)
    # As done only here: where a process is killed before, the next one begins anew.
    folder.write_progress("", 1, 1)
