"""Disclosure control: counts that may be shown. No Django, no database."""

from amana.insight.disclosure.engine.protection import protect
from amana.insight.disclosure.engine.tables import BASE, K, Protected, Table

__all__ = ["BASE", "K", "Protected", "Table", "protect"]
