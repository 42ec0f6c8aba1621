"""What matching offers is never refused for want of a place when it is accepted.

The oracle's booking rule is written from `actions.book_places`: places are taken from
the last count, however old it is. `referrals/tests/test_choosing_page.py` does the same
with fewer worlds through the real actions.
"""

import random

from hypothesis import settings

from amana.design.directory.matching import MatchRule, match_services
from amana.design.directory.tests import directories, oracle

WORLDS = {"fast": 400}
ALL = 10_000
SERVICES = 30


def worlds() -> int:
    return WORLDS.get(settings.get_current_profile_name(), ALL)


def test_whatever_is_offered_is_never_refused_when_accepted():
    offered = full = old = night = 0
    for seed in range(worlds()):
        rng = random.Random(f"offered {seed}")
        tree, corner = directories.areas(rng), directories.CORNERS[0]
        services = [
            directories.a_service(rng, n + 1, tree, corner) for n in range(SERVICES)
        ]
        person = directories.a_person(rng, tree, corner)
        answer = match_services(
            directories.directory_of(services, tree), directories.person_of(person)
        )
        by_id = {service["id"]: service for service in services}
        for found in (*answer.eligible, *answer.unconfirmed, *answer.near_misses):
            assert not oracle.would_be_refused(by_id[found.service], person), found
            offered += 1
            old += MatchRule.FULL in [question.reason for question in found.ask]
        for found in answer.full:
            assert oracle.would_be_refused(by_id[found.service], person), found
            full += 1
        night += person["open_by"] is not None

    few = worlds() // 10
    assert min(offered, full, old, night) > few
