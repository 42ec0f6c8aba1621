"""Label kinds of export: below the rows that show it, while a kind knows the rows."""

from django.utils.functional import Promise

LABELS: dict[str, str | Promise] = {}
"""By a kind's code; `export_kinds.register_kind` fills it."""
