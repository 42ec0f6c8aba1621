"""Faults that were planted on purpose, and the test that has to catch each.

A test counts only after it has caught a planted fault. Each fault here is one that a
tired colleague could make: a line forgotten, a check left out, a key kept. `plant` puts
it into the running program; `killer` names the test that has to fail then.

    just mutants                   plant each, in turn; fails if one survives
    just mutants kept_disclosure   only this one

To add one: write a function in the module of its room, decorate it, and say which test
must catch it.
"""

from . import (
    access,
    alarms,
    backups,
    cases,
    choosing,
    consent,
    courses,
    design,
    directory_api,
    documents,
    emergency_access,
    exchange,
    exercises,
    insight,
    installing,
    keys,
    known_elsewhere,
    log,
    manifests,
    meetings,
    offline,
    operation,
    pages,
    pathways,
    recovery,
    referrals,
    removal,
    requests,
    retention,
    upkeep,
    witnesses,
)
from .registry import FAULTS, Fault

__all__ = [
    "FAULTS",
    "Fault",
    "access",
    "alarms",
    "backups",
    "cases",
    "choosing",
    "consent",
    "courses",
    "design",
    "directory_api",
    "documents",
    "emergency_access",
    "exchange",
    "exercises",
    "insight",
    "installing",
    "keys",
    "known_elsewhere",
    "log",
    "manifests",
    "meetings",
    "offline",
    "operation",
    "pages",
    "pathways",
    "recovery",
    "referrals",
    "removal",
    "requests",
    "retention",
    "upkeep",
    "witnesses",
]
