"""Alterations of the database, each with the acts that have to stop and name it."""

from .altering import ATTACKS

# Without an alteration all acts are done one after the other, in the order in which
# they are noted: those that end a consent come after those that open the case.
# isort: off
from . import on_records, on_consents, on_manifests, on_links

# isort: on

__all__ = ["ATTACKS", "on_consents", "on_links", "on_manifests", "on_records"]
