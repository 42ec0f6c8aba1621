"""Random lives of a table, and faults that they have to stumble over: each is planted,
one at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    run_state_machine_as_test,
)

from amana.academy.practice.labs import table_status
from amana.academy.practice.labs.actions import negotiations, stages
from amana.academy.practice.labs.engine.table import (
    Stage,
    TableNow,
)
from amana.academy.practice.labs.models import Lab
from amana.academy.practice.labs.tests.table_life import (
    CLAUSES,
    PARTIES,
    SEATS,
    TableLife,
)
from amana.trust.access.models import User


@pytest.fixture
def world(
    lab: Lab, trainer: User, learners: list[User], monkeypatch: pytest.MonkeyPatch
) -> tuple[Lab, User, dict[str, User]]:
    """A table with two clauses, so that they agree within the steps of a life."""
    read = table_status.load_lab

    def load_short(table: Lab) -> Any:
        script = read(table)
        kept = {code: script.clauses[code] for code in CLAUSES}
        object.__setattr__(script, "clauses", kept)
        return script

    for module in (table_status, negotiations, stages):
        monkeypatch.setattr(module, "load_lab", load_short)
    return lab, trainer, dict(zip(SEATS, learners, strict=False))


def live(
    world: tuple[Lab, User, dict[str, User]], examples: int, steps: int
) -> set[Stage]:
    reached: set[Stage] = set()
    machine = type("Life", (TableLife,), {"world": world, "reached": reached})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    return reached


def test_a_table_lives_through_every_stage(world) -> None:
    assert live(world, 15, 40) == set(Stage)


# --- planted faults


@contextmanager
def forget_the_round() -> Iterator[None]:
    """Propose in whatever round, as long as the table is in progress."""
    with patch.object(negotiations, "_require_open_text", lambda table: None):
        yield


@contextmanager
def forget_the_signature() -> Iterator[None]:
    """A text is changed under the signatures of others."""
    read = table_status.get_now

    def see_none(lab: Lab, script: Any) -> TableNow:
        return replace(read(lab, script), is_signed=False)

    with (
        patch.object(table_status, "get_now", see_none),
        patch.object(negotiations, "get_now", see_none),
    ):
        yield


@contextmanager
def open_every_channel() -> Iterator[None]:
    """A channel of others takes what anyone writes."""
    with patch.object(negotiations, "is_read_by", lambda channel, seat: True):
        yield


@contextmanager
def agree_without_one() -> Iterator[None]:
    """An agreement is made once two have signed."""
    with patch.object(
        negotiations, "list_taken_parties", lambda lab: frozenset(PARTIES[:1])
    ):
        yield


@contextmanager
def stay_open_after_the_end() -> Iterator[None]:
    """A closed table takes what comes late."""

    def lock(lab: Lab) -> Lab:
        return Lab.objects.select_related("cohort__version__course").get(pk=lab.pk)

    with patch.object(stages, "lock_table", lock):
        yield


FAULTS = [
    forget_the_round,
    forget_the_signature,
    open_every_channel,
    agree_without_one,
    stay_open_after_the_end,
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_found(world, fault: Callable[[], Any]) -> None:
    with fault(), pytest.raises(AssertionError):
        live(world, 150, 40)
