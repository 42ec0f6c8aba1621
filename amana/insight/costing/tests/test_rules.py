"""Lists and single things of costs are for the same people."""

import pytest

from amana import given
from amana.insight.costing.models import Costing
from amana.insight.costing.rules import READERS, WRITERS, read_costs, write_costs
from amana.trust.access.models import Role


@pytest.mark.parametrize("role", Role)
def test_each_role_reads_and_writes_what_it_may(role, costing):
    user = given.make_worker(role=role)
    costings = Costing.objects.all()

    for rule, roles in ((read_costs, READERS), (write_costs, WRITERS)):
        assert rule.permits(user, costing) == (role in roles)
        assert (costing in rule.among(costings, user)) == (role in roles)
