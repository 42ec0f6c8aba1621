"""A process of the timers that believes that it leads, whatever the lock says: for
`test_two_servers`. Says in JSON which timers it ran in one turn.

    python -m tests.reliability.leader GO      says beside GO that it is ready, and
                                               begins when the file is there
"""

import os
import sys
import time
from pathlib import Path

from django.utils import timezone

from tests.mutants.beside import plant_if_asked
from tests.reliability import keeper


class Believes:
    def leads(self) -> bool:
        return True

    def resign(self) -> None: ...


def main(go: Path) -> list[str]:
    from amana.schedule import Timer
    from amana.trust.alarms import clockwork
    from amana.trust.alarms.clockwork import Clockwork

    ran: list[str] = []

    def note(command: str) -> None:
        ran.append(command)
        time.sleep(0.02)  # so that the other is at the same one

    def beside(works: Clockwork, timer: Timer) -> None:
        if clockwork.claim(timer, timezone.now()):
            note(timer.command)

    clockwork.call_command = note  # type: ignore[attr-defined, assignment]
    Clockwork.run_beside = beside  # type: ignore[method-assign, assignment]
    go.with_name(f"ready-{os.getpid()}").touch()
    while not go.exists():
        time.sleep(0.01)
    Clockwork(Believes(), sys.stderr.write).turn()
    return ran


if __name__ == "__main__":
    keeper.ready()
    plant_if_asked()
    keeper.say(main(Path(sys.argv[1])))
