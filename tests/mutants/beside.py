"""Run a command of manage.py with the fault of AMANA_FAULT planted, if there is one:
for tests whose work is done by processes of their own.

python -m tests.mutants.beside COMMAND …
"""

import os
import sys

import django

from amana import commands


def plant_if_asked() -> None:
    from tests.mutants.faults import FAULTS

    if name := os.environ.get("AMANA_FAULT"):
        FAULTS[name].plant()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amana.settings")
    django.setup()
    plant_if_asked()
    commands.run_command(sys.argv)
