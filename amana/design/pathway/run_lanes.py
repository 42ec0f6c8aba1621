"""Going to a step from outside: which blocks and branches it is in, and what of them
has to be closed or begun."""

from collections.abc import Callable, Iterator
from functools import partial

from amana.design.pathway.pathway_model import Together
from amana.design.pathway.run_state import EventNotApplicable, build_key
from amana.design.pathway.run_tokens import BESIDE, RunTokens
from amana.design.pathway.tokens import Lane, Place, TokenJoin


class RunLanes(RunTokens):
    """Tokens that can be brought to a step to which no other leads."""

    def lane(self, id: str, item: str) -> Lane:
        """Find the blocks and branches that a step is in, the outermost first."""
        around = self.around(id)
        names = item.split(".") if item else []
        lane: list[tuple[str, str, str]] = []
        used = 0
        for block, first in around:
            step = self.steps[block]
            if isinstance(step, Together) and step.each:
                used += 1
            lane.append((block, first, ".".join(names[:used])))
        return tuple(lane)

    def around(self, id: str) -> list[tuple[str, str]]:
        """Find the blocks around a step. A part that is used at several places is where
        it runs now.
        """
        found: list[tuple[str, str]] = []
        while id in self.pathway.around:
            callers = self.pathway.around[id]
            running = {block.step for block in self.joins.values()}
            block, first = next((c for c in callers if c[0] in running), callers[0])
            found.append((block, first))
            id = block
        return found[::-1]

    def lists(self, id: str, item: str) -> Iterator[tuple[str, str, str]]:
        """Yield the lists for whose items a step is done, the outermost first; where
        each is known, and the item of it.
        """
        for block, _, at in self.lane(id, item):
            step = self.steps[block]
            if isinstance(step, Together) and step.each:
                outer, _, one = at.rpartition(".")
                yield step.each, outer, one

    def stands(self, id: str, item: str) -> bool:
        """Check whether there is such an item where this step is."""
        lists = list(self.lists(id, item))
        there = all(inner in self.listed(each, outer) for each, outer, inner in lists)
        return there and len(item.split(".") if item else []) == len(lists)

    def place(self, id: str, item: str) -> Place:
        """Make room for a step: what is under way in its branch is closed, and the
        blocks around it that do not run begin with this one branch.
        """
        lane = self.lane(id, item)
        if not self.stands(id, item):
            raise EventNotApplicable("unknown_step", step=build_key(id, item))
        join: str | None = None
        for depth, (block, _, _) in enumerate(lane):
            outer = lane[depth - 1][2] if depth else ""
            key = build_key(block, outer)
            if key not in self.joins:
                self.clear(lane[:depth], join)
                for deeper in range(depth, len(lane)):
                    outer = lane[deeper - 1][2] if deeper else ""
                    key = build_key(lane[deeper][0], outer)
                    self.joins[key] = TokenJoin(lane[deeper][0], outer, 1, join)
                    join = key
                return id, item, join
            join = key
        self.clear(lane, join)
        return id, item, join

    def clear(self, lane: Lane, join: str | None) -> None:
        """Close what is under way in a branch; if it had ended already, its block waits
        for one branch more.
        """
        depth = len(lane)

        def inside(step: str, item: str) -> bool:
            return self.lane(step, item)[:depth] == lane

        found = False
        # Removed only after the search: where a part is, is read from the blocks that
        # run.
        gone: list[Callable[[], object]] = []
        for tokens in (self.open, self.waiting):
            for key, token in tokens.items():
                apart = token.again or self.kept(token)
                if not apart and inside(token.step.id, token.item):
                    found = True
                    gone.append(partial(tokens.pop, key))
        for key, block in self.joins.items():
            if not key.startswith(BESIDE) and inside(block.step, block.item):
                found = True
                gone.append(partial(self.joins.pop, key))
        for remove in gone:
            remove()
        if not found and join is not None:
            self.joins[join].left += 1
