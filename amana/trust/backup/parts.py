"""Which of the two archives of a backup each table belongs to.

Deleting the keys of a case erases it in every copy that holds no older keys. So keys
and what they open lie in two archives, sealed to two different people: the one with the
keys is kept for days, the other as long as one likes. Who finds one of them has
nothing.
"""

from enum import StrEnum
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model

from amana.trust.vault.models import (
    DisclosureMessage,
    HeldKey,
    KeyRemoval,
    Letterbox,
    PersonKey,
    PersonWrap,
    RecoveryKey,
    RecoveryWrap,
    ReturnSlip,
    RosterStatement,
    SealedPage,
    TeamKey,
    TeamWrap,
    Visit,
)


class ArchivePart(StrEnum):
    DATA = "data"
    KEYS = "keys"


OPENING = frozenset(
    {
        PersonKey,
        PersonWrap,
        TeamKey,
        TeamWrap,
        RecoveryKey,
        RecoveryWrap,
        KeyRemoval,
        SealedPage,
        DisclosureMessage,
        Letterbox,
        ReturnSlip,
        Visit,
        RosterStatement,  # which records whose the keys are, and keyrings remember it
    }
)
"""What opens something with a secret that a person knows, besides what is held by a
team or by a named person (`HeldKey`): wraps, search cards, parcels, drafts."""


@cache
def get_part(model: type[Model]) -> ArchivePart:
    """Get the part of a model: what opens something lies with the keys, and so does
    what points to that."""
    above = {link.related_model for link in list_foreign_keys(model)} - {model}
    if model in OPENING or issubclass(model, HeldKey):
        return ArchivePart.KEYS
    # A row of the data that pointed to a key could not be restored with newer keys, in
    # which that row may be gone.
    if any(get_part(other) is ArchivePart.KEYS for other in above):
        return ArchivePart.KEYS
    return ArchivePart.DATA


def list_key_models() -> list[type[Model]]:
    """List the models of the archive of keys, each after those that it refers to."""
    every = apps.get_models(include_auto_created=True)
    models = [model for model in every if get_part(model) is ArchivePart.KEYS]
    return sorted(
        models, key=lambda model: (compute_depth(model), model._meta.db_table)
    )


def list_key_tables() -> list[str]:
    return [model._meta.db_table for model in list_key_models()]


def compute_depth(model: type[Model]) -> int:
    """Compute how many models of keys are above this one."""
    above = {link.related_model for link in list_foreign_keys(model)} - {model}
    return max(
        (
            1 + compute_depth(parent)
            for parent in above
            if get_part(parent) is ArchivePart.KEYS
        ),
        default=0,
    )


def list_foreign_keys(model: type[Model]) -> list["ForeignKey[Any, Any]"]:
    """List its references to other rows."""
    return [field for field in model._meta.fields if isinstance(field, ForeignKey)]


def list_orphan_statements() -> list[str]:
    """List the statements that delete rows of keys whose other row is missing."""
    found = []
    # An archive of keys may be newer than the data, and hold keys of cases that the
    # data does not have yet.
    for model in list_key_models():
        table = model._meta.db_table
        for link in list_foreign_keys(model):
            other = link.related_model._meta
            pk = other.pk.column
            found.append(
                f'DELETE FROM "{table}" WHERE "{link.column}" IS NOT NULL '  # noqa: S608 — names of our own models
                f'AND NOT EXISTS (SELECT 1 FROM "{other.db_table}" AS o '
                f'WHERE o."{pk}" = "{table}"."{link.column}")'
            )
    return found
