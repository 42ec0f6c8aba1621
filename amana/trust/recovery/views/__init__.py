"""Setting up a team's recovery key, keeping a share, and regaining a lost key."""

from amana.trust.recovery.views.regaining_pages import (
    complete,
    confirm,
    propose,
    release,
    see,
    stop,
)
from amana.trust.recovery.views.share_pages import drill, own_shares, print_share
from amana.trust.recovery.views.team_keys_pages import (
    choose,
    confirm_key,
    overview,
    team,
    withdraw_key,
)

__all__ = [
    "choose",
    "complete",
    "confirm",
    "confirm_key",
    "drill",
    "overview",
    "own_shares",
    "print_share",
    "propose",
    "release",
    "see",
    "stop",
    "team",
    "withdraw_key",
]
