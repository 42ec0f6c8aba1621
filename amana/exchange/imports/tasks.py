"""Work on an import in the background: a task holds its id, and nothing of the file."""

from uuid import UUID

from django.tasks import task

from amana.exchange.imports import actions


@task
def continue_import(import_id: str, turn: int) -> None:
    """Continue the work on an import, unless another task has begun this step."""
    actions.continue_import(UUID(import_id), turn)
