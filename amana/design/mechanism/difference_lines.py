"""What is different between two versions, said in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time

from django.utils.dateformat import format as date_format
from django.utils.dateformat import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.design.directory.codes import format_language
from amana.design.mechanism import labels, pieces
from amana.design.mechanism.labels import Words
from amana.design.mechanism.outline import Outline
from amana.design.pathway.pathway_differences import (
    Difference,
    DifferenceTopic,
    NamedElement,
    Simple,
    WrittenCondition,
)
from amana.trust.vault.compartments import Compartment
from amana.ui.labels import format_list
from amana.working_time import TimeSpan

ABOUT: Mapping[DifferenceTopic, Words] = {
    DifferenceTopic.WHOLE: lazy("The mechanism as a whole"),
    DifferenceTopic.STEPS: lazy("Steps"),
    DifferenceTopic.TABLES: lazy("Decision tables"),
    DifferenceTopic.CLOCKS: lazy("Clocks"),
    DifferenceTopic.ROLES: lazy("Roles"),
    DifferenceTopic.ORGANISATIONS: lazy("Organisations"),
    DifferenceTopic.DUTIES: lazy("Responsibilities"),
    DifferenceTopic.SHARING: lazy("Sharing"),
    DifferenceTopic.LAW: lazy("Law"),
    DifferenceTopic.FORMS: lazy("Forms"),
    DifferenceTopic.SCREENING: lazy("Screening"),
    DifferenceTopic.SERVICES: lazy("Services"),
    DifferenceTopic.CAPACITY: lazy("Capacity"),
    DifferenceTopic.TEXTS: lazy("Texts"),
    DifferenceTopic.INDICATORS: lazy("Indicators"),
    DifferenceTopic.GLOSSARY: lazy("Glossary"),
}

ENDS: Mapping[str, Words] = {
    "case": lazy("the end of the case"),
    "branch": lazy("the end of this branch"),
}

type Naming = Callable[[str], object]

BY_KIND: Mapping[str, Naming] = {
    "end": ENDS.__getitem__,
    "ending": labels.format_ending,
    "code": labels.format_code,
    "asked": labels.format_name,
    "message": labels.format_message,
    "country": lambda id: labels.format_holiday({"country": id}),
    "clock": lambda id: labels.CLOCK.get(id, labels.format_code_without_words(id)),
    "sphere": lambda id: pieces.SPHERES.get(id, id),
    "compartment": lambda id: Compartment(id).label,
    "access_role": lambda id: pieces.ACCESS.get(id, id),
    "kind": lambda id: labels.KINDS_OF_ORGANISATION.get(id, id),
    "language": format_language,
    "weekday": lambda id: list(labels.WEEKDAYS.values())[int(id)],
    "table": lambda id: (
        _("By the table: %(name)s") % {"name": labels.format_code_without_words(id)}
    ),
}


@dataclass(frozen=True)
class DifferenceGroup:
    """The differences that stand under one heading."""

    title: Words
    lines: list[str]


def group_differences(
    differences: Iterable[Difference], before: Outline, now: Outline
) -> list[DifferenceGroup]:
    """Group the differences by what they are about, in the order in which people read a
    mechanism.
    """
    lines: dict[DifferenceTopic, list[str]] = {}
    for difference in differences:
        lines.setdefault(difference.about, []).append(
            format_difference(difference, before, now)
        )
    return [
        DifferenceGroup(ABOUT[about], lines[about]) for about in ABOUT if about in lines
    ]


def format_difference(difference: Difference, before: Outline, now: Outline) -> str:
    """Format one difference as a sentence."""

    def value(one: Simple) -> str:
        match one:
            case NamedElement():
                # What was removed has its title only in the version before; what was
                # added, only in the version now.
                return format_named(one, before if one.before else now)
            case TimeSpan():
                return labels.format_span(one.written)
            case WrittenCondition():
                return labels.format_condition(one.written)
            case time():
                return time_format(one, "H:i")
            case date():
                return date_format(one, _("j F Y"))
        return str(one)

    return str(
        _(difference.sentence)
        % {
            name: format_list(map(value, given))
            if isinstance(given, tuple)
            else value(given)
            for name, given in difference.values.items()
        }
    )


def format_named(one: NamedElement, seen: Outline) -> str:
    if one.kind == "step":
        title = labels.format_step_title(seen, one.id)
        return _("“%(name)s”") % {"name": title}
    if one.kind == "role":
        return labels.format_role_title(seen, one.id)
    if one.kind in BY_KIND:
        return str(BY_KIND[one.kind](one.id))
    return labels.choose_words(one.words) or labels.format_code_without_words(one.id)
