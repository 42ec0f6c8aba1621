"""The process in which work on foreign files is done, within limits that it sets.

    python -I -B child.py MODULE:FUNCTION MEMORY SECONDS ANSWER LANGUAGE < file > answer

MEMORY and ANSWER in MiB. It ends with `NO_MEMORY` where the work needs more.
"""

import os
import resource
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

NO_MEMORY = 3
GIVE_WAY = 10
"""Added to its niceness: pages of others come first. It holds no lock meanwhile."""
ROOT = Path(__file__).resolve().parents[2]
SLOW = ("rfc3987_syntax",)
"""What a library would import if it were there: a grammar of international addresses,
built anew by each process in a second, for a check that no work asks for."""
FILES = 64
"""That may be open: modules, while they are imported."""


def set_limits(memory: int, seconds: int) -> None:
    # First a signal of its own: with equal limits it would be killed like all others.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    for what, most in (
        (resource.RLIMIT_AS, memory << 20),
        # What a file brings to run can write no other file.
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, FILES),
    ):
        resource.setrlimit(what, (most, most))


def forbid_children() -> None:
    """Forbid further processes and threads: those of a library start when it is
    imported."""
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def load_translations(language: str) -> None:
    """Have Django's translations at hand, and nothing else of it."""
    import django
    from django.conf import settings

    from amana.language_folders import load_languages

    settings.configure(
        LANGUAGE_CODE=language,
        LOCALE_PATHS=[ROOT / "amana" / "locale"],
        PAGE_LANGUAGES=load_languages(),
    )
    django.setup()


def import_work(name: str) -> Callable[[bytes], bytes]:
    """Import the function. The packages around its module are not run: some bring much
    that no work needs, and starting takes half of the time."""
    module, _colon, function = name.partition(":")
    parts = module.split(".")
    for n in range(1, len(parts)):
        around = ModuleType(".".join(parts[:n]))
        around.__path__ = [str(ROOT.joinpath(*parts[:n]))]
        sys.modules[around.__name__] = around
    work: Callable[[bytes], bytes] = getattr(import_module(module), function)
    return work


def main(name: str, memory: str, seconds: str, answer: str, language: str) -> int:
    os.nice(GIVE_WAY)
    set_limits(int(memory), int(seconds))
    # `-I` leaves our folder out, together with the person's environment.
    sys.path.insert(0, str(ROOT))
    sys.modules |= dict.fromkeys(SLOW)  # type: ignore[arg-type]
    try:
        if language:
            load_translations(language)
        work = import_work(name)
        forbid_children()
        made = work(sys.stdin.buffer.read())
    except MemoryError:
        return NO_MEMORY
    if len(made) > int(answer) << 20:
        return NO_MEMORY
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    os._exit(main(*sys.argv[1:]))
