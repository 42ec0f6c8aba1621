"""Which figures and dimensions a table needs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from amana.insight.disclosure.engine import BASE, Protected
from amana.insight.measure.engine.counting import COUNTED, OTHERS, build_divisor
from amana.insight.measure.engine.definitions import Indicator, IndicatorPart, Measure
from amana.insight.measure.engine.figures import Value

OFF = BASE // 2
"""By so much a count may be another than it looks."""


OUT = "-"
"""What a figure is not about."""


FEW = "few"


FEWEST_WAYS = 2
"""By nothing and by quarter: of very few facts."""


QUARTER, THIRD, MONTH = "quarter", "third", "month"


AGENCY, AREA, SECTOR = "agency", "area", "sector"


ENOUGH_TO_SPLIT = 60


TWICE = (QUARTER, AREA, SECTOR)
"""Of these one may choose one, and split what is left once more."""


ENOUGH_TO_SPLIT_BY = {QUARTER: 600, AREA: 2_000, SECTOR: 2_000}


ENOUGH_FOR_BOTH = 1_200
"""For a kind of help in an area (`Part.and_by`): of fewer, it would hide more kinds of
help in the whole country than it shows of areas."""


ADD_UP = frozenset({Measure.COUNT, Measure.RATE, Measure.DISTRIBUTION})
"""What other tables may tell by their sums."""


UNSAID: Value = (None, None, None)


SOME = 2
"""Fewer lengths of time are one."""


type Dims = tuple[str, ...]


type Cell = tuple[tuple[str, str], ...]
"""The dimensions that are fixed, each with its code: (("sex", "female"),)."""


type Said = Mapping[str, Value]
"""For each cell, by its codes: a value, and between what it lies."""


@dataclass(frozen=True)
class NeededFigure:
    """A figure of a kind, or what it is divided by; its name among the dimensions."""

    name: str
    part: IndicatorPart
    codes: tuple[str, ...] = ()
    """Besides its own states: OUT and "" where facts of its kind can be so."""
    out_of: tuple[Cell, ...] = ()
    """Where other tables tell it all: the cells of these that add up to it."""
    beside: str = ""
    """The share that it is a part of, by something more: they are counted together."""


@dataclass(frozen=True)
class TableContent:
    """What is known of a kind in a year, as people may see it."""

    tables: tuple[Protected, ...]
    said: Mapping[str, Mapping[str, Said]] = field(default_factory=dict)
    """For means, medians and sums: by figure and dimensions, for each shown cell, the
    value and between what it lies."""


NOTHING = TableContent(())


def build_figure_name(code: str, part: IndicatorPart, *, divides: bool = False) -> str:
    return f"{code}.{part.name}{':of' if divides else ''}"


def map_figures_by_kind(
    library: Mapping[str, Indicator], results: Mapping[str, Sequence[str]]
) -> Mapping[str, list[NeededFigure]]:
    """Map each kind to the figures that are made of it; `results` are all that an
    observation of the kind can have."""
    found: dict[str, list[NeededFigure]] = {}
    for code, indicator in library.items():
        for part in indicator.parts.values():
            add_figure(found, build_figure_name(code, part), part, results)
            if part.of is not None:
                over = build_divisor(part.of, part.by)
                add_figure(
                    found, build_figure_name(code, part, divides=True), over, results
                )
    for some in found.values():
        # A share first: the others may be a part of it.
        some.sort(key=lambda one: one.part.measure is not Measure.SHARE)
        share = some[0] if some[0].part.measure is Measure.SHARE else None
        some[1:] = [
            replace(
                wanted_figure,
                out_of=tuple(iterate_sum_cells(wanted_figure.part, share)),
                beside=share.name if share and wanted_figure.part.chosen.where else "",
            )
            for wanted_figure in some[1:]
        ]
    return found


def add_figure(
    found: dict[str, list[NeededFigure]],
    name: str,
    part: IndicatorPart,
    results: Mapping[str, Sequence[str]],
) -> None:
    kind = part.chosen.kind
    can_be = tuple(iterate_other_codes(part, results.get(kind, ())))
    found.setdefault(kind, []).append(NeededFigure(name, part, can_be))


def iterate_sum_cells(
    part: IndicatorPart, share: NeededFigure | None
) -> Iterator[Cell]:
    """Yield the cells of a share's tables that add up to a figure."""
    chosen = part.chosen
    told_apart = chosen.adds_numbers or chosen.where or part.measure not in ADD_UP
    # Read from the share's own cells and not counted again: one figure would be a part
    # of another, and what protects them would not know.
    if share is None or told_apart:
        return
    states = {
        (): (*share.codes, COUNTED, OTHERS),
        tuple(sorted(share.part.chosen.results)): (COUNTED, OTHERS),
        tuple(sorted(share.part.counted)): (COUNTED,),
        tuple(sorted({*share.part.chosen.results} - {*share.part.counted})): (OTHERS,),
    }.get(tuple(sorted(chosen.results)), ())
    yield from (((share.name, state),) for state in states)


def iterate_other_codes(part: IndicatorPart, results: Sequence[str]) -> Iterator[str]:
    """Yield what an observation can be besides what the figure counts."""
    chosen = part.chosen
    told_by_more = part.measure not in (Measure.COUNT, Measure.RATE, Measure.SHARE)
    # Only where it can occur: a code that can't would be an empty cell, and everyone
    # would know that it is empty.
    if chosen.results or chosen.where or told_by_more or chosen.adds_numbers:
        yield ""
    if chosen.where or (chosen.results and set(results) - set(chosen.results)):
        yield OUT


def iterate_splits(dims: Sequence[str], facts: int) -> Iterator[Dims]:
    """Yield the tables that are made of a figure, whatever is asked for: the finer, the
    more observations there are."""
    yield ()
    yield (QUARTER,)
    if facts >= ENOUGH_TO_SPLIT:
        # A month is a third of a quarter and no dimension of its own: otherwise months
        # and quarters would be two tables whose sums no one compares.
        yield (QUARTER, THIRD)
        yield (AGENCY,)
        yield from ((dim,) for dim in dims)
    for other in TWICE:
        if facts >= ENOUGH_TO_SPLIT_BY[other]:
            yield from ((other, dim) for dim in dims if dim != other)
