"""What is different between two versions, said in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time

from django.utils.dateformat import format as date_format
from django.utils.dateformat import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.design.directory.codes import language_name
from amana.design.mechanism import pieces, sentences
from amana.design.mechanism.engine.calendar import Span
from amana.design.mechanism.engine.differences import (
    About,
    Difference,
    If,
    Named,
    Simple,
)
from amana.design.mechanism.outline import Outline
from amana.design.mechanism.sentences import Words
from amana.trust.vault.compartments import Compartment
from amana.ui.sentences import listed

ABOUT: Mapping[About, Words] = {
    About.WHOLE: lazy("The mechanism as a whole"),
    About.STEPS: lazy("Steps"),
    About.TABLES: lazy("Decision tables"),
    About.CLOCKS: lazy("Clocks"),
    About.ROLES: lazy("Roles"),
    About.ORGANISATIONS: lazy("Organisations"),
    About.DUTIES: lazy("Responsibilities"),
    About.SHARING: lazy("Sharing"),
    About.LAW: lazy("Law"),
    About.FORMS: lazy("Forms"),
    About.SCREENING: lazy("Screening"),
    About.SERVICES: lazy("Services"),
    About.CAPACITY: lazy("Capacity"),
    About.TEXTS: lazy("Texts"),
    About.INDICATORS: lazy("Indicators"),
    About.GLOSSARY: lazy("Glossary"),
}

ENDS: Mapping[str, Words] = {
    "case": lazy("the end of the case"),
    "branch": lazy("the end of this branch"),
}

type Naming = Callable[[str], object]

BY_KIND: Mapping[str, Naming] = {
    "end": ENDS.__getitem__,
    "ending": sentences.ending_in_words,
    "code": sentences.code_in_words,
    "asked": sentences.name_in_words,
    "message": sentences.message_in_words,
    "country": lambda id: sentences.holiday({"country": id}),
    "clock": lambda id: sentences.CLOCK.get(id, sentences.readable(id)),
    "sphere": lambda id: pieces.SPHERES.get(id, id),
    "compartment": lambda id: Compartment(id).label,
    "access_role": lambda id: pieces.ACCESS.get(id, id),
    "kind": lambda id: sentences.KINDS_OF_ORGANISATION.get(id, id),
    "language": language_name,
    "weekday": lambda id: list(sentences.WEEKDAYS.values())[int(id)],
    "table": lambda id: _("By the table: %(name)s") % {"name": sentences.readable(id)},
}


@dataclass(frozen=True)
class Group:
    """The differences that stand under one heading."""

    title: Words
    lines: list[str]


def in_words(
    differences: Iterable[Difference], before: Outline, now: Outline
) -> list[Group]:
    """Group the differences by what they are about, in the order in which people read a
    mechanism.
    """
    lines: dict[About, list[str]] = {}
    for difference in differences:
        lines.setdefault(difference.about, []).append(said(difference, before, now))
    return [Group(ABOUT[about], lines[about]) for about in ABOUT if about in lines]


def said(difference: Difference, before: Outline, now: Outline) -> str:
    """Format one difference as a sentence."""

    def value(one: Simple) -> str:
        match one:
            case Named():
                # What was removed has its title only in the version before; what was
                # added, only in the version now.
                return named(one, before if one.before else now)
            case Span():
                return sentences.in_words(one.written)
            case If():
                return sentences.condition_in_words(one.written)
            case time():
                return time_format(one, "H:i")
            case date():
                return date_format(one, _("j F Y"))
        return str(one)

    return str(
        _(difference.sentence)
        % {
            name: listed(map(value, given))
            if isinstance(given, tuple)
            else value(given)
            for name, given in difference.values.items()
        }
    )


def named(one: Named, seen: Outline) -> str:
    if one.kind == "step":
        title = sentences.title_of(seen, one.id)
        return _("“%(name)s”") % {"name": title}
    if one.kind == "role":
        return sentences.role_title(seen, one.id)
    if one.kind in BY_KIND:
        return str(BY_KIND[one.kind](one.id))
    return sentences.words(one.words) or sentences.readable(one.id)
