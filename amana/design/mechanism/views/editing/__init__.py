"""Changing a draft, piece by piece, by people who will never see a file."""

from amana.design.mechanism.views.editing.collection_pages import (
    add_one,
    change_one,
    remove_one,
    take,
)
from amana.design.mechanism.views.editing.piece_pages import (
    ANY_METHOD,
    ONLY,
    build_missing,
    build_page_address,
    build_piece_form,
    change,
    mine,
    only,
    read_piece,
)
from amana.design.mechanism.views.editing.step_pages import (
    add_step,
    change_step,
    remove_step,
    rename_step,
)

__all__ = [
    "ANY_METHOD",
    "ONLY",
    "add_one",
    "add_step",
    "build_missing",
    "build_page_address",
    "build_piece_form",
    "change",
    "change_one",
    "change_step",
    "mine",
    "only",
    "read_piece",
    "remove_one",
    "remove_step",
    "rename_step",
    "take",
]
