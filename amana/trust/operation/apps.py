from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class OperationConfig(AppConfig):
    name = "amana.trust.operation"
    label = "operation"
    verbose_name = _("Operation")

    def ready(self) -> None:
        from amana.trust import OVERSEEN
        from amana.trust.operation import outside, worker
        from amana.trust.operation.checks import CHECKS, OperationCheck, RepairUrgency
        from amana.ui import navigation
        from amana.unattended import STARTS

        worker.limit_tasks()
        # At the start of a service, not at import: `migrate` and `doctor` have to run
        # while a file is missing.
        STARTS.append(outside.require_files)
        CHECKS.append(
            OperationCheck(
                "files_of_another_server",
                _("Files outside the database"),
                outside.check_outside_files,
                urgency=RepairUrgency.FIRST,
            )
        )
        navigation.add_entry(
            _("Operation"),
            "operation:state",
            place=87,
            when=operates,
            group=OVERSEEN,
        )
        navigation.add_entry(
            _("Background tasks"),
            "operation:tasks",
            place=88,
            when=operates,
            group=OVERSEEN,
        )


def operates(request: HttpRequest) -> bool:
    """Decide whether the navigation shows the pages; access itself is a rule."""
    # Imported here, because no model exists yet when Django reads this module.
    from amana.trust.access.models import ADMINISTRATORS

    return bool(getattr(request.user, "roles", frozenset()) & ADMINISTRATORS)
