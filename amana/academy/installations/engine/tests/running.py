"""One check, run on one piece of work."""

from amana.academy.installations.engine import work_checks
from amana.academy.installations.engine.findings import CheckResult
from amana.academy.installations.engine.practice_work import PracticeWork
from amana.design.mechanism.pack.pack_model import Pack


def run(check: str, work: PracticeWork, base: Pack, **more: int) -> CheckResult:
    (result,) = work_checks.run_checks([{"check": check} | more], work, base)
    return result


def list_sentences(result: CheckResult) -> list[str]:
    return [finding.sentence for finding in result.findings]
