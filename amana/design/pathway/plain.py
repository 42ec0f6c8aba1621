"""What is plain: read from a file, or ready to be written as one."""

from collections.abc import Mapping
from typing import Any

type Plain = Mapping[str, Any]
"""Maps, lists, words and numbers under their names; who reads it checks what it is."""
