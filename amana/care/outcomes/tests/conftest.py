"""A mechanism that asks everything, and a case that goes by it."""

from pathlib import Path

import pytest

from amana.care.outcomes.questions import QUESTIONS
from amana.care.pathways.tests.conftest import (
    case,
    clinic,
    coordinator,
    house,
    mechanism,
    office,
    stranger,
    supervisor,
    worker,
)
from amana.care.pathways.tests.pack import files

__all__ = [
    "case",
    "clinic",
    "coordinator",
    "folder",
    "house",
    "mechanism",
    "office",
    "stranger",
    "supervisor",
    "worker",
]

INDICATORS = """\
indicators:
  A01:
    title: {{en: What came of it, fr: Ce qui en est sorti, ar: ما الذي نتج عنه}}
    counts: {{en: answers, fr: réponses, ar: إجابات}}
    asks: [{asks}]
    source: This mechanism
    checked: no
"""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("asks")
    asks = INDICATORS.format(asks=", ".join(QUESTIONS))
    for path, content in {**files(), "indicators.yaml": asks.encode()}.items():
        (found / path).parent.mkdir(parents=True, exist_ok=True)
        (found / path).write_bytes(content)
    return found
