"""Learn from a file of people, and draw others who don't exist: by one of many ways.

    python peers.py WAY PEOPLE.npz DRAWN.npz SECONDS

A program of its own, because peers live in an environment of their own, without Django
(`benchmarks/beside.py` brings it and starts this). What is written: rows of codes,
and the CPU time of all threads from the first look at the file to the last row. A way
that needs more seconds of that than it may is ended by the system.
"""

import resource
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
BY_CHANCE = "sample"
"""How mbi 1.1 draws rows. Its other way (“round”) gives all columns that hang on the
same one the same order: they hang together as they never did. mbi 2 mends that."""


GRACE = 5
"""Seconds between SIGXCPU, which says why, and SIGKILL."""


class People:
    """Codes as whole numbers; 0 stands for unknown or no where a column has such."""

    def __init__(self, path: str) -> None:
        found = np.load(path)
        self.rows = found["rows"]
        self.sizes = [int(size) for size in found["sizes"]]
        self.sparse = found["sparse"]
        self.epsilon, self.delta, self.rho = (float(x) for x in found["privacy"])

    @property
    def names(self) -> list[str]:
        return [f"c{n:02d}" for n in range(len(self.sizes))]


def ours(people: People) -> Any:
    sys.path.insert(0, str(HERE.parent))
    from amana.insight.disclosure.engine import synthetic

    tree = synthetic.learn_tree(
        people.names,
        [tuple(map(str, range(size))) for size in people.sizes],
        list(people.rows.T),
        rho=people.rho,
        chance=np.random.default_rng(4),
    )
    rows = tree.people(len(people.rows), np.random.default_rng(2))
    return np.array(list(rows)).astype(int)


def by_opendp(people: People, algorithm: str) -> Any:
    """Its contingency tables. All codes are told, so that nothing is spent on them."""
    dp, pl = import_module("opendp.prelude"), import_module("polars")
    dp.enable_features("contrib")
    frame = pl.DataFrame(people.rows, schema=people.names, orient="row")
    keys = {
        name: list(range(size))
        for name, size in zip(people.names, people.sizes, strict=True)
    }

    def released(rho: float) -> Any:
        context = dp.Context.compositor(
            data=frame.lazy(),
            privacy_unit=dp.unit_of(contributions=1),
            privacy_loss=dp.loss_of(rho=rho),
            split_evenly_over=1,
        )
        how = getattr(dp.mbi, algorithm)()
        return context.query().contingency_table(keys=keys, algorithm=how).release()

    for less in range(20):  # parts of ρ that don't add up in floating point are refused
        try:
            table = released(people.rho * (1 - less / 10_000))
            break
        except dp.OpenDPException as error:
            if "insufficient budget" not in str(error):
                raise
    drawn = table.synthesize(rows=len(people.rows), method=BY_CHANCE)
    return drawn.select(people.names).fill_null(-1).to_numpy().astype(int)


def opendp_mst(people: People) -> Any:
    return by_opendp(people, "MST")


def opendp_aim(people: People) -> Any:
    return by_opendp(people, "AIM")


def mst(people: People) -> Any:
    """As its author wrote it, with its own way from ε to ρ."""
    mbi, written = import_module("mbi"), import_module("mst")
    model = mbi.MarkovRandomField
    drawn_by = model.synthetic_data
    model.synthetic_data = lambda this: drawn_by(this, method=BY_CHANCE)
    columns = dict(zip(people.names, people.rows.T, strict=True))
    data = mbi.Dataset(columns, mbi.Domain(people.names, people.sizes))
    drawn = written.MST(data, people.epsilon, people.delta).to_dict()
    return np.stack([np.asarray(drawn[name]) for name in people.names], axis=1)


def for_pac_synth(people: People) -> Any:
    """Nothing stands for unknown and for no, which is how it wants them."""
    pacsynth = import_module("pacsynth")
    said = people.rows.astype(str).astype(object)
    said = np.where((people.rows == 0) & people.sparse, "", "c" + said)
    return pacsynth.Dataset([people.names, *said.tolist()])


def by_pac_synth(people: People, length: int) -> Any:
    pacsynth = import_module("pacsynth")
    settings = pacsynth.DpAggregateSeededParametersBuilder()
    settings = settings.reporting_length(length).epsilon(people.epsilon)
    settings = settings.delta(people.delta)
    maker = pacsynth.DpAggregateSeededSynthesizer(settings.build())
    maker.fit(for_pac_synth(people))
    header, *rows = maker.sample(len(people.rows))
    order = [header.index(name) for name in people.names]
    found = np.array(rows, dtype=object)[:, order]
    codes = [[int(code[1:]) if code else 0 for code in row] for row in found]
    return np.array(codes)


def pac_synth_2(people: People) -> Any:
    return by_pac_synth(people, 2)


def pac_synth_3(people: People) -> Any:
    return by_pac_synth(people, 3)


def pac_synth_counts(people: People) -> Any:
    """No rows: how often each three codes, and fewer, are together."""
    counts = for_pac_synth(people).get_aggregates(3, ";").values()
    return np.array([[count] for count in counts])


WAYS: dict[str, Callable[[People], Any]] = {
    way.__name__: way
    for way in (
        ours,
        mst,
        opendp_mst,
        opendp_aim,
        pac_synth_2,
        pac_synth_3,
        pac_synth_counts,
    )
}


def main(way: str, source: str, target: str, seconds: str) -> None:
    people = People(source)
    start = process_time()
    most = int(start + float(seconds)) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, most + GRACE))
    rows = WAYS[way](people)
    np.savez(target, rows=rows, seconds=process_time() - start)


if __name__ == "__main__":
    main(*sys.argv[1:])
