"""Types of columns and values, as the database gives them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

AS_JSON = {
    "sqlite": "json_array(%s)",
    "postgresql": "CAST(json_build_array(%s) AS text)",
}


def format_json_column(name: str, kind: str) -> str:
    """Format a column for JSON, which holds no bytes; a field reads its JSON from
    text."""
    if kind == "JSONField":
        return f"CAST({name} AS text)"
    if kind == "BinaryField":
        return AS_HEX[connection.vendor] % name
    return name


AS_HEX = {"sqlite": "hex(%s)", "postgresql": "encode(%s, 'hex')"}


def list_types(compiler: Any) -> tuple[str, ...]:
    """List the types of the columns of a question that was compiled into SQL."""
    return tuple(get_column_type(selected[0]) for selected in compiler.select)


def get_column_type(selected: Any) -> str:
    """Get the type of a column; of a foreign key, that of its target."""
    field = selected.output_field
    target = field.target_field if field.is_relation else field
    kind: str = target.get_internal_type()
    return kind


NATIVE: dict[str, dict[str, Callable[[str], object]]] = {
    "sqlite": {"BinaryField": bytes.fromhex},
    "postgresql": {
        "BinaryField": bytes.fromhex,
        "DateTimeField": datetime.fromisoformat,
        "DateField": date.fromisoformat,
        "UUIDField": UUID,
    },
}
"""What a database's own client makes of a column, and JSON does not."""
