"""A service and a person, as a test describes them, and what matching answers."""

from typing import Any

from amana.design.directory.matching import (
    Directory,
    Person,
    ServiceRecord,
    build_need,
    match_services,
)
from amana.design.directory.tests.directories import NOW

BEDS = build_need("SH1")


def an_offer(**fields) -> ServiceRecord:
    made: dict[str, Any] = {"id": 1, "organisation": 1, "types": build_need("SH1")}
    return ServiceRecord(**made | fields)


def someone(**known) -> Person:
    made: dict[str, Any] = {"needs": (BEDS,), "at": NOW}
    return Person(**made | known)


def answer_to(person: Person, *offers: ServiceRecord, areas=None):
    return match_services(Directory(offers, areas or {}), person)
