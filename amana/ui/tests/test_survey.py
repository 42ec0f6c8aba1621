from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from amana.ui.models import Submission

KNOWN_BY = {
    "sqlite": "SELECT max(CAST(stat AS integer)) FROM sqlite_stat1 WHERE tbl = %s",
    "postgresql": "SELECT reltuples FROM pg_class WHERE relname = %s",
}


@pytest.mark.django_db
def test_after_a_survey_the_database_knows_how_large_a_table_is() -> None:
    for _ in range(7):
        Submission.objects.create(sender="1", key=uuid4())

    call_command("survey_tables")

    with connection.cursor() as cursor:
        cursor.execute(KNOWN_BY[connection.vendor], [Submission._meta.db_table])
        assert cursor.fetchone() == (7,)
