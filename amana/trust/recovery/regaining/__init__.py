"""A team that has lost all its keys gets them back, by three of its five custodians.

An administrator proposes which colleague gets them, another of another team confirms
it, two others and the custodians are told. When the delay has passed, custodians
release their shares to that colleague, who puts three of them together.
"""

from amana.trust.recovery.regaining.proposing_to_regain import (
    is_lost,
    is_stale,
    list_people_to_notify,
    propose,
    require_lost,
    stop,
)
from amana.trust.recovery.regaining.releasing_shares import (
    complete,
    confirm,
    get_delay,
    release,
    require_open,
    sign_proof,
)

__all__ = [
    "complete",
    "confirm",
    "get_delay",
    "is_lost",
    "is_stale",
    "list_people_to_notify",
    "propose",
    "release",
    "require_lost",
    "require_open",
    "sign_proof",
    "stop",
]
