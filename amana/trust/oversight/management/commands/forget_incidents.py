"""Deletes data incidents that were closed, or turned out to be none, five years ago."""

from typing import Any

from django.core.management.base import BaseCommand

from amana.trust.oversight import actions


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        actions.forget_old()
