"""The same definitions in pandas, as an analyst would write them: the peer that our
engine is measured beside, and has to agree with."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from amana.insight.measure.engine.columns import ObservationColumns
from amana.insight.measure.engine.definitions import (
    IndicatorPart,
    Measure,
    ObservationChoice,
)

type Answer = Mapping[tuple[int, str], Any]


def frame(columns: ObservationColumns) -> pd.DataFrame:
    """Facts as pandas keeps codes best: as categories, nothing where unknown."""
    data: dict[str, Any] = {
        name: pd.Categorical.from_codes(
            column.values.astype("int16") - 1, categories=list(column.names[1:])
        )
        for name, column in columns.coded.items()
    }
    return pd.DataFrame({**data, "number": columns.number})


def inside(facts: pd.DataFrame, chosen: ObservationChoice) -> pd.DataFrame:
    wanted = {**chosen.where} | ({"result": chosen.results} if chosen.results else {})
    for name, codes in wanted.items():
        facts = facts[facts[name].isin(codes)]
    return facts


def figure(facts: pd.DataFrame, part: IndicatorPart, dim: str) -> Any:
    """The value of a part in each group, or as a whole."""
    grouped = facts.groupby(dim, observed=True) if dim else facts.groupby(lambda _: 0)
    match part.measure:
        case Measure.SHARE:
            counted = facts["result"].isin(part.counted)
            keys = facts[dim] if dim else counted.index * 0
            return counted.groupby(keys, observed=True).agg(["sum", "count"])
        case Measure.MEAN | Measure.TOTAL:
            return grouped["number"].agg(["sum", "count", "std"])
        case Measure.MEDIAN:
            keys = [dim, "band"] if dim else ["band"]
            return facts.groupby(keys, observed=True).size()
        case Measure.DISTRIBUTION:
            keys = [dim, part.over] if dim else [part.over]
            return facts.groupby(keys, observed=True).size()
        case _:
            return (
                grouped["number"].sum() if part.chosen.adds_numbers else grouped.size()
            )


def everything(
    parts: Iterable[IndicatorPart], facts: pd.DataFrame, dims: Sequence[str]
) -> Answer:
    """Every part as a whole, and split by each dimension."""
    kinds = dict(iter(facts.groupby("kind", observed=True)))
    nothing = facts.iloc[:0]
    found = {}
    for number, part in enumerate(parts):
        here = inside(kinds.get(part.chosen.kind, nothing), part.chosen)
        over = part.of and inside(kinds.get(part.of.kind, nothing), part.of)
        for dim in ("", *dims, *part.by):
            found[number, dim] = figure(here, part, dim)
            if over is not None:
                found[number, f"of {dim}"] = figure(over, part, dim)
    return found
