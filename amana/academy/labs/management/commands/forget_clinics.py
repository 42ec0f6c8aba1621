"""Destroys clinics that were closed a month ago, with every word."""

from typing import Any

from django.core.management.base import BaseCommand

from amana.academy.labs import actions


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        actions.forget_old()
