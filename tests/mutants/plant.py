"""A plug-in of pytest that plants one fault: `pytest -p tests.mutants.plant …`."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

# Enough lives to meet the fault; nobody needs the shortest way to it.
settings.register_profile(
    "faults",
    max_examples=100,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    from tests.mutants.faults import FAULTS

    FAULTS[os.environ["AMANA_FAULT"]].plant()
