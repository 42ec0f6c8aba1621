"""Bring the peers, and let one make rows within its time."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.request import urlopen

import numpy as np

from .beside_files import File, Rows, apart

HERE = Path(__file__).resolve().parent
KEPT = HERE.parent / "var" / "peers"

WAYS_MAY = 120
"""Seconds of CPU that a way may need."""

PACKAGES = (
    "pac-synth==0.0.8",  # Microsoft's, which made the public file of the CTDC
    "opendp[mbi]==0.16.0",  # contingency tables, MST and AIM
    "mbi==1.1.0",  # Private-PGM, in the version that OpenDP asks for
    "jax==0.12.0.1",
    "pandas==2.3.3",
    "matplotlib==3.10.7",  # is imported by cdp2adp, and not used
)
MST_FROM = (
    "https://raw.githubusercontent.com/ryan112358/mbi/"
    "7a91d47c746d9caf1b1966e206b3bd5ed6ce53a5/mechanisms/"
)
MST_FILES = ("mst.py", "cdp2adp.py")
"""No package has them. Where GitHub can't be reached, put them into var/peers."""


@dataclass(frozen=True)
class Outcome:
    """What came of it: seconds and numbers, or what is to be said instead."""

    seconds: float = 0.0
    numbers: tuple[float, ...] = ()
    said: str = ""
    on: str = ""
    machine: str = ""
    limit: int = 0
    """The day, the machine and the seconds it might need, said when it is kept."""

    @property
    def cells(self) -> str:
        if self.said:
            return f"{self.said} | | | |"
        return f"{self.seconds:,.1f} | {far(self.numbers)} |"

    @property
    def day(self) -> str:
        return f"{datetime.fromisoformat(self.on):%d %B %Y}"

    @property
    def when(self) -> str:
        return f"Measured on {self.day}: {self.machine}; CPU time."

    def unlike(self, usual: "Outcome") -> str:
        """What of its day, machine and limit is another than is told above."""
        pairs = (
            (self.day, usual.day),
            (self.machine, usual.machine),
            (f"ended after {self.limit} s", f"ended after {usual.limit} s"),
        )
        other = [mine for mine, theirs in pairs if mine != theirs]
        return f" ({'; '.join(other)})" if other else ""


def far(numbers: Sequence[float]) -> str:
    return " | ".join(f"{number:.4f}" for number in numbers)


def bring() -> str:
    """The environment of the peers; what hinders it, if anything does."""
    folder = KEPT / "venv"
    wanted, done = "\n".join(PACKAGES), folder / "packages.txt"
    if done.exists() and done.read_text() == wanted:
        return ""
    uv = shutil.which("uv") or str(HERE.parent / ".tools" / "bin" / "uv")
    KEPT.mkdir(parents=True, exist_ok=True)
    print("Bringing the peers …", flush=True)
    for command in (
        [uv, "venv", "-q", "--clear", "--python", sys.executable, str(folder)],
        [uv, "pip", "install", "-q", "--python", str(folder), *PACKAGES],
    ):
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except OSError as error:
            return str(error)
        except subprocess.CalledProcessError as error:
            return str(error.stderr).strip().partition("\n")[0]
    done.write_text(wanted)
    return ""


def bring_mst() -> str:
    for name in MST_FILES:
        if (KEPT / name).exists():
            continue
        try:
            with urlopen(MST_FROM + name, timeout=30) as answer:
                (KEPT / name).write_bytes(answer.read())
        except OSError:
            return "GitHub can’t be reached"
    return ""


def outcome(way: str, file: File, limit: int) -> Outcome:
    found = run(way, file, limit)
    if isinstance(found, str):
        return Outcome(said=found)
    seconds, rows = found
    return Outcome(seconds, (*apart(file, rows),))


def run(way: str, file: File, limit: int) -> tuple[float, Rows] | str:
    """Seconds and rows, or why there are none."""
    hindered = way != "ours" and (bring() or (way == "mst" and bring_mst()))
    if hindered:
        return f"can’t be had: {hindered}"
    python = sys.executable if way == "ours" else KEPT / "venv" / "bin" / "python"
    # JAX counts to 24 bits otherwise, and mbi then stalls with so many people.
    with_path = os.environ | {"PYTHONPATH": str(KEPT), "JAX_ENABLE_X64": "1"}
    with tempfile.TemporaryDirectory(prefix="amana-peers-") as folder:
        source, target = Path(folder) / "people.npz", Path(folder) / "drawn.npz"
        file.save(source)
        command = [python, HERE / "peers.py", way, source, target, str(limit)]
        before = of_children()
        ended = subprocess.run(command, env=with_path, capture_output=True, text=True)
        if ended.returncode < 0:
            return killed(-ended.returncode, of_children() - before, limit)
        if ended.returncode:
            print(ended.stderr, file=sys.stderr)
            return f"fails: {ended.stderr.strip().splitlines()[-1][:90]}"
        found = np.load(target)
        return float(found["seconds"]), found["rows"]


def of_children() -> float:
    """Seconds of CPU of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def killed(by: int, spent: float, limit: int) -> str:
    """The system sends SIGXCPU at the limit, and SIGKILL a little later; but SIGKILL
    comes for other reasons too, as when memory is lacking."""
    if by == signal.SIGXCPU or (by == signal.SIGKILL and spent >= limit):
        return f"did not end in {limit} s"
    return f"was ended by {signal.Signals(by).name} after {spent:.0f} s"
