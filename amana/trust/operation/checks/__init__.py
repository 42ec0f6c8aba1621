"""Checks that the server does its work; each finding comes with how to fix it.
`manage.py doctor` runs all, the page *Operation* the quick ones.

An upper room adds its own: `CHECKS.append(Check(…))` in its `apps.ready()`."""

from amana.trust.operation.checks.check_runs import (
    CHECKS,
    GIB,
    CheckFinding,
    OperationCheck,
    RepairUrgency,
    run_checks,
)
from amana.trust.operation.checks.installation import (
    check_security_contact,
    list_private_files,
)

# In this order they are asked and listed: one may need another before it.
# isort: split
from amana.trust.operation.checks.services import (
    check_log_key,
    check_mail,
)

# isort: split
from amana.trust.operation.checks.machine import (
    list_disks,
    measure_free_space,
    read_database_time,
)

__all__ = [
    "CHECKS",
    "GIB",
    "CheckFinding",
    "OperationCheck",
    "RepairUrgency",
    "check_log_key",
    "check_mail",
    "check_security_contact",
    "list_disks",
    "list_private_files",
    "measure_free_space",
    "read_database_time",
    "run_checks",
]
