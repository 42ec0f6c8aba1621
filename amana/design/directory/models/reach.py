"""Whom a service reaches, and how: where it is, at their places, or from afar."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from amana.design.directory.codes import CodesField
from amana.design.directory.taxonomy import COMES_TO_YOU, FROM_AFAR, VISITS, Modality


class ServiceReach(models.Model):
    """How a service reaches people, and in which areas."""

    modalities = CodesField(Modality, verbose_name=_("how people reach it"))
    coverage = CodesField(
        verbose_name=_("only for people in these areas"),
        help_text=_("Leave blank if it doesn’t matter where people live."),
    )
    coverage_note = models.CharField(
        _("areas served, in words"),
        max_length=300,
        blank=True,
        help_text=_(
            "For a part of an area, or one that isn’t in the list. Matching asks about "
            "it."
        ),
    )

    class Meta:
        abstract = True

    @property
    def comes_to_you(self) -> bool:
        return not COMES_TO_YOU.isdisjoint(self.modalities)

    @property
    def visits_only(self) -> bool:
        """Return whether it helps people nowhere but where they are."""
        # That it takes people by referral alone says nothing of where it helps them.
        ways = {*self.modalities} - {Modality.REFERRAL}
        return bool(ways) and ways <= VISITS

    @property
    def remote(self) -> bool:
        """Return whether it helps by telephone or online alone."""
        ways = {*self.modalities} - {Modality.REFERRAL}
        return bool(ways) and ways <= FROM_AFAR
