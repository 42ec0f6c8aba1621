from django.core.management.base import BaseCommand

from amana.trust.access import devices
from amana.trust.access.limits import forget_expired
from amana.trust.access.sessions import SessionStore


class Command(BaseCommand):
    help = "Delete sessions that have ended, and attempts that no longer count."

    def handle(self, **options: object) -> None:
        SessionStore.clear_expired()
        forget_expired()
        devices.forget_old()
