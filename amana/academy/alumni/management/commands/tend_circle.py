"""Ends places in the circle whose certificate has ended, and destroys old talks."""

from typing import Any

from django.core.management.base import BaseCommand

from amana.academy.alumni import actions


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        actions.run_out_all()
        actions.forget_old()
