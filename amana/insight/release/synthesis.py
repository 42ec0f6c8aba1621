"""Rows of people who don't exist, for training and for trying software."""

import csv
import secrets
from collections.abc import Iterator
from datetime import date
from io import StringIO

from django.db import transaction

from amana.insight.disclosure.engine import noise, synthetic
from amana.insight.facts.kinds import KINDS
from amana.insight.measure import observation_columns
from amana.insight.measure.engine.definitions import D0
from amana.insight.release.families import lock_budget, require_noise_allowed
from amana.insight.release.models import SyntheticTree
from amana.insight.release.noising import DELTA, RESULT, require_may_draw
from amana.trust.audit import log

MOST_ROWS = 1_000_000


@transaction.atomic
def get_tree(year: int, kind: str, epsilon: float) -> synthetic.Tree:
    """Get the tree of a year, learning it the first time. After that, rows cost
    nothing."""
    lock_budget(year)
    known = SyntheticTree.objects.filter(year=year, kind=kind).first()
    if known is not None:
        return synthetic.Tree.of(known.tree)
    require_noise_allowed(year, kind)
    require_may_draw(year, kind, epsilon)
    tree = learn_tree(year, kind, epsilon)
    made = SyntheticTree.objects.create(
        year=year, kind=kind, epsilon=epsilon, tree=tree.stored()
    )
    log.record("learnt synthetic tree", made, by=None, kind=kind, epsilon=epsilon)
    return tree


def learn_tree(year: int, kind: str, epsilon: float) -> synthetic.Tree:
    import numpy as np

    found = observation_columns.load_observations(
        date(year, 1, 1), date(year + 1, 1, 1)
    ).kind(kind)
    names = (RESULT, *D0)
    codes, people = [], []
    for name in names:
        column = found.coded[name]
        kept = ("", *KINDS[kind].results) if name == RESULT else column.names
        place = np.zeros(len(column.names), dtype=np.intp)
        for n, code in enumerate(kept):
            place[column.names.index(code)] = n
        codes.append(tuple(kept))
        people.append(place[column.values])
    # Seeded by the system: noise that can be guessed hides nothing.
    chance = np.random.default_rng(secrets.randbits(128))
    rho = noise.convert_to_rho(epsilon, DELTA)
    return synthetic.learn_tree(names, codes, people, rho=rho, chance=chance)


def build_file_name(year: int, kind: str) -> str:
    return f"{synthetic.PREFIX}{kind}-{year}.csv"


def write_lines(tree: synthetic.Tree, rows: int) -> Iterator[str]:
    """Write a file, line by line; the first line states what it is."""
    import numpy as np

    yield f"# {synthetic.LABEL}\n"
    chance = np.random.default_rng(secrets.randbits(128))
    for row in (list(tree.columns), *tree.people(rows, chance)):
        text = StringIO()
        csv.writer(text, lineterminator="\n").writerow(row)
        yield text.getvalue()
