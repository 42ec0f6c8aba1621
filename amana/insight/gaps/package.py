"""The minimum that there should be everywhere: by step of the pathway, and for whom.

A public list, and never read from the data: what no one asks for may be what no one
dares to ask for.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from amana.design.directory.coverage import PopulationGroup
from amana.design.directory.taxonomy import ServiceType

T = ServiceType
G = PopulationGroup


class PackageStep(models.TextChoices):
    """Where on their way people need it."""

    ARRIVAL = "arrival", _("On arrival")
    REFLECTION = "reflection", _("Rest and reflection")
    RECOVERY = "recovery", _("Recovery")
    INCLUSION = "inclusion", _("Inclusion")


@dataclass(frozen=True)
class PackageNeed:
    kind: ServiceType
    step: PackageStep
    groups: tuple[PopulationGroup, ...]

    @property
    def code(self) -> str:
        return self.kind.value

    @property
    def label(self) -> str:
        return str(self.kind.label)


EVERYBODY = tuple(PopulationGroup)
GROWN_UP = (G.WOMEN, G.MEN, G.FAMILIES, G.DISABILITY, G.SMUGGLED)
AT_HOME = (G.WOMEN, G.MEN, G.FAMILIES, G.DISABILITY)
ADULTS, CHILDREN = (G.WOMEN, G.MEN), (G.CHILDREN,)

LISTED: tuple[
    tuple[PackageStep, dict[ServiceType, tuple[PopulationGroup, ...]]], ...
] = (
    (
        PackageStep.ARRIVAL,
        {
            T.SH1: EVERYBODY,
            T.HE1: EVERYBODY,
            T.HE3: EVERYBODY,
            T.MH1: EVERYBODY,
            T.LA1: EVERYBODY,
            T.BA1: EVERYBODY,
            T.BA2: EVERYBODY,
            T.PR2: EVERYBODY,
            T.CP1: CHILDREN,
            T.CP2: CHILDREN,
            T.SO3: (G.SMUGGLED,),
        },
    ),
    (
        PackageStep.REFLECTION,
        {
            T.SH2: AT_HOME,
            T.SH7: CHILDREN,
            T.SH8: (G.FAMILIES,),
            T.HE2: EVERYBODY,
            T.MH2: EVERYBODY,
            T.LG1: EVERYBODY,
            T.CM1: EVERYBODY,
            T.BA4: GROWN_UP,
        },
    ),
    (
        PackageStep.RECOVERY,
        {
            T.SH3: AT_HOME,
            T.SH10: (G.DISABILITY,),
            T.HE4: (G.WOMEN,),
            T.HE5: EVERYBODY,
            T.MH3: (*ADULTS, *CHILDREN),
            T.MH4: (*ADULTS, *CHILDREN),
            T.LG2: (*ADULTS, *CHILDREN),
            T.LG4: EVERYBODY,
            T.LG5: ADULTS,
            T.LG6: ADULTS,
            T.DO3: EVERYBODY,
            T.ED1: CHILDREN,
            T.SO4: (G.SMUGGLED,),
        },
    ),
    (
        PackageStep.INCLUSION,
        {
            T.SH4: AT_HOME,
            T.ED3: GROWN_UP,
            T.LV1: ADULTS,
            T.LV2: ADULTS,
            T.LV5: (G.FAMILIES,),
            T.RR1: GROWN_UP,
            T.RR5: GROWN_UP,
            T.RR6: GROWN_UP,
        },
    ),
)

PACKAGE: tuple[PackageNeed, ...] = tuple(
    PackageNeed(kind, step, groups)
    for step, kinds in LISTED
    for kind, groups in kinds.items()
)
BY_CODE: dict[str, PackageNeed] = {need.code: need for need in PACKAGE}
