"""What stands in the log as a code, in words that people read: `event_texts.yaml`.

A test looks through the whole house: every act that is recorded has its words there.
"""

from collections.abc import Mapping
from pathlib import Path

from amana.reviewed_files import Text, read_reviewed

FILE = Path(__file__).with_name("event_texts.yaml")
TEXTS = read_reviewed(FILE)
DID: Mapping[str, Text] = TEXTS["acts"]
PURPOSES: Mapping[str, Text] = TEXTS["purposes"]


def format_act(code: str) -> Text:
    return DID.get(code, code)


def format_purpose(code: str) -> Text:
    return PURPOSES.get(code, code)
