"""Protected tables as JSON, and back: what is hidden is not in it at all."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from amana.insight.disclosure.engine import Protected


def convert_to_json(tables: Iterable[Protected]) -> Mapping[str, Any]:
    codes: dict[str, tuple[str, ...]] = {}
    cells = {}
    for table in tables:
        codes.update(zip(table.dims, table.codes, strict=True))
        flat = zip(table.values.ravel(), table.shown.ravel(), strict=True)
        # Null in the place of a hidden count: a reader of the database sees no more
        # than the pages show.
        cells["/".join(table.dims)] = [int(n) if shown else None for n, shown in flat]
    return {"codes": {dim: list(some) for dim, some in codes.items()}, "cells": cells}


def read_tables(name: str, kept: Mapping[str, Any]) -> list[Protected]:
    return [
        read_table(name, tuple(dims.split("/")) if dims else (), kept["codes"], flat)
        for dims, flat in kept["cells"].items()
    ]


def read_table(
    name: str, dims: tuple[str, ...], codes: Mapping[str, Any], flat: list[int | None]
) -> Protected:
    here = tuple(tuple(codes[dim]) for dim in dims)
    shape = tuple(map(len, here))
    values = np.array([n or 0 for n in flat], dtype=np.int64).reshape(shape)
    shown = np.array([n is not None for n in flat], dtype=bool).reshape(shape)
    return Protected(name, dims, here, values, shown)
