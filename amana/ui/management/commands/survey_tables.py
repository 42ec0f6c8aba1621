from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    help = "Update the database’s statistics about its tables, so that lists stay fast."

    def handle(self, **options: object) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                # Of each index a few hundred rows are read, however many there are.
                cursor.execute("PRAGMA analysis_limit = 400")
            cursor.execute("ANALYZE")
