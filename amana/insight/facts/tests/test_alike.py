"""Whatever waits: what is written says of whom it is only among eleven who look alike
to somebody who knows all that the case store shows in the clear."""

from collections import defaultdict
from datetime import date
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from amana.insight.facts.batch import ENOUGH, WHO, get_quasi_identifiers, separate_ready
from amana.insight.facts.kinds import KINDS
from amana.insight.facts.models import Observation
from amana.insight.facts.waiting import WaitingObservation

TODAY = date(2026, 11, 20)
people = [UUID(int=n) for n in range(40)]
told = st.builds(
    lambda person, **said: WaitingObservation.of(
        Observation(id=uuid4(), **said), person
    ),
    st.sampled_from(people),
    kind=st.sampled_from(["acceptance", "screening"]),
    result=st.sampled_from(["accepted", "declined"]),
    sex=st.sampled_from(["female", "male", ""]),
    exploitation=st.sampled_from(["labour", "organs", ""]),
    agency=st.sampled_from(["lake-house", "port-clinic", "harbour"]),
    topic=st.sampled_from(["SH2", "HE2", ""]),
    urgency=st.sampled_from(["U1", "U2"]),
    month=st.sampled_from([date(2026, 10, 1), date(2026, 11, 1)]),
)


@given(st.lists(told, min_size=60, max_size=90))
def test_who_is_said_only_among_eleven_alike(waiting):
    of_whom = {item.fact.pk: item.person for item in waiting}

    ready, rest = separate_ready(waiting, today=TODAY)

    groups, telling = defaultdict(set), set()
    for fact in ready:
        sealed = KINDS[fact.kind].sealed
        who = any(getattr(fact, name) for name in WHO)
        if who or sealed:
            groups[get_quasi_identifiers(fact)].add(of_whom[fact.pk])
        if who or (sealed and fact.agency):
            telling.add(get_quasi_identifiers(fact))
    assert all(len(groups[key]) >= ENOUGH for key in telling)
    assert {f.pk for f in ready} | {item.fact.pk for item in rest} == of_whom.keys()
    assert len(ready) + len(rest) == len(waiting)
    assert all(item.fact.month.month == 11 for item in rest) or not ready
