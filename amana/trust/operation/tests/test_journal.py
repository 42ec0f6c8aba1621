"""What a server writes beside its pages: on its error output, which a journal keeps."""

import os
import subprocess
import sys

LOGGED = """
import logging, django
django.setup()
try:
    raise ValueError("Zubaida is called")
except ValueError:
    logging.getLogger("amana.anywhere").exception("It failed")
"""


def test_the_words_of_an_error_are_in_no_journal() -> None:
    """Of whatever logger: a database's error repeats the row that it is about."""
    environment = {k: v for k, v in os.environ.items() if k != "DEBUG"}
    environment["DJANGO_SETTINGS_MODULE"] = "amana.settings"
    done = subprocess.run(
        [sys.executable, "-c", LOGGED], env=environment, capture_output=True, text=True
    )
    assert "It failed: ValueError" in done.stderr
    assert 'File "<string>"' not in done.stderr
    assert "Zubaida" not in done.stderr
