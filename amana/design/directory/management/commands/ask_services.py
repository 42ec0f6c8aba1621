"""Ask services whether their details are still true."""

from datetime import time

from django.core.management.base import BaseCommand
from django.utils.timezone import localtime

from amana.design.directory import actions

DAY_BEGINS, DAY_ENDS = time(9), time(17)
"""Where people are: a telephone that rings at night is looked at by others, too."""


class Command(BaseCommand):
    help = "Ask services by e-mail whether their details are still true."

    def handle(self, **options: object) -> None:
        now = localtime().time()
        asked = 0
        if DAY_BEGINS <= now < DAY_ENDS:
            asked = actions.ask_due_services(by=None)
        self.stdout.write(f"Services asked: {asked}")
