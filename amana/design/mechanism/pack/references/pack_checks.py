"""All checks in order."""

from amana.design.mechanism.pack.references.pack_sources import PackFaults, PackSources
from amana.design.mechanism.pack.references.pathway_checks import OF_BOTH, OF_MECHANISM
from amana.faults import Fault


def find_faults(gathered: PackSources) -> list[Fault]:
    told = PackFaults()
    if "mechanism.yaml" in gathered.sources:
        for look in OF_MECHANISM:
            look(gathered, told)
        # Without its tables the pathway would seem to be full of unknown names.
        if gathered.pathway_is_whole:
            for look in OF_BOTH:
                look(gathered, told)
    return told.faults
