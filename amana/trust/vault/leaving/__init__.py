"""When a keyholder leaves, their team gets a new key: a new *epoch*.

At once, the leaver's wraps are gone and all that is new is sealed under the new key.
What was sealed under earlier keys is then resealed in small steps, after the pages of
colleagues of the team who are at work; when nothing is left of it, the earlier keys are
destroyed. Until then work continues as usual, and a step that is interrupted is simply
done again. What can't be resealed holds up nothing (`unopened`, ADR 72).
"""

from amana.trust.vault.leaving.departure import (
    can_open_anything,
    count_held_alone,
    expose_team_keys,
    has_keys_to_lose,
    is_last_holder,
    take_person_key,
)
from amana.trust.vault.leaving.team_resealing import (
    TRICKLE,
    destroy_lapsed,
    find_unsettled,
    rewrap_in_passing,
    rewrap_some,
    try_again,
)

__all__ = [
    "TRICKLE",
    "can_open_anything",
    "count_held_alone",
    "destroy_lapsed",
    "expose_team_keys",
    "find_unsettled",
    "has_keys_to_lose",
    "is_last_holder",
    "rewrap_in_passing",
    "rewrap_some",
    "take_person_key",
    "try_again",
]
