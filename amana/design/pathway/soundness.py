"""Whether every case comes to an end: no step that nothing leads to, none that leads
nowhere, no circle without a way out, no branch that gets in another's way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from amana.design.pathway.pathway_model import (
    MAIN,
    Choose,
    Do,
    Part,
    Pathway,
    Step,
    Together,
    Wait,
)
from amana.faults import Fault, Where, gettext_noop

NOTHING_LEADS = gettext_noop("No step leads to “%(step)s”.")
PART_UNUSED = gettext_noop("No step uses the part “%(name)s”.")
PART_IN_ITSELF = gettext_noop("The part “%(name)s” would restart itself: %(way)s.")
PART_TWICE = gettext_noop(
    "The part “%(name)s” could run twice at once, by “%(first)s” and “%(second)s”."
)
NO_NEXT = gettext_noop(
    "State what comes after “%(step)s” (next), or how the case ends there (end)."
)
NO_WAY_NEXT = gettext_noop("State where this path of “%(step)s” continues (next).")
END_INSIDE = gettext_noop(
    "“%(step)s” would end the case while other branches of “%(block)s” are "
    "still running. Inside it, a branch ends where there is no next."
)
NO_END = gettext_noop("From here, no end is ever reached: %(way)s.")
ENDLESS = gettext_noop("This loops forever without anyone having to act: %(way)s.")
TWO_BLOCKS = gettext_noop(
    "“%(step)s” is reached inside “%(first)s” and inside “%(second)s”; a "
    "step can be in only one of them."
)
TWO_BRANCHES = gettext_noop(
    "“%(step)s” is reached in two branches of “%(block)s”; a step can be in "
    "only one of them."
)
IN_AND_OUT = gettext_noop(
    "“%(step)s” is reached both inside and outside “%(block)s”; a step can "
    "be in only one of the two."
)

type Place = tuple[str, str] | None
"""A block and the first step of one of its branches; None: the pathway itself."""


def find_unsound(pathway: Pathway, file: str) -> list[Fault]:
    """Find what is unsound in a pathway whose links are whole; first causes only."""
    looking = Soundness(pathway, file)
    # In this order: the ways into a part are followed from caller to caller, and would
    # never end where a part contains itself.
    misplaced = list(looking.parts()) or list(looking.places())
    if misplaced:
        return misplaced
    lost = [*looking.nothing_leads()]
    if lost:
        return lost
    stuck = [*looking.parts_at_once(), *looking.open_ends()]
    return stuck or [*looking.endless(), *looking.no_end()]


@dataclass
class Soundness:
    pathway: Pathway
    file: str

    @property
    def steps(self) -> Mapping[str, Step]:
        return self.pathway.steps

    def fault(self, where: Where, sentence: str, **values: object) -> Fault:
        return Fault(self.file, None, sentence, values, where)

    def where(self, id: str) -> Where:
        part = self.steps[id].part
        return ("steps", id) if part == MAIN else ("parts", part, "steps", id)

    # -- parts

    @cached_property
    def callers(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {name: [] for name in self.pathway.parts}
        for step in self.steps.values():
            if isinstance(step, Part):
                found[step.of].append(step.id)
        return found

    def parts(self) -> Iterator[Fault]:
        for name, callers in self.callers.items():
            if not callers:
                yield self.fault(("parts", name), PART_UNUSED, name=name)
        yield from self.circles_of_parts()

    def circles_of_parts(self) -> Iterator[Fault]:
        uses: dict[str, dict[str, None]] = {}
        for step in self.steps.values():
            if isinstance(step, Part):
                uses.setdefault(step.part, {})[step.of] = None
        for circle in iterate_circles(
            {name: list(used) for name, used in uses.items()}
        ):
            where = ("parts", circle[0])
            way = " → ".join(circle)
            yield self.fault(where, PART_IN_ITSELF, name=circle[0], way=way)

    # -- each step in one branch

    @cached_property
    def roots(self) -> dict[str, set[str]]:
        """The steps that a case, or a part, comes to outside of all blocks."""
        found = {MAIN: self.pathway.along(self.pathway.start)}
        for interrupt in self.pathway.interrupts.values():
            found[MAIN] |= self.pathway.along(interrupt.next)
        for name, start in self.pathway.parts.items():
            found[name] = self.pathway.along(start)
        return found

    def standing(self, id: str) -> list[Place]:
        """List the branches that a step is in."""
        step = self.steps[id]
        blocks = self.pathway.around.get(id, ())
        inside: list[Place] = [
            place for place in blocks if not isinstance(self.steps[place[0]], Part)
        ]
        return ([None] if id in self.roots[step.part] else []) + inside

    def places(self) -> Iterator[Fault]:
        twice = {
            id: places for id in self.steps if len(places := self.standing(id)) > 1
        }
        before: dict[str, set[str]] = {}
        for step in self.steps.values():
            for following in step.follows:
                before.setdefault(following, set()).add(step.id)
        # What follows a misplaced step is misplaced by it; only where that begins is
        # reported.
        causes = {id for id in twice if not before.get(id, set()) & twice.keys()}
        for id in self.steps:
            if id in (causes or twice):
                yield self.two_places(id, *twice[id][:2])

    def two_places(self, id: str, first: Place, second: Place) -> Fault:
        where = self.where(id)
        if first is None or second is None:
            block = (first or second or ("",))[0]
            return self.fault(where, IN_AND_OUT, step=id, block=block)
        if first[0] == second[0]:
            return self.fault(where, TWO_BRANCHES, step=id, block=first[0])
        values = {"step": id, "first": first[0], "second": second[0]}
        return self.fault(where, TWO_BLOCKS, **values)

    def parts_at_once(self) -> Iterator[Fault]:
        for name, callers in self.callers.items():
            for n, first in enumerate(callers):
                for second in callers[n + 1 :]:
                    if self.at_once(first, second):
                        yield self.fault(
                            self.where(second),
                            PART_TWICE,
                            name=name,
                            first=first,
                            second=second,
                        )

    def at_once(self, first: str, second: str) -> bool:
        """Check whether two steps may be open together: in two branches of a block."""
        others: dict[str, set[str]] = {}
        for block, begin in self.pathway.list_branches_around(second):
            others.setdefault(block, set()).add(begin)
        return any(
            others.get(block, set()) - {begin}
            for block, begin in self.pathway.list_branches_around(first)
        )

    # -- reached, and left

    def nothing_leads(self) -> Iterator[Fault]:
        reached: set[str] = set().union(*self.roots.values())
        todo = list(reached)
        while todo:
            step = self.steps[todo.pop()]
            more = {*step.follows, *step.begins} - reached
            reached |= more
            todo += more
        lost = [id for id in self.steps if id not in reached]
        led = {
            f for id in lost for f in (*self.steps[id].follows, *self.steps[id].begins)
        }
        for id in [id for id in lost if id not in led] or lost[:1]:
            yield self.fault(self.where(id), NOTHING_LEADS, step=id)

    def open_ends(self) -> Iterator[Fault]:
        for id, step in self.steps.items():
            inside = self.together_around(id)
            if step.end is not None and inside:
                where = (*self.where(id), "end")
                yield self.fault(where, END_INSIDE, step=id, block=inside)
            if step.part != MAIN or None not in self.standing(id):
                continue
            if isinstance(step, Choose | Wait):
                yield from self.open_ways(step)
            elif step.next is None and step.end is None:
                yield self.fault(self.where(id), NO_NEXT, step=id)

    def open_ways(self, step: Choose | Wait) -> Iterator[Fault]:
        if isinstance(step, Choose):
            nexts = [branch.next for branch in step.choose]
        else:
            nexts = [way.next for way in step.wait]
        for n, next in enumerate(nexts):
            if next is None:
                where = (*self.where(step.id), step.word, n)
                yield self.fault(where, NO_WAY_NEXT, step=step.id)

    def together_around(self, id: str) -> str | None:
        around = (block for block, _ in self.pathway.list_branches_around(id))
        return next(
            (block for block in around if isinstance(self.steps[block], Together)), None
        )

    # -- circles and ends

    def endless(self) -> Iterator[Fault]:
        """Yield circles in which no one has to do anything, and nothing is waited
        for."""
        passing = self.passing()
        edges = {
            id: [
                following
                for following in self.steps[id].follows
                if following in passing
            ]
            for id in passing
        }
        for circle in iterate_circles(edges):
            where = self.where(circle[0])
            yield self.fault(where, ENDLESS, way=" → ".join(circle))

    def passing(self) -> dict[str, None]:
        """Find steps that a case may pass by itself, in the file's order."""
        lets: dict[str, bool] = {
            id: not isinstance(step, Do | Wait) for id, step in self.steps.items()
        }
        # Whether a block can be passed depends on the blocks inside it, so this is
        # repeated until nothing changes.
        changed = True
        while changed:
            changed = False
            for id, step in self.steps.items():
                if not lets[id] or not step.begins:
                    continue
                # A list may be empty; then the block is passed without a person.
                empty = isinstance(step, Together) and step.each
                if not empty and not all(
                    self.slips(first, lets) for first in step.begins
                ):
                    lets[id] = False
                    changed = True
        return {id: None for id, passes in lets.items() if passes}

    def slips(self, first: str, lets: Mapping[str, bool]) -> bool:
        """Check whether a branch may end without a person."""
        todo, seen = [first], set()
        while todo:
            id = todo.pop()
            if id in seen or not lets[id]:
                continue
            seen.add(id)
            if self.leaves(self.steps[id]):
                return True
            todo += self.steps[id].follows
        return False

    def leaves(self, step: Step) -> bool:
        """Check whether the branch, or the case, may end with this step."""
        if isinstance(step, Choose):
            return any(branch.next is None for branch in step.choose)
        if isinstance(step, Wait):
            return any(way.next is None for way in step.wait)
        return step.next is None

    def no_end(self) -> Iterator[Fault]:
        """Yield, for steps that can't come to the end of their branch, the circle they
        are in.
        """
        ends = self.ending()
        stuck = [id for id in self.steps if id not in ends]
        edges = {
            id: [
                following
                for following in (*self.steps[id].begins, *self.steps[id].follows)
                if following not in ends
            ]
            for id in stuck
        }
        for circle in iterate_circles(edges):
            where = self.where(circle[0])
            yield self.fault(where, NO_END, way=" → ".join(circle))

    def ending(self) -> set[str]:
        """Find steps from which the end of their branch can be reached. A block can
        only if all its branches can.
        """
        ends: set[str] = set()
        changed = True
        while changed:
            changed = False
            for id, step in self.steps.items():
                if id in ends or not all(first in ends for first in step.begins):
                    continue
                if self.leaves(step) or any(f in ends for f in step.follows):
                    ends.add(id)
                    changed = True
        return ends


def iterate_circles(edges: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Yield the circles of a graph, one for each step that leads into a new one."""
    seen: set[str] = set()
    for begin in edges:
        path: list[str] = []
        # A stack of its own: a path may have hundreds of steps, and a recursion would
        # have as many levels.
        stack: list[tuple[str, int]] = [(begin, 0)]
        while stack:
            id, n = stack.pop()
            if n == 0:
                if id in seen:
                    if id in path:
                        yield [*path[path.index(id) :], id]
                    continue
                seen.add(id)
                path.append(id)
            following = edges.get(id, [])
            if n < len(following):
                stack += [(id, n + 1), (following[n], 0)]
            else:
                path.pop()
