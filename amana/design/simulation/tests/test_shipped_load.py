"""The shipped packs can be done by the people whom they invent for it."""

import pytest

from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.tests.packs import SHIPPED
from amana.design.simulation import simulator
from amana.design.simulation.simulator import SimulatedFigure


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_nobody_has_more_to_do_than_there_is_time_for(folder):
    pack, faults = reading.read_pack(files.read_folder(folder))
    assert pack is not None, faults
    found = simulator.simulate_repeatedly(
        pack.pathway, pack.capacity, cases=1000, replications=3, seed=1
    )

    loads = {
        role: bands[SimulatedFigure.LOAD].mean for role, bands in found.roles.items()
    }
    assert loads.keys() == pack.roles.keys()
    assert max(loads.values()) < 0.95, loads
