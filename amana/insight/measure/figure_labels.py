"""Format figures for display: a value with its unit, its interval, how it compares with
its target."""

import re
from dataclasses import dataclass
from functools import cached_property

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amana.design.mechanism.choosing import list_versions_in_force
from amana.design.mechanism.pack.pack_model import Indicator as Agreed
from amana.insight.measure import labels
from amana.insight.measure.engine.definitions import (
    Indicator,
    IndicatorPart,
    Measure,
    Target,
)
from amana.insight.measure.engine.statistics import compare_shares
from amana.insight.measure.engine.visible_figures import ShownValue

NUMBER = re.compile(r"^(<=|>=|<|>|≤|≥)?\s*(\d+(?:[.,]\d+)?)\s*%?$")
EXACT, TENTH = 1e-9, 0.1
SHARES = frozenset({Measure.SHARE, Measure.DISTRIBUTION})


def is_share(part: IndicatorPart) -> bool:
    return part.measure in SHARES or part.unit == "percent"


def format_amount(part: IndicatorPart, value: float) -> str:
    """Format a value of this figure, with its unit."""
    if is_share(part):
        return format_percent(value)
    if part.unit == "days":
        n = round(value)
        return ngettext("%(n)s day", "%(n)s days", n) % {"n": format_number(n, 0)}
    if part.unit == "hours":
        n = round(value)
        return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": format_number(n, 0)}
    whole = part.measure in (Measure.COUNT, Measure.TOTAL)
    return format_number(value, 0 if whole or value >= 100 else 1)


def format_percent(share: float) -> str:
    n = convert_to_percent(share)
    return _("%(n)s %%") % {"n": format_number(n, 0 if n == round(n) else 1)}


def convert_to_percent(share: float) -> float:
    """Convert a share to whole percent; but what is not all, or not nothing, never
    looks so."""
    exact = 100 * share
    for end in (0, 100):
        if round(exact) == end and abs(exact - end) > EXACT:
            off = max(TENTH, round(abs(exact - end), 1))
            return end + off if exact > end else end - off
    return float(round(exact))


def label_scale(part: IndicatorPart, value: float) -> str:
    """Label a scale: with its unit only where that is short."""
    return format_amount(part, value) if is_share(part) else format_number(value, 0)


def format_number(value: float, places: int = 1) -> str:
    # Adding 0.0 turns -0.0 into 0.0.
    return number_format(round(value, places) + 0.0, places, force_grouping=True)


def format_value(part: IndicatorPart, shown: ShownValue) -> str:
    """Format what is known of a figure, in a few words."""
    if shown.value is not None:
        return format_amount(part, shown.value)
    if shown.at_least is not None:
        return _("%(value)s or more") % {"value": format_amount(part, shown.at_least)}
    if shown.at_most is not None:
        return _("%(value)s or less") % {"value": format_amount(part, shown.at_most)}
    if part.measure is Measure.MEDIAN and shown.low is not None:
        return _("more than %(value)s") % {"value": format_amount(part, shown.low)}
    if part.measure is Measure.RATE and shown.counted is not None:
        return _("%(n)s people") % {"n": format_number(shown.counted, 0)}
    return _("Not shown")


def format_interval(part: IndicatorPart, shown: ShownValue) -> str:
    """Format the interval in which a value lies; empty where none is given."""
    if shown.value is None or shown.low is None:
        return ""
    low = format_amount(part, max(0.0, shown.low))
    if shown.high is None:
        return _("%(low)s or more") % {"low": low}
    return _("%(low)s to %(high)s") % {
        "low": low,
        "high": format_amount(part, shown.high),
    }


def format_counted(shown: ShownValue) -> str:
    """Format how many were counted out of how many; they are rounded."""
    if shown.of is None:
        return ""
    if shown.counted is None or shown.counted == shown.of:
        return format_number(shown.of, 0)
    ends = {
        "counted": format_number(shown.counted, 0),
        "of": format_number(shown.of, 0),
    }
    return _("%(counted)s of %(of)s") % ends


def format_unknown(shown: ShownValue) -> str:
    return format_number(shown.unknown, 0) if shown.unknown is not None else ""


@dataclass(frozen=True)
class Definition:
    """An indicator as this mechanism has agreed it: its own target comes first."""

    indicator: Indicator
    part: IndicatorPart

    @cached_property
    def agreed(self) -> Agreed | None:
        code = self.indicator.code
        packs = [version.pack for version in list_versions_in_force()]
        return next((p.indicators[code] for p in packs if code in p.indicators), None)

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def is_first(self) -> bool:
        return self.part is self.indicator.part()

    @property
    def title(self) -> str:
        text = self.agreed.title if self.agreed else self.indicator.title
        return labels.format_text(text)

    @property
    def name(self) -> str:
        """Of this figure of it."""
        several = len(self.indicator.parts) > 1
        return labels.format_text(self.part.title) if several else self.title

    @property
    def counts(self) -> str:
        text = self.agreed.counts if self.agreed else self.indicator.counts
        return labels.format_text(text)

    @property
    def of(self) -> str:
        text = self.agreed.of if self.agreed else self.indicator.of
        return labels.format_text(text)

    @property
    def source(self) -> str:
        return self.agreed.source if self.agreed else self.indicator.source

    @cached_property
    def target(self) -> Target | None:
        if self.agreed and self.is_first and self.agreed.target:
            return parse_target(labels.format_text(self.agreed.target))
        return self.part.target

    @property
    def aim(self) -> str:
        """What is aimed for, in words."""
        if self.agreed and self.is_first and self.agreed.target and not self.target:
            return labels.format_text(self.agreed.target)
        if self.target is None:
            ways = {"higher": _("higher is better"), "lower": _("lower is better")}
            return ways.get(self.part.better, _("no target"))
        least, most = self.target.at_least, self.target.at_most
        aimed = least if least is not None else most
        assert aimed is not None
        share = aimed / 100 if is_share(self.part) else aimed
        words = {"value": format_amount(self.part, share)}
        if least is None:
            return (
                _("%(value)s or less") % words if most else format_amount(self.part, 0)
            )
        if is_share(self.part) and least == 100:
            return format_amount(self.part, 1)
        return _("%(value)s or more") % words

    @property
    def has_aim(self) -> bool:
        agreed = self.agreed and self.is_first and self.agreed.target
        return bool(agreed or self.target)

    def standing(self, shown: ShownValue) -> str:
        """Compare a figure with its target: good, due (short of it) or plain (nothing
        to compare)."""
        if self.target is None or shown.best is None:
            return "plain"
        scale = 100 if is_share(self.part) else 1
        if shown.value is not None:
            value = (
                convert_to_percent(shown.value)
                if scale == 100
                else round(shown.value, 1)
            )
            return "good" if self.target.met_by(value) else "due"
        # A bound can prove that a target is met, but never that it is missed.
        if shown.at_least is not None and self.target.at_most is None:
            return "good" if self.target.met_by(scale * shown.at_least) else "plain"
        if shown.at_most is not None and self.target.at_least is None:
            return "good" if self.target.met_by(scale * shown.at_most) else "plain"
        return "plain"


def parse_target(words: str) -> Target | None:
    """Parse a target that can be compared with: “>= 90 %”."""
    found = NUMBER.match(words.strip())
    if not found:
        return None
    sign, aimed = found[1] or "", float(found[2].replace(",", "."))
    if sign in ("<", "<=", "≤") or (not sign and aimed == 0):
        return Target(at_most=aimed)
    return Target(at_least=aimed)


def format_trend(part: IndicatorPart, moments: list[ShownValue]) -> str:
    """Format whether a figure rose or fell from the first to the last moment, as far as
    that is certain."""
    known = [moment for moment in moments if moment.value is not None]
    if len(known) < 2:
        return _("not enough data")
    first, last = known[0], known[-1]
    change = compare_values(part, first, last)
    if not change:
        return _("about the same")
    return _("rising") if change > 0 else _("falling")


def compare_values(part: IndicatorPart, first: ShownValue, last: ShownValue) -> int:
    """Compare two values: 1 or -1 where they certainly differ, else 0."""
    a, b = last.value or 0.0, first.value or 0.0
    counts = (first.counted, first.of, last.counted, last.of)
    if part.measure is Measure.SHARE and None not in counts:
        _by, low, high = compare_shares(
            last.counted or 0, last.of or 1, first.counted or 0, first.of or 1
        )
    elif None not in (first.low, first.high, last.low, last.high):
        low = (last.low or 0) - (first.high or 0)
        high = (last.high or 0) - (first.low or 0)
    else:
        # Where no interval is known, a tenth of the earlier value counts as chance.
        low, high = a - b - abs(b) / 10, a - b + abs(b) / 10
    return 1 if low > 0 else -1 if high < 0 else 0
