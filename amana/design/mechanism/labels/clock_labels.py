"""Clocks, weekdays, codes and names in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.design.directory.codes import format_country
from amana.design.mechanism import coded
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.outline import Text
from amana.ui.labels import format_list

type Words = str | Promise


URGENCY: dict[str, Words] = {
    "U0": lazy("Emergency"),
    "U1": lazy("High"),
    "U2": lazy("Medium"),
    "U3": lazy("Routine"),
}


KIND: dict[str, Words] = {
    "do": lazy("Task"),
    "choose": lazy("Branch"),
    "together": lazy("Parallel steps"),
    "decide": lazy("Decision table"),
    "tell": lazy("Notification"),
    "wait": lazy("Wait"),
    "part": lazy("Separate part"),
}


CLOCK: dict[str, Words] = {
    "receipt": lazy("Receipt acknowledged"),
    "answer": lazy("Answer given"),
    "contact": lazy("First contact with the person"),
    "follow_up": lazy("First update"),
    "next_follow_up": lazy("Each further update"),
    "escalation": lazy("Next person notified of delay"),
}


WEEKDAYS: dict[str, Words] = {
    "monday": lazy("Monday"),
    "tuesday": lazy("Tuesday"),
    "wednesday": lazy("Wednesday"),
    "thursday": lazy("Thursday"),
    "friday": lazy("Friday"),
    "saturday": lazy("Saturday"),
    "sunday": lazy("Sunday"),
}


KINDS_OF_ORGANISATION: dict[str, Words] = {
    "ngo": lazy("Non-governmental organisation"),
    "public": lazy("Public service"),
    "international": lazy("International organisation"),
    "community": lazy("Community or faith group"),
}


UNITS: dict[str, Words] = {
    "minutes": pgettext_lazy("unit of a clock", "minutes"),
    "hours": pgettext_lazy("unit of a clock", "hours"),
    "days": pgettext_lazy("unit of a clock", "days"),
    "working_days": pgettext_lazy("unit of a clock", "working days"),
}


def get_short_language() -> str:
    return (get_language() or "en").split("-")[0]


def choose_words(said: Text) -> str:
    return outlines.choose_words(get_short_language(), said)


def format_code_without_words(code: str) -> str:
    """Format a code that has no words of its own: `transfer_accepted` as people read
    it.
    """
    return code.replace("_", " ").replace("-", " ")


def format_code(code: str) -> str:
    return str(
        coded.CODES.get(code) or URGENCY.get(code) or format_code_without_words(code)
    )


def format_name(name: str) -> str:
    """Format what a condition or a table asks for."""
    return str(coded.NAMES.get(name) or format_code_without_words(name))


def format_message(message: str) -> str:
    return str(coded.MESSAGES.get(message) or format_code_without_words(message))


def format_ending(end: str) -> str:
    return str(coded.ENDS.get(end) or format_code_without_words(end))


def format_item(listed_as: str) -> str:
    """Format an item of a list: `children` as “child”."""
    return str(coded.LISTS.get(listed_as) or format_code_without_words(listed_as))


def format_opening(days: Iterable[int], opens: str, closes: str) -> str:
    """Format “Monday – Friday 08:30–16:30”, of days that count from Monday: 0. What
    closes when it opens never does."""
    places = sorted(set(days))
    is_each_day = len(places) == len(WEEKDAYS)
    if opens == closes:
        never = _("Day and night")
        return never if is_each_day else f"{format_days(places)} {never}".strip()
    times = f"{opens}–{closes}"
    if is_each_day:
        return _("every day %(times)s") % {"times": times}
    return f"{format_days(places)} {times}".strip()


def format_days(places: list[int]) -> str:
    """Format “Monday – Friday” where they follow each other."""
    order = list(WEEKDAYS.values())
    names = [str(order[place]) for place in places]
    if len(places) > 2 and places[-1] - places[0] == len(places) - 1:
        return f"{names[0]} – {names[-1]}"
    return format_list(names)


def format_span(written: str) -> str:
    """Format PT24H as “24 hours”; what is no clock stays as it is."""
    span = outlines.read_span(written)
    if span is None:
        return written
    unit, amount = span.words
    if unit == "minutes":
        said = ngettext("%(n)s minute", "%(n)s minutes", amount)
    elif unit == "hours":
        said = ngettext("%(n)s hour", "%(n)s hours", amount)
    elif unit == "days":
        said = ngettext("%(n)s day", "%(n)s days", amount)
    else:
        said = ngettext("%(n)s working day", "%(n)s working days", amount)
    return said % {"n": amount}


@dataclass(frozen=True)
class ClockText:
    urgency: Words
    """Empty: the same for all."""
    words: str


def list_clocks(due: Mapping[str, str]) -> list[ClockText]:
    # From the most urgent; urgencies that a faulty draft invents come last, and are
    # shown.
    order = [*outlines.URGENCIES, *sorted(due.keys() - set(outlines.URGENCIES))]
    return [
        ClockText(URGENCY.get(urgency, urgency), format_span(due[urgency]))
        for urgency in order
        if urgency in due
    ]


def format_clocks(due: Mapping[str, str]) -> str:
    """Format “24 hours”, or one after the other by urgency."""
    return format_list(
        _("%(urgency)s: %(time)s")
        % {"urgency": shown_clock.urgency, "time": shown_clock.words}
        if shown_clock.urgency
        else shown_clock.words
        for shown_clock in list_clocks(due)
    )


def format_holiday(said: object) -> str:
    """Format a day, or the holidays of a country."""
    if isinstance(said, Mapping):
        country = format_country(str(said.get("country", "")))
        return _("Public holidays of %(country)s") % {"country": country}
    try:
        return date_format(date.fromisoformat(str(said)), _("j F Y"))
    except ValueError:
        return str(said)
