import time

from django.core.management.base import BaseCommand
from django.utils.crypto import get_random_string

from amana import watchdog
from amana.trust.operation.worker import ROUND, Worker
from amana.unattended import begin_service

INTERVAL = 1.0
"""Seconds between two looks into the queue."""


class Command(BaseCommand):
    help = "Run the background tasks that are waiting, until stopped."

    def handle(self, **options: object) -> None:
        begin_service()
        worker = Worker(worker_id=get_random_string(32), alive=watchdog.report_alive)
        worker.configure_signals()
        while worker.running:
            watchdog.report_alive(within=ROUND)
            worker.run()
            time.sleep(INTERVAL)
