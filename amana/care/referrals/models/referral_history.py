"""What happened to a referral: the history that both sides see."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from amana.care.referrals.states import ReferralStatus
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models import Team


class OutsideChannel(models.TextChoices):
    """How someone without an account acted, or how we heard what they did."""

    HERE = "", gettext_lazy("In Amana")
    PAGE = "page", gettext_lazy("on the page that a code opens")
    SLIP = "slip", gettext_lazy("by return slip")
    NOTED = "noted", gettext_lazy("noted by the sender")


class ReferralEvent(models.Model):
    """One thing that happened to a referral: the log that both sides see."""

    class What(models.TextChoices):
        MOVED = "moved", gettext_lazy("Changed")
        WROTE = "wrote", gettext_lazy("A message was sent")
        TAKEN = "taken", gettext_lazy("Taken on by a colleague")
        TOLD_SUPERVISOR = (
            "supervisor",
            gettext_lazy("Late: the supervisor was notified"),
        )
        TOLD_SENDER = "sender", gettext_lazy("Late: the sender was notified")
        TOLD_COORDINATOR = (
            "coordinator",
            gettext_lazy("Late: the coordinator was notified"),
        )
        TOLD_MAILBOX = "mailbox", gettext_lazy("Late: an e-mail was sent to the team")
        TOLD_NOBODY = "nobody", gettext_lazy("Late: no one could be notified")
        RESTARTED = (
            "restarted",
            gettext_lazy("Amana was out of service: the time to reply was restarted"),
        )
        OPENED = "opened", gettext_lazy("Opened with a code")
        WRONG_CODE = "wrong_code", gettext_lazy("A wrong code was tried")
        DESTROYED = (
            "destroyed",
            gettext_lazy("The page was destroyed after five wrong codes"),
        )
        SLIP_DESTROYED = (
            "slip_gone",
            gettext_lazy("The return slip was destroyed after five wrong codes"),
        )

    LATE = (
        What.TOLD_SUPERVISOR,
        What.TOLD_SENDER,
        What.TOLD_COORDINATOR,
        What.TOLD_MAILBOX,
        What.TOLD_NOBODY,
    )
    OF_CODES = (What.WRONG_CODE, What.DESTROYED, What.SLIP_DESTROYED)

    referral = models.ForeignKey(
        "referrals.Referral", models.CASCADE, related_name="happenings"
    )
    what = models.CharField(max_length=12, choices=What, default=What.MOVED)
    status = models.CharField(max_length=12, choices=ReferralStatus)
    at = models.DateTimeField(default=timezone.now)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    way = models.CharField(
        max_length=5, choices=OutsideChannel, blank=True, default=OutsideChannel.HERE
    )

    class Privacy:
        kept = "With its case."
        referral = personal
        what = way = plain
        status = sensitive
        at = plain
        team = plain
        by = personal

    def __str__(self) -> str:
        return f"{self.status} of referral {self.referral_id}"

    @property
    def words(self) -> str:
        if self.what != self.What.MOVED:
            return self.get_what_display()
        if self.status == ReferralStatus.RECEIVED and self.way == OutsideChannel.PAGE:
            return str(self.What.OPENED.label)
        stands = ReferralStatus(self.status).label
        return (
            f"{stands} · {OutsideChannel(self.way).label}" if self.way else str(stands)
        )

    @property
    def tone(self) -> str:
        if self.what == self.What.MOVED:
            return ReferralStatus(self.status).tone
        return "late" if self.what in self.LATE + self.OF_CODES else "plain"
