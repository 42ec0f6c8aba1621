"""Which services fit one person, and why; which don't, and by which rule. No Django.

    directory = Directory(offers, areas)
    person = Person(needs=(build_need("SH1", "SH2"),), at=now, …)
    answer = match_services(directory, person)

What it means, in the order in which it happens:

1. A **candidate** is a service that has not ended, offers something that meets at least
   one need, and is in reach: within `within_km` of the person, or its place or the
   person's is not known, or it surely helps where she is. That is so of what comes to
   people if an area that it states to cover holds hers; and of what helps by telephone
   or online alone, unless its coverage leaves her out. What lies farther and only may
   come is no candidate: a limit of distance is what she said.
2. Each candidate carries the **reasons** against it (`MatchRule`, one bit each), and
   the **questions** that are open. Unknown is not "no": where a rule depends on
   something that isn't known, the rule asks and does not exclude. Details that were
   not confirmed for 180 days exclude (`OUTDATED`): they are known to be unreliable.
3. **Eligible** is a candidate with no reason against it whose places, if it counts
   them, were counted lately and are enough. **Unconfirmed** has no reason against it,
   but its count is old or was never made. **Full** has nothing against it but `FULL`:
   fewer places free, by its last count of whatever age, than the person takes; booking
   refuses then. A **near miss** has exactly one other reason, and not one of `NEVER`:
   what keeps a person safe, and what she refused, is never offered as "relax this".
4. The **funnel** counts the candidates that carry each reason; one can carry several.
5. All lists are ranked by the weighted sum of the `RankPart`s, rounded to 1e-6; where
   two are equal, the lower id goes first.

Nothing here decides: the person chooses, and may choose none.
"""

from amana.design.directory.matching.answer import Match, MatchAnswer
from amana.design.directory.matching.columns import Directory, ServiceRecord
from amana.design.directory.matching.match import match_services
from amana.design.directory.matching.person import Ages, Person, Point, build_need
from amana.design.directory.matching.rank import WEIGHTS, RankPart
from amana.design.directory.matching.reasons import (
    NEVER,
    MatchBenefit,
    MatchDrawback,
    MatchRule,
    Respondent,
)

__all__ = [
    "NEVER",
    "WEIGHTS",
    "Ages",
    "Directory",
    "Match",
    "MatchAnswer",
    "MatchBenefit",
    "MatchDrawback",
    "MatchRule",
    "Person",
    "Point",
    "RankPart",
    "Respondent",
    "ServiceRecord",
    "build_need",
    "match_services",
]
