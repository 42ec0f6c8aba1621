"""Plant each fault in turn, and say which test has caught it.

python -m tests.mutants [NAME …]
"""

import os
import subprocess
import sys
import time

from tests.mutants.faults import FAULTS, Fault


def caught(fault: Fault) -> tuple[bool, str]:
    """Whether its killer fails, and on what."""
    options = ["-p", "tests.mutants.plant", "-p", "no:cacheprovider", "-n0", "-xq"]
    there = [sys.executable, "-m"]
    if fault.on_postgresql:
        there += ["tools.postgres", sys.executable, "-m"]
    done = subprocess.run(
        [*there, "pytest", *options, "--tb=line", fault.killer],
        env=os.environ
        | {"AMANA_FAULT": fault.name, "HYPOTHESIS_PROFILE": "faults"}
        | {"AMANA_NIGHTLY": "1"},
        capture_output=True,
        text=True,
    )
    failed = [
        line.split(" - ")[0].removeprefix("FAILED ")
        for line in done.stdout.splitlines()
        if line.startswith("FAILED ")
    ]
    # 1: tests failed. Anything else is a killer that could not run at all.
    return done.returncode == 1 and bool(failed), " ".join(failed) or done.stdout[-400:]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(names: list[str]) -> int:
    chosen = [FAULTS[name] for name in names] or list(FAULTS.values())
    survived = []
    for fault in chosen:
        began = time.monotonic()
        is_caught, by = caught(fault)
        seconds = time.monotonic() - began
        word = "caught  " if is_caught else "SURVIVED"
        say(f"{word} {fault.name:38} {seconds:5.0f} s  {fault.says}")
        if not is_caught:
            survived.append(fault.name)
            say(f"         {by}")
    say(f"{len(chosen) - len(survived)} of {len(chosen)} planted faults caught.")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
