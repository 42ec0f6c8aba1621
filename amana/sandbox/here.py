"""Where the exercise of this process lies. In no other installation can this be
imported: everyone here has the passphrase that is in the source."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from amana.academy.sandboxes.sandbox_folder import SandboxFolder
from amana.sandbox.stage import Stage

if settings.SANDBOX is None:
    raise ImproperlyConfigured("Exercises run in processes of their own.")
FOLDER = SandboxFolder(settings.SANDBOX)
BEFORE = timedelta(days=1)
"""So long before the exercise begins its world is built, by its own clock."""


def load_stage() -> Stage:
    """Read how far the exercise is, or begin it on the day before."""
    plan = FOLDER.read_plan()
    start = datetime.fromisoformat(plan["start"])
    stage = Stage.read(FOLDER.path) or Stage.begin(FOLDER.path, game=start - BEFORE)
    if "from" in plan and not FOLDER.held.exists():
        # A copy of an exercise: the first process of it stops where it was copied.
        stage.hold_at(datetime.fromisoformat(plan["from"]))
        FOLDER.held.touch()
    return stage


STAGE = load_stage()
"""Read once: this process alone writes it."""
