"""What leaves the house, compared with peers on the same file: safe tables, and rows of
people who don't exist.

    python -m benchmarks.beside [WAY …] [--limit 120] [--files SIZE …]

The file is invented, as the Counter Trafficking Data Collaborative's is: year, gender,
age, citizenship, country, kind; 14 yes-or-no columns of how people were controlled, 4
of who recruited them. People are of twelve groups, so that the columns hang together.

Rows: all spend ε = 1 at δ = 1/(n ln n). How far they are from the truth is the total
variation distance, on average over at most sixty tables of one, two and three columns,
the same sixty for all: half the sum of what differs between shares.

Tables: twenty of three columns with all their sums, made safe by each way; and how many
of the small cells an attacker with integer programming learns from what is shown.

Each way is a process of its own, and is ended after so many seconds of CPU. The peers
are brought into `var/peers`, not among the packages of development. What was measured
is kept there too, so that a single way can be measured again.
"""

import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import combinations, product
from pathlib import Path
from time import process_time
from typing import Any
from urllib.request import urlopen

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amana.insight.disclosure.engine import BASE, K, Protected, Table, noise, protect
from amana.insight.disclosure.engine.tables import compute_least_shown, round_counts
from amana.insight.disclosure.engine.tests.attacker import Attacker
from benchmarks import report

type Rows = NDArray[np.int64]

HERE = Path(__file__).resolve().parent
KEPT = HERE.parent / "var" / "peers"
EPSILON = 1.0
GROUPS = 12
TABLES = 60
WAYS_MAY = 120
"""Seconds of CPU that a way may need."""

PACKAGES = (
    "pac-synth==0.0.8",  # Microsoft's, which made the public file of the CTDC
    "opendp[mbi]==0.16.0",  # contingency tables, MST and AIM
    "mbi==1.1.0",  # Private-PGM, in the version that OpenDP asks for
    "jax==0.12.0.1",
    "pandas==2.3.3",
    "matplotlib==3.10.7",  # is imported by cdp2adp, and not used
)
MST_FROM = (
    "https://raw.githubusercontent.com/ryan112358/mbi/"
    "7a91d47c746d9caf1b1966e206b3bd5ed6ce53a5/mechanisms/"
)
MST_FILES = ("mst.py", "cdp2adp.py")
"""No package has them. Where GitHub can't be reached, put them into var/peers."""

WORDS = {
    "ours": "**ours: a tree**",
    "mst": "MST (Private-PGM’s own, on mbi 1.1.0)",
    "opendp_mst": "OpenDP 0.16.0, MST",
    "opendp_aim": "OpenDP 0.16.0, AIM",
    "pac_synth_2": "pac-synth 0.0.8, up to 2 columns at once",
    "pac_synth_3": "pac-synth 0.0.8, up to 3 columns at once",
}
CHOSEN = (
    "How ours shares out ε, and from when on a pair counts, was chosen on the file of "
    "20,000 people and 24 columns, among about ten settings: that line flatters it, "
    "and on 200,000 people the choice costs 2 to 5 % by 3. dpmm 0.1.9 can’t be "
    "installed on Python 3.13. Rows of mbi 1.1 are drawn one by one: its usual way "
    "makes columns hang together that have nothing to do with each other (0.112 "
    "instead of 0.026 by 2, of 8 columns)."
)
RECORDED = {
    ("200000", "pac_synth_2"): (
        "pac-synth, up to 2 columns at once, needed 252 s and came to 0.101, 0.177 and "
        "0.224"
    ),
    ("200000", "smartnoise"): (
        "smartnoise-synth 1.0.8, MST, needed 47 s and came to 0.0003, 0.092 and 0.177 "
        "(it is not brought: it needs 5.9 GB, PyTorch for graphics cards among them)"
    ),
}
"""Of a file by a way: what was measured once, told only as long as there is no line."""


# --- the people


@dataclass(frozen=True)
class Column:
    """How many codes; how unlike the groups are; how often it is not known. A column
    that hangs together less evenly has a smaller `spread`."""

    codes: int
    spread: float
    unknown: float = 0.0


MANY_CODES = (
    Column(20, 3),  # year
    Column(3, 0.7, 0.03),  # gender
    Column(7, 0.8, 0.25),  # age
    Column(45, 0.25, 0.1),  # citizenship
    Column(45, 0.25, 0.12),  # country
    Column(3, 0.4, 0.2),  # kind of exploitation
)
CONTROL, RECRUITERS = (0.35, 1.6), (0.3, 2.0)
"""Of a share of yes in each group: the two numbers of a beta distribution."""


@dataclass(frozen=True)
class File:
    name: str
    rows: Rows
    sizes: tuple[int, ...]
    sparse: tuple[bool, ...]
    """Whether code 0 stands for unknown, or no."""

    @property
    def delta(self) -> float:
        return noise.compute_delta(len(self.rows))

    @property
    def words(self) -> str:
        return f"{len(self.rows):,} people, {len(self.sizes)} columns"

    def save(self, path: Path) -> None:
        rho = noise.convert_to_rho(EPSILON, self.delta)
        np.savez(
            path,
            rows=self.rows,
            sizes=self.sizes,
            sparse=self.sparse,
            privacy=(EPSILON, self.delta, rho),
        )

    def few(self, columns: Sequence[int]) -> "File":
        return File(
            "few",
            self.rows[:, columns],
            tuple(self.sizes[c] for c in columns),
            tuple(self.sparse[c] for c in columns),
        )


def people(name: str, many: int) -> File:
    chance = np.random.default_rng(0)
    group = chance.choice(GROUPS, many, p=chance.dirichlet(np.ones(GROUPS) * 2))
    rows, sizes, sparse = [], [], []
    for column in MANY_CODES:
        shares = chance.dirichlet(np.ones(column.codes) * column.spread, GROUPS)
        edges = shares.cumsum(1)[group]
        code = (chance.random(many)[:, None] > edges).sum(1).clip(0, column.codes - 1)
        if column.unknown:
            code = np.where(chance.random(many) < column.unknown, 0, code + 1)
        rows.append(code)
        sizes.append(column.codes + bool(column.unknown))
        sparse.append(bool(column.unknown))
    for yes in (CONTROL,) * 14 + (RECRUITERS,) * 4:
        share = chance.beta(*yes, GROUPS)
        rows.append(chance.random(many) < share[group])
        sizes.append(2)
        sparse.append(True)
    return File(name, np.stack(rows, axis=1).astype(np.int64), (*sizes,), (*sparse,))


def files() -> dict[str, File]:
    """All columns, and a few that every peer can finish: gender, age, kind, and five
    ways of control."""
    large, small = people("200000", 200_000), people("20000", 20_000)
    return {
        "few": small.few([1, 2, 5, 6, 7, 8, 9, 10]),
        "20000": small,
        "200000": large,
    }


# --- how far from the truth


def counted(rows: Rows, columns: Sequence[int], sizes: Sequence[int]) -> Any:
    """Shares; a code that none of the real people can have counts beside the others."""
    shape = [sizes[c] + 1 for c in columns]
    at = np.zeros(len(rows), dtype=np.int64)
    for size, column in zip(shape, columns, strict=True):
        at = at * size + np.where(rows[:, column] < 0, size - 1, rows[:, column])
    return np.bincount(at, minlength=int(np.prod(shape))) / len(rows)


def apart(file: File, drawn: Rows) -> list[float]:
    """By one, two and three columns."""
    found = []
    for width in (1, 2, 3):
        every = list(combinations(range(len(file.sizes)), width))
        chance = np.random.default_rng(0)
        picked = chance.choice(len(every), min(TABLES, len(every)), replace=False)
        found.append(float(np.mean([distance(file, drawn, every[n]) for n in picked])))
    return found


def distance(file: File, drawn: Rows, columns: Sequence[int]) -> float:
    here, there = (counted(r, columns, file.sizes) for r in (file.rows, drawn))
    return float(np.abs(here - there).sum() / 2)


def drawn_again(file: File) -> Rows:
    chance = np.random.default_rng(1)
    return file.rows[chance.integers(0, len(file.rows), len(file.rows))]


def shuffled(file: File) -> Rows:
    chance = np.random.default_rng(6)
    return np.stack([chance.permutation(c) for c in file.rows.T], axis=1)


# --- the ways


@dataclass(frozen=True)
class Outcome:
    """What came of it: seconds and numbers, or what is to be said instead."""

    seconds: float = 0.0
    numbers: tuple[float, ...] = ()
    said: str = ""
    on: str = ""
    machine: str = ""
    limit: int = 0
    """The day, the machine and the seconds it might need, said when it is kept."""

    @property
    def cells(self) -> str:
        if self.said:
            return f"{self.said} | | | |"
        return f"{self.seconds:,.1f} | {far(self.numbers)} |"

    @property
    def day(self) -> str:
        return f"{datetime.fromisoformat(self.on):%d %B %Y}"

    @property
    def when(self) -> str:
        return f"Measured on {self.day}: {self.machine}; CPU time."

    def unlike(self, usual: "Outcome") -> str:
        """What of its day, machine and limit is another than is told above."""
        pairs = (
            (self.day, usual.day),
            (self.machine, usual.machine),
            (f"ended after {self.limit} s", f"ended after {usual.limit} s"),
        )
        other = [mine for mine, theirs in pairs if mine != theirs]
        return f" ({'; '.join(other)})" if other else ""


def far(numbers: Sequence[float]) -> str:
    return " | ".join(f"{number:.4f}" for number in numbers)


def bring() -> str:
    """The environment of the peers; what hinders it, if anything does."""
    folder = KEPT / "venv"
    wanted, done = "\n".join(PACKAGES), folder / "packages.txt"
    if done.exists() and done.read_text() == wanted:
        return ""
    uv = shutil.which("uv") or str(HERE.parent / ".tools" / "bin" / "uv")
    KEPT.mkdir(parents=True, exist_ok=True)
    print("Bringing the peers …", flush=True)
    for command in (
        [uv, "venv", "-q", "--clear", "--python", sys.executable, str(folder)],
        [uv, "pip", "install", "-q", "--python", str(folder), *PACKAGES],
    ):
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except OSError as error:
            return str(error)
        except subprocess.CalledProcessError as error:
            return str(error.stderr).strip().partition("\n")[0]
    done.write_text(wanted)
    return ""


def bring_mst() -> str:
    for name in MST_FILES:
        if (KEPT / name).exists():
            continue
        try:
            with urlopen(MST_FROM + name, timeout=30) as answer:
                (KEPT / name).write_bytes(answer.read())
        except OSError:
            return "GitHub can’t be reached"
    return ""


def outcome(way: str, file: File, limit: int) -> Outcome:
    found = run(way, file, limit)
    if isinstance(found, str):
        return Outcome(said=found)
    seconds, rows = found
    return Outcome(seconds, (*apart(file, rows),))


def run(way: str, file: File, limit: int) -> tuple[float, Rows] | str:
    """Seconds and rows, or why there are none."""
    hindered = way != "ours" and (bring() or (way == "mst" and bring_mst()))
    if hindered:
        return f"can’t be had: {hindered}"
    python = sys.executable if way == "ours" else KEPT / "venv" / "bin" / "python"
    # JAX counts to 24 bits otherwise, and mbi then stalls with so many people.
    with_path = os.environ | {"PYTHONPATH": str(KEPT), "JAX_ENABLE_X64": "1"}
    with tempfile.TemporaryDirectory(prefix="amana-peers-") as folder:
        source, target = Path(folder) / "people.npz", Path(folder) / "drawn.npz"
        file.save(source)
        command = [python, HERE / "peers.py", way, source, target, str(limit)]
        before = of_children()
        ended = subprocess.run(command, env=with_path, capture_output=True, text=True)
        if ended.returncode < 0:
            return killed(-ended.returncode, of_children() - before, limit)
        if ended.returncode:
            print(ended.stderr, file=sys.stderr)
            return f"fails: {ended.stderr.strip().splitlines()[-1][:90]}"
        found = np.load(target)
        return float(found["seconds"]), found["rows"]


def of_children() -> float:
    """Seconds of CPU of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def killed(by: int, spent: float, limit: int) -> str:
    """The system sends SIGXCPU at the limit, and SIGKILL a little later; but SIGKILL
    comes for other reasons too, as when memory is lacking."""
    if by == signal.SIGXCPU or (by == signal.SIGKILL and spent >= limit):
        return f"did not end in {limit} s"
    return f"was ended by {signal.Signals(by).name} after {spent:.0f} s"


# --- tables that are safe to show

TABLES_TOO = "tables"
THREE_WAY = 20
ATTACKED = 40
FEW_CELLS = 300
"""Of larger tables an attacker with integer programming needs long."""


def with_sums(file: File) -> list[tuple[int, ...]]:
    """Twenty tables of three columns, and all their sums."""
    every = list(combinations(range(len(file.sizes)), 3))
    picked = np.random.default_rng(1).choice(len(every), THREE_WAY, replace=False)
    found = (s for n in picked for k in range(4) for s in combinations(every[n], k))
    return list(dict.fromkeys(found))


def table(file: File, columns: Sequence[int]) -> Table:
    shape = tuple(file.sizes[c] for c in columns)
    at = np.zeros(len(file.rows), dtype=np.int64)
    for column in columns:
        at = at * file.sizes[column] + file.rows[:, column]
    counts = np.bincount(at, minlength=int(np.prod(shape))).reshape(shape)
    codes = tuple(tuple(map(str, range(size))) for size in shape)
    return Table("person", tuple(f"c{c:02d}" for c in columns), codes, counts)


def only_small_ones(tables: Sequence[Table]) -> list[Protected]:
    """What is below k is hidden, the rest rounded: as most do it."""
    return [
        Protected(
            t.name,
            t.dims,
            t.codes,
            round_counts(t.counts, BASE),
            t.counts >= compute_least_shown(K, BASE),
        )
        for t in tables
    ]


def by_pandas(file: File, wanted: Sequence[tuple[int, ...]]) -> None:
    """The same as `only_small_ones`, as it is written with pandas."""
    them = pd.DataFrame(file.rows)
    for columns in filter(None, wanted):
        counts = them.groupby(list(columns)).size()
        counts[counts >= compute_least_shown(K, BASE)].div(BASE).round().mul(BASE)


def learnt(tables: Sequence[Table], safe: Sequence[Protected]) -> tuple[int, int]:
    """Count the small cells that were attacked, and those of which the attacker learns
    that they hold at least one person, and fewer than k."""
    fine = [t for t in tables if len(t.dims) == 3 and t.counts.size <= FEW_CELLS]
    small = [(t, tuple(at)) for t in fine for at in np.argwhere(is_small(t.counts))]
    picked = np.random.default_rng(3).permutation(len(small))[:ATTACKED]
    known = {protected.dims: protected for protected in safe}
    found = 0
    for table, at in (small[n] for n in picked):
        words = (codes[n] for codes, n in zip(table.codes, at, strict=True))
        attacker = Attacker(
            [table.dims], dict(zip(table.dims, table.codes, strict=True))
        )
        sums = (some for n in range(4) for some in combinations(table.dims, n))
        attacker.read(known[some] for some in sums)
        found += attacker.learns(dict(zip(table.dims, words, strict=True)), K)
    return len(picked), found


def is_small(counts: Rows) -> Any:
    return (counts > 0) & (counts < K)


def measure_tables(file: File, limit: int) -> None:
    wanted = with_sums(file)
    tables = [table(file, columns) for columns in wanted]
    start = process_time()
    safe = protect([table(file, columns) for columns in wanted])
    ours = process_time() - start
    start = process_time()
    by_pandas(file, wanted)
    pandas = process_time() - start
    simple = only_small_ones(tables)
    large = sum(int((t.counts >= compute_least_shown(K, BASE)).sum()) for t in tables)
    for way, seconds, found in (("ours", ours, safe), ("pandas", pandas, simple)):
        shown = sum(int(t.shown.sum()) for t in found)
        numbers = (shown, large, *learnt(tables, found))
        keep(f"tables of {file.name}", way, Outcome(seconds, numbers), limit)
        print(f"{file.words}: tables: {way}: {seconds:.1f} s, {numbers}", flush=True)
    counted = run("pac_synth_counts", file, limit)
    keep(
        f"tables of {file.name}",
        "pac_synth",
        Outcome(said=counted)
        if isinstance(counted, str)
        else Outcome(counted[0], (len(counted[1]),)),
        limit,
    )


# --- what is written


def measured() -> dict[str, dict[str, Any]]:
    path = KEPT / "measured.json"
    return json.loads(path.read_text()) if path.exists() else {}


def keep(of: str, way: str, found: Outcome, limit: int) -> None:
    every, today = measured(), datetime.now(UTC).date().isoformat()
    stamped = replace(found, on=today, machine=report.machine(), limit=limit)
    every.setdefault(of, {})[way] = vars(stamped)
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / "measured.json").write_text(json.dumps(every, indent=1))


def text_of_rows(every: dict[str, File]) -> Iterator[str]:
    known = {
        name: {way: Outcome(**found) for way, found in measured().get(name, {}).items()}
        for name in every
    }
    usual = latest(way for ways in known.values() for way in ways.values())
    yield (
        f"{usual.when} From the people to the last row; ended after {usual.limit} s. "
        f"ε = {EPSILON:g} at δ = 1/(n ln n), which the first two lines of each table "
        "do without. How far rows are from the truth, by tables of one, two and three "
        f"columns: total variation distance, mean of at most {TABLES} random tables "
        "(0 the same, 1 nothing in common). Who is not nearer than “columns shuffled” "
        "has learnt nothing of how columns hang together. `python -m "
        "benchmarks.beside` brings the peers and measures again."
    )
    for name, file in every.items():
        yield from text_of_file(file, known[name], usual)
    yield f"\n{CHOSEN}{text_of_lacking(known)}"


def latest(some: Iterable[Outcome]) -> Outcome:
    return max(some, key=lambda one: one.on)


def text_of_file(
    file: File, found: Mapping[str, Outcome], usual: Outcome
) -> Iterator[str]:
    yield f"\n| {file.words} | s of CPU | by 1 | by 2 | by 3 |"
    yield "|---|--:|--:|--:|--:|"
    by_chance = apart(file, shuffled(file))
    yield f"| the same people drawn again | | {far(apart(file, drawn_again(file)))} |"
    yield f"| columns shuffled | | {far(by_chance)} |"
    for way, words in WORDS.items():
        if one := found.get(way):
            yield f"| {words}{one.unlike(usual)} | {one.cells}"
    ours = found.get("ours")
    if ours and ours.numbers and ours.numbers[1] >= by_chance[1]:
        yield (
            "\nBy two columns ours has learnt nothing here of how they hang together: "
            f"{ours.numbers[1]:.4f} against {by_chance[1]:.4f} of columns shuffled."
        )


def text_of_lacking(known: Mapping[str, Mapping[str, Outcome]]) -> str:
    """Of ways without a line, what was measured once."""
    if all(way in known[name] for name, way in product(known, WORDS)):
        said = ""
    else:
        said = " A way without a line was not measured."
    lacking = [
        words
        for (name, way), words in RECORDED.items()
        if name in known and way not in known[name]
    ]
    if lacking:
        said += (
            " On the file of 200,000 people, once before and not this time: "
            f"{'; '.join(lacking)}."
        )
    return said


def text_of_tables(file: File) -> Iterator[str]:
    known = measured()[f"tables of {file.name}"]
    ours, pandas, counts = (
        Outcome(**known[way]) for way in ("ours", "pandas", "pac_synth")
    )
    usual = latest((ours, pandas, counts))
    yield (
        f"{usual.when} The same file of {file.words}; {THREE_WAY} tables of three "
        f"columns with all their sums. Given away: of so many cells of 1 to {K - 1} "
        f"people, in tables of at most {FEW_CELLS} cells, an attacker with integer "
        "programming learns that somebody is in it, and how few."
    )
    yield "\n| | s of CPU | shown, of those large enough | given away |"
    yield "|---|--:|--:|--:|"
    for words, result in (
        ("**ours: hidden so that nothing can be worked out, rounded**", ours),
        (f"pandas: hidden below {K}, rounded", pandas),
    ):
        shown, large, tried, learnt = map(int, result.numbers)
        yield (
            f"| {words}{result.unlike(usual)} | {result.seconds:,.1f} | {shown:,} of "
            f"{large:,} | {learnt} of {tried} |"
        )
    if counts.said:
        yield f"\npac-synth 0.0.8 {counts.said}{counts.unlike(usual)}."
    else:
        yield (
            f"\npac-synth 0.0.8 counts all {int(counts.numbers[0]):,} combinations of "
            f"at most three columns in {counts.seconds:,.1f} s"
            f"{counts.unlike(usual)}, and hides none of "
            "them: what it does against being found is noise, as above."
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    every = files()
    parser.add_argument("ways", nargs="*", default=[*WORDS, TABLES_TOO], metavar="WAY")
    parser.add_argument("--files", nargs="+", choices=list(every), default=list(every))
    parser.add_argument("--limit", type=int, default=WAYS_MAY)
    said = parser.parse_args()
    if TABLES_TOO in said.ways:
        measure_tables(every["20000"], said.limit)
    for name, way in product(said.files, said.ways):
        if way in WORDS:
            found = outcome(way, every[name], said.limit)
            print(f"{every[name].words}: {way}: {found.cells}", flush=True)
            keep(name, way, found, said.limit)
    if any(way in WORDS for way in said.ways):
        report.put("Rows of people who do not exist", "\n".join(text_of_rows(every)))
    if TABLES_TOO in said.ways:
        report.put("Safe tables", "\n".join(text_of_tables(every["20000"])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
