"""Tables with noise: of a year in which very many people were counted.

From about 50,000 people on, noise hides less than suppression would, and holds whatever
else a reader knows. The privacy budget of a year is set once; each table spends some of
it. One person is one unit, so only what happens once in a case is counted so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.insight.disclosure.engine import Table, noise
from amana.insight.facts.kinds import KINDS
from amana.insight.facts.models import Observation
from amana.insight.measure import actions as measure
from amana.insight.measure import country, labels
from amana.insight.release.families import lock_budget, require_noise_allowed
from amana.insight.release.models import Budget, NoisedTable, SyntheticTree
from amana.insight.release.rules import (
    PROPOSERS,
    SIGNERS,
    draw_noised,
    sign_noised,
)
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log

ONCE_IN_A_CASE = ("screening",)
"""A second screening corrects the first. A case can be closed again, and has two
decisions."""
DELTA = 1e-7
"""A constant, so that it reveals nothing of how many there are."""
RESULT = "result"


@dataclass(frozen=True)
class BudgetLedger:
    """The privacy budget of a year, and what of it was spent."""

    year: int
    epsilon: float
    spent: float

    @property
    def left(self) -> float:
        may, was = (
            noise.convert_to_rho(epsilon, DELTA)
            for epsilon in (self.epsilon, self.spent)
        )
        return noise.convert_to_epsilon(max(0.0, may - was), DELTA)


def load_ledger(year: int) -> BudgetLedger:
    said = Budget.objects.filter(year=year).first()
    tables = NoisedTable.objects.filter(year=year).values_list("epsilon", flat=True)
    trees = SyntheticTree.objects.filter(year=year).values_list("epsilon", flat=True)
    # Budgets add up as ρ (zero-concentrated differential privacy), not as ε.
    spent = sum(noise.convert_to_rho(table, DELTA) for table in (*tables, *trees))
    return BudgetLedger(
        year, said.epsilon if said else 0.0, noise.convert_to_epsilon(spent, DELTA)
    )


@transaction.atomic
def set_budget(year: int, epsilon: float, *, by: User) -> Budget:
    if not has_role(by, SIGNERS):
        raise Denied(sign_noised, Budget())
    if not 0 < epsilon <= 10:
        raise Refused(_("ε has to be more than 0 and at most 10."))
    # Set once: a limit that can be raised afterwards limits nothing.
    if Budget.objects.filter(year=year).exists():
        raise Refused(_("This year’s privacy budget is already set."))
    budget = Budget.objects.create(year=year, epsilon=epsilon, said_by=by)
    log.record("said privacy budget", budget, by=by, year=year, epsilon=epsilon)
    return budget


@transaction.atomic
def draw_table(
    year: int, kind: str, by_dims: Sequence[str], epsilon: float, *, by: User
) -> NoisedTable:
    """Draw the noise of a table, once: a later request gets the same table."""
    if not has_role(by, PROPOSERS):
        raise Denied(draw_noised, NoisedTable())
    dims = ",".join(sorted({RESULT, *by_dims}))
    # Locked before it is looked up. The mean of two drawings of one table would be
    # closer to the true counts, and both would be paid for.
    lock_budget(year)
    there = NoisedTable.objects.filter(year=year, kind=kind, by=dims).first()
    if there is not None:
        return there
    require_noise_allowed(year, kind)
    require_may_draw(year, kind, epsilon)
    if (
        compute_least(noise.compute_sigma(noise.convert_to_rho(epsilon, DELTA)))
        < country.get_smallest_group()
    ):
        raise Refused(
            _("Choose a smaller ε: with so little noise, small groups can be seen.")
        )
    (found,) = noise.add_noise(
        [_table(year, kind, dims.split(","))], rho=noise.convert_to_rho(epsilon, DELTA)
    )
    table = NoisedTable.objects.create(
        year=year,
        kind=kind,
        by=dims,
        codes=[list(some) for some in found.codes],
        counts=found.counts.ravel().tolist(),
        epsilon=epsilon,
        sigma=found.sigma,
        made_by=by,
    )
    log.record("drew noised table", table, by=by, kind=kind, dims=dims, epsilon=epsilon)
    return table


def compute_least(sigma: float) -> int:
    """Compute the count below which “fewer than” is shown."""
    return round(noise.FEWER * sigma)


def require_may_draw(year: int, kind: str, epsilon: float) -> None:
    if kind not in ONCE_IN_A_CASE:
        raise Refused(_("Noise can only be used for what happens once in a case."))
    # A table is drawn once, so its year has to be complete.
    if year >= timezone.localdate().year:
        raise Refused(_("Wait until the year is over."))
    if not noise.is_installed():
        raise Refused(_("OpenDP is not installed on this server (amana[dp])."))
    facts = Observation.objects.in_force().filter(kind=kind, month__year=year)
    if facts.count() < noise.ENOUGH:
        raise Refused(
            _("Too few people were counted: noise would make the table useless.")
        )
    if epsilon <= 0 or epsilon > load_ledger(year).left + 1e-9:
        raise Refused(
            _(
                "This is more than what remains of the year’s privacy budget: ε = "
                "%(left).2f."
            )
            % {"left": load_ledger(year).left}
        )


def _table(year: int, kind: str, dims: Sequence[str]) -> Table:
    """Count without noise; of the results, only those that this kind can have."""
    found = measure.build_table(
        kind, by=dims, since=date(year, 1, 1), until=date(year + 1, 1, 1)
    )
    at = found.dims.index(RESULT)
    kept = ("", *KINDS[kind].results)
    places = [found.codes[at].index(code) for code in kept]
    codes = (*found.codes[:at], kept, *found.codes[at + 1 :])
    return Table(found.name, found.dims, codes, found.counts.take(places, axis=at))


@transaction.atomic
def sign(table: NoisedTable, *, by: User) -> None:
    """Sign for the second time: the table is published. Raises `Refused` where figures
    without noise were published since."""
    sign_noised.require(by, table)
    lock_budget(table.year)
    require_noise_allowed(table.year, table.kind)
    table.signed_by, table.published_at = by, timezone.now()
    table.save(update_fields=["signed_by", "published_at"])
    log.record("published noised table", table, by=by)


# --- as it is read


@dataclass(frozen=True)
class NoisedRow:
    words: list[str]
    count: int
    low: int
    high: int
    least: int

    @property
    def is_fewer(self) -> bool:
        return self.count < self.least


def iterate_rows(table: NoisedTable) -> Iterator[NoisedRow]:
    from itertools import product

    off, fewer = round(noise.SURELY * table.sigma), compute_least(table.sigma)
    for codes, count in zip(product(*table.codes), table.counts, strict=True):
        words = [label_code(d, c) for d, c in zip(table.dims, codes, strict=True)]
        yield NoisedRow(words, count, max(0, count - off), count + off, fewer)


def label_code(dim: str, code: str) -> str:
    from amana.insight.facts.codes import RESULTS

    if dim == RESULT and code:
        return str(RESULTS[code])
    return labels.label_code(dim, code)
