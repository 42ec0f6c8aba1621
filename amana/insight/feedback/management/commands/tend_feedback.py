"""Lays new words of people among the others; counts what waits too long, tells it."""

from typing import Any

from django.core.management.base import BaseCommand

from amana.insight.feedback import actions


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        actions.mix()
        actions.chase()
        actions.count_late()
        actions.forget_old()
