"""What a brief says before a person wrote in it: in the language that is active.

It contains what follows from the figures and from the kind of gap. Where only people
know, it leaves an open place (`brief_checks.OPEN`), and what has one is not published.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.insight.briefs.brief_checks import OPEN
from amana.insight.briefs.parts import CRITERIA, FIGURES

TITLES: dict[str, str | Promise] = {
    "absent": lazy("Fund what is missing: %(what)s"),
    "insufficient": lazy("Open more places: %(what)s"),
    "inaccessible": lazy("Bring help within reach: %(what)s"),
    "unsafe": lazy("Make help safe: %(what)s"),
    "poor": lazy("Make help better: %(what)s"),
    "unfunded": lazy("Keep help open: %(what)s"),
    "": lazy("Decide on this now: %(what)s"),
}
CAUSES: dict[str, str | Promise] = {
    "absent": lazy("The service does not exist where people need it."),
    "insufficient": lazy("There are fewer places than people who need one."),
    "inaccessible": lazy(
        "The service is too far away, closed too often, or excludes people."
    ),
    "unsafe": lazy("People are not safe enough where help is offered."),
    "poor": lazy("What is offered does not meet the agreed standard."),
    "unfunded": lazy("Its funding ends, and no one has promised to continue it."),
    "": lazy("No organisation can change this alone, and none has the duty to."),
}
FIRST_OPTION: dict[str, str | Promise] = {
    "absent": lazy("Set up the service, with its own budget line"),
    "insufficient": lazy("Open more places, with their own budget line"),
    "inaccessible": lazy("Open at other hours and places, and pay for travel"),
    "unsafe": lazy("Make every place safe, or move it"),
    "poor": lazy("Train and supervise, and check the standard each year"),
    "unfunded": lazy("Fund the service from the regular budget"),
    "": lazy("Give one office the duty, the staff and the money"),
}

SCORES: Mapping[str, tuple[tuple[int, str | Promise], ...]] = {
    "none": (
        (1, lazy("The figure stays where it is.")),
        (4, lazy("No new money, but costs arise elsewhere.")),
        (5, lazy("Nothing has to be decided.")),
        (1, lazy("The duty to assist is not met.")),
        (1, lazy("People left out stay left out.")),
    ),
    "a": (
        (5, lazy("More people get what they need.")),
        (2, lazy("New money each year.")),
        (3, lazy("Needs staff and a place.")),
        (5, lazy("The duty to assist is met.")),
        (4, lazy("Can begin with those left out.")),
    ),
    "b": (
        (3, lazy("Quicker access, no new places.")),
        (4, lazy("Mostly the time of existing staff.")),
        (4, lazy("The organisations can agree on it.")),
        (3, lazy("Answers are faster; needs remain.")),
        (2, lazy("Helps people already reached by help.")),
    ),
}


@dataclass(frozen=True)
class DraftBeginning:
    """What a draft begins with."""

    what: str
    """The gap or the indicator, in words."""
    code: str
    figures: Sequence[str]
    """Names of figures that may be shown."""
    kind: str = ""
    voices: Sequence[str] = ()
    """Themes that enough people spoke of."""
    causes: Sequence[str] = ()
    """Why it is so, as far as it can be counted."""
    option: str = ""
    """What was tried, in words; empty: what usually helps with such a gap."""
    cost: str = ""
    """What the costs are, in a sentence."""
    funding: Sequence[str] = ()
    """Who pays and what ends, by the ledger."""
    inaction: str = ""
    """What doing nothing costs; empty where it has no source (ADR 34)."""
    effect: str = ""
    """What the first option changes, by a simulation."""
    titles: Mapping[str, str] | None = None
    """What each figure is called."""


def draft_untranslated(start: DraftBeginning) -> dict[str, str]:
    """Draft what is the same in each language."""
    said = dict.fromkeys(FIGURES, "") | dict(zip(FIGURES, start.figures, strict=False))
    for option, scores in SCORES.items():
        for criterion, (score, _why) in zip(CRITERIA, scores, strict=True):
            said[f"{option}_{criterion}"] = str(score)
    return said | {"by_when": ""}


def draft_sections(start: DraftBeginning) -> dict[str, str]:
    return (
        draft_request(start)
        | draft_options(start)
        | draft_next_steps(start)
        | draft_plain_language(start)
        | {"limits": draft_limits(), "contacts": OPEN, "who": OPEN}
    )


def draft_request(start: DraftBeginning) -> dict[str, str]:
    about = format_placeholder(start.code) if start.code in start.figures else ""
    message = (
        _(
            "%(what)s: %(figure)s between %(since)s and %(until)s. This will not "
            "change without a decision."
        )
        if about
        else _("%(what)s: this will not change without a decision.")
    )
    # A figure of the whole country is never presented as one of the gap.
    said = {
        "what": (start.titles or {}).get(start.code, start.what),
        "figure": about,
        "since": "{since}",
        "until": "{until}",
    }
    return {
        "title": str(TITLES[start.kind]) % {"what": start.what},
        "message": message % said,
        "numbers": _(
            "Together they show that what was agreed is not what people find."
        ),
        "voices": "\n".join(start.voices) or OPEN,
        "causes": "\n".join(start.causes or (str(CAUSES[start.kind]), OPEN)),
    }


def draft_options(start: DraftBeginning) -> dict[str, str]:
    said = {
        "none": _("Everything stays as it is"),
        "a": start.option or str(FIRST_OPTION[start.kind]),
        "b": _("Make better use of what exists: shared lists, one telephone number"),
    }
    for option, scores in SCORES.items():
        for criterion, (_score, why) in zip(CRITERIA, scores, strict=True):
            said[f"{option}_{criterion}_why"] = str(why)
    recommended = _("We recommend option A: %(option)s.") % {"option": said["a"]}
    return said | {
        "recommendation": " ".join(filter(None, (recommended, start.effect))),
        "cost": start.cost or OPEN,
        "funding": "\n".join(start.funding) or OPEN,
        "inaction": start.inaction,
    }


def draft_next_steps(start: DraftBeginning) -> dict[str, str]:
    watched = [figure for figure in start.figures if figure in (start.titles or {})]
    return {
        "action": "\n".join(
            (
                _("By {by_when}: the decision, and the budget line."),
                _("Three months later: staff are in post and trained."),
                _("A year later: the figures are counted again, and published."),
            )
        ),
        "risks": "\n".join(
            (
                _(
                    "The money comes late: agree on bridge funding before the year "
                    "ends."
                ),
                _("There are places but no staff: recruit first."),
                _("A place becomes known: its address is never published."),
            )
        ),
        "watch": "\n".join(
            _("%(title)s: now %(figure)s")
            % {
                "title": (start.titles or {})[figure],
                "figure": format_placeholder(figure),
            }
            for figure in watched[:3]
        )
        or OPEN,
    }


def draft_limits() -> str:
    return " ".join(
        (
            _(
                "Counted from {since} to {until}, from coded observations without "
                "names."
            ),
            _("Counts are rounded; those that could identify a person are not shown."),
            _("Unknown values are left out of shares and given separately."),
            _("People who never came to a service are in none of these figures."),
        )
    )


def draft_plain_language(start: DraftBeginning) -> dict[str, str]:
    return {
        "plain_what": " ".join(
            (
                _("Many people need help and safety."),
                _("Not all of them find it."),
                _("This paper is about: %(what)s.") % {"what": start.what},
            )
        ),
        "plain_ask": _("We ask those who decide to change this, and to pay for it."),
        "plain_next": " ".join(
            (
                _("We wait for their answer."),
                _("Then we count again, and publish the results."),
            )
        ),
    }


def format_placeholder(name: str) -> str:
    return "{" + name + "}"
