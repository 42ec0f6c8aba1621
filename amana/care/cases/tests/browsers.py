"""A worker's browser, the addresses of a case, and the queries of a page."""

from django.urls import reverse


def to(name, *args):
    return reverse(f"cases:{name}", args=args)


def statements(queries):
    """Without what only opens and closes transactions."""
    words = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
    return [q["sql"] for q in queries if not q["sql"].startswith(words)]
