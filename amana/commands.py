"""How each command ends: well, or with a sentence that says what to do."""

import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from amana.errors import Refused
from amana.ui import outages


def run_command(words: list[str]) -> None:
    """Run a command of manage.py. What the machine lacks ends it with a sentence; a
    mistake of the program stays as loud as it is."""
    try:
        execute_from_command_line(words)
    except ImproperlyConfigured as error:
        sys.exit(str(error))  # a setting is missing or wrong; that says which
    except Refused as no:
        sys.exit(str(no))
    except Exception as error:
        outage = outages.detect_outage(error)
        if outage is None or "--traceback" in words:
            raise
        sys.exit(outages.describe_outage(outage, error))
