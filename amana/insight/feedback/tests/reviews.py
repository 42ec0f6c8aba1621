"""Make a complaint whose answer is asked about again."""

from datetime import timedelta

from django.utils import timezone

WORDS, ANSWER = "He opens my letters.", "We could not find it."
WHY, LAST = "Nobody asked the neighbour.", "You were right: he may not do so."


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)
