"""What the clock does to many things, one after the other."""

from collections.abc import Callable, Iterable


def run_in_turn(acts: Iterable[Callable[[], int]]) -> int:
    """Run all of these, each in a transaction of its own; how much was done. One that
    fails keeps no other waiting: the first mistake is raised after the last, so that
    the clock's log shows it."""
    done, mistakes = 0, []
    for act in acts:
        try:
            done += act()
        except Exception as mistake:
            mistakes.append(mistake)
    if mistakes:
        raise mistakes[0]
    return done
