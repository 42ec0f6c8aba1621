"""What could be read of a pack, and a list of its faults."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from amana.faults import Fault, FaultCollector, check_known, gettext_noop
from amana.yaml_files.yamls import Place, YAMLSource

NO_ORGANISATION = gettext_noop("There is no organisation “%(name)s”.")
NO_ROLE = gettext_noop("There is no role “%(name)s”.")
NO_ROLE_OR_PARTNER = gettext_noop("There is no role or partner “%(name)s”.")
NO_STEP = gettext_noop("There is no step “%(name)s”.")
NO_FORM = gettext_noop("There is no form “%(name)s” in forms.")
NO_SCREENING = gettext_noop("There is no instrument “%(name)s” in screening.")
NO_LANGUAGE = gettext_noop("The pack has no language “%(name)s”.")
NO_PLACEHOLDER = gettext_noop("Nothing fills {{ %(name)s }}.")
NO_NAME = gettext_noop("No step gives “%(name)s”.")
NO_INTERRUPT = gettext_noop("There is no interrupt “%(name)s”.")
NO_CODE = gettext_noop("“%(name)s” is not one of its codes.")
NOT_IN_FIRST = gettext_noop(
    "The text in the pack’s first language (%(language)s) is missing."
)
ABOVE_CEILING = gettext_noop(
    "“%(compartment)s” is never shared with the sphere “%(sphere)s”, "
    "whatever is agreed."
)
NO_CONSENT = gettext_noop("There is no consent text in the language “%(language)s”.")
EMPTY_CONSENT = gettext_noop("This consent text is empty.")
CHAPTER_NAME = gettext_noop(
    "A chapter’s file is named by a number and a name: 07-screening.md."
)
CHAPTER_TWICE = gettext_noop("There are two chapters with the number %(number)s.")
NO_TITLE = gettext_noop("A chapter begins with its title: a line “# Title”.")
NO_CHAPTER = gettext_noop("This chapter is missing in the language “%(language)s”.")
NOT_ALONE = gettext_noop(
    "{{ %(name)s }} becomes a table, so it must be alone on its line."
)
CHAPTER = re.compile(r"(\d\d)-([a-z][a-z0-9-]*)\.md")


@dataclass
class PackSources:
    """The parts of a pack that could be read, and their faults."""

    sources: dict[str, YAMLSource] = field(default_factory=dict)
    """Files that have the shape of their schema."""
    prose: dict[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    """The names of all files, sound or not."""
    forms: Mapping[str, Any] = field(default_factory=dict)
    """By name, those that have no fault."""
    form_names: frozenset[str] = frozenset()
    instrument_names: frozenset[str] = frozenset()
    decision_names: frozenset[str] = frozenset()
    faults: list[Fault] = field(default_factory=list)

    def plain(self, name: str) -> Mapping[str, Any]:
        source = self.sources.get(name)
        return (source.plain or {}) if source else {}

    @property
    def decisions(self) -> dict[str, Mapping[str, Any]]:
        return {
            name: self.plain(f"decisions/{name}.yaml")
            for name in sorted(self.decision_names)
        }

    @property
    def pathway_is_whole(self) -> bool:
        """It and its tables have the shape of their schemas."""
        tables = {f"decisions/{name}.yaml" for name in self.decision_names}
        return {"pathway.yaml", *tables} <= self.sources.keys()

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.plain("mechanism.yaml").get("languages", ()))


class PackFaults(FaultCollector):
    """The faults across a pack's files."""

    def check_known(
        self,
        source: YAMLSource,
        place: Place,
        sentence: str,
        name: str,
        among: Collection[str],
    ) -> None:
        """Report a name that is not among the known ones, once for each name."""
        found = check_known(source, place, sentence, name, among)
        self.add(found, cause=(name, *place[:1]))
