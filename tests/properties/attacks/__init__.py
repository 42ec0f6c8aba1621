"""Alterations of the database, each with the acts that have to stop and name it."""

from . import on_consents, on_links, on_manifests, on_records
from .altering import ATTACKS

__all__ = ["ATTACKS", "on_consents", "on_links", "on_manifests", "on_records"]
