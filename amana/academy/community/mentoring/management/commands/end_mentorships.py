"""End mentorships whose time is over; delete those, and wishes, that ended long ago."""

from datetime import timedelta

from django.utils import timezone

from amana.academy.community.mentoring import actions
from amana.academy.community.mentoring.models import MentoringWish, Pair
from amana.trust.vault.heartbeat import DestroyingCommand

GRACE = timedelta(days=14)
"""So long two people can still read what they wrote, after their time is over."""

FORGET_AFTER = timedelta(days=30)
"""Of wishes."""

FORGET_PAIRS_AFTER = timedelta(days=365)


class Command(DestroyingCommand):
    help = __doc__ or ""

    def handle(self, *args: object, **options: object) -> None:
        now = timezone.now()
        for pair in Pair.objects.over(timezone.localdate(now) - GRACE):
            actions.end_overdue_pair(pair)
        MentoringWish.objects.filter(ended_at__lt=now - FORGET_AFTER).delete()
        # Later than wishes: for a year a new proposal has to know whom a mentee has had
        # before.
        Pair.objects.filter(ended_at__lt=now - FORGET_PAIRS_AFTER).delete()
