"""The next step of an import, whatever it is."""

import time
from uuid import UUID

from django.db import transaction
from django.utils import translation

from amana.exchange.imports.actions.background import (
    Overtaken,
    end_turn,
    take_turn,
)
from amana.exchange.imports.actions.planning_rows import plan_step
from amana.exchange.imports.actions.taking_in import carry_out
from amana.exchange.imports.events import step_waiting
from amana.exchange.imports.models import Import

PIECE = 5.0
"""Seconds after which other tasks get their turn: messages above all."""


def continue_import(key: UUID, turn: int) -> None:
    """Do the next steps of an import for some seconds, and have the rest queued. Does
    nothing where another task, or a person, has continued it since `turn`."""
    began = time.monotonic()
    while brought := take_turn(key, turn):
        # What is stored is read by the person who brought the file.
        with translation.override(brought.brought_by.language):
            try:
                do_step(brought)
            except Overtaken:
                return
        turn = brought.turn
        if not has_more(brought):
            return
        if time.monotonic() - began > PIECE:
            with transaction.atomic():
                step_waiting.send(Import, brought=brought)
            return


def do_step(brought: Import) -> None:
    def end() -> None:
        end_turn(brought)

    if brought.is_applying:
        carry_out(brought, end)
    else:
        plan_step(brought, end)


def has_more(brought: Import) -> bool:
    return not brought.asked_at and brought.rows.waiting().exists()
