"""The packs that come with Amana, with invented cases: they come to an end, and where
one leaves the pathway, it is found."""

import random
from functools import cache
from pathlib import Path

import pytest

from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.tests.packs import ROOT
from amana.design.pathway.conformance import find_deviations, measure_conformance
from amana.design.pathway.pathway_model import Pathway
from amana.design.pathway.tests.pathways import a_good_case, finish, walk
from amana.design.pathway.tests.planting import PLANTS, planted

PACKS = sorted(path.parent for path in (ROOT / "mechanisms").glob("*/pathway.yaml"))
every_pack = pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)


@cache
def pathway_of(folder: Path) -> Pathway:
    pack, faults = reading.read_pack(files.read_folder(folder))
    assert pack is not None, [str(fault) for fault in faults]
    return pack.pathway


@every_pack
def test_five_hundred_cases_go_to_their_end_as_agreed(folder):
    pathway = pathway_of(folder)
    cases = [a_good_case(pathway, random.Random(seed)) for seed in range(500)]

    assert measure_conformance(pathway, cases).share == 1


@every_pack
def test_cases_end_also_when_people_skip_reopen_and_override(folder):
    pathway = pathway_of(folder)
    for seed in range(60):
        rng = random.Random(seed)
        *_, (last, now) = walk(pathway, rng, most=20, meddling=0.2)
        assert finish(pathway, now, last.at, rng).ended is not None


@every_pack
@pytest.mark.parametrize("plant", PLANTS)
def test_each_of_sixty_planted_deviations_is_found(folder, plant):
    pathway = pathway_of(folder)
    for seed in range(4):
        facts, kind = planted(pathway, plant, random.Random(seed))
        found = find_deviations(pathway, facts)
        assert kind in {deviation.kind for deviation in found}, (
            seed,
            [str(deviation) for deviation in found],
        )
