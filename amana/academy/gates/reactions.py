"""When a version of the mechanism comes into force, its roles ask for what it says."""

from django.dispatch import receiver

from amana.academy.gates import actions
from amana.design.mechanism.events import version_in_force
from amana.design.mechanism.models import Version
from amana.trust.access.models import User


@receiver(version_in_force, dispatch_uid="gates: follow the mechanism")
def react_to_version(version: Version, by: User, **_more: object) -> None:
    actions.update_requirements(version, by=by)
