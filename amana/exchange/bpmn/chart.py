"""A pathway as nodes and arrows: which element of BPMN each step is.

Steps are drawn from a list of what is still to do, never by recursion along the
pathway: it may be as long as an author likes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from amana.design.mechanism import sentences
from amana.design.mechanism.engine.pathway import (
    LIST,
    Choose,
    Clock,
    Decide,
    Do,
    Interrupt,
    Part,
    Pathway,
    Step,
    Tell,
    Together,
    Wait,
    Way,
    text,
)
from amana.design.mechanism.outline import outline
from amana.design.mechanism.pack.model import Pack
from amana.ui.sentences import listed


@dataclass
class Node:
    """One thing on the diagram. `event` is what an event catches or throws: message,
    timer, signal, escalation, terminate; `refers` names it."""

    id: str
    tag: str
    name: str = ""
    lane: str = ""
    notes: list[str] = field(default_factory=list)
    event: str = ""
    refers: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    default: str = ""
    """The arrow that is taken otherwise."""
    timer: "Node | None" = None
    """The clock that sits on its edge."""
    late: "Node | None" = None
    """Where the clock's arrow ends."""
    inside: "Flow | None" = None
    many: bool = False
    partner: str = ""
    """Who outside is told, or is heard."""


@dataclass(frozen=True)
class Arrow:
    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""


@dataclass
class Flow:
    """What stands together in one process or sub-process."""

    nodes: dict[str, Node] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)

    def all_nodes(self) -> Iterator[Node]:
        """Yield the nodes with the clocks on their edges, without what is inside
        sub-processes."""
        for node in self.nodes.values():
            yield node
            if node.timer and node.late:
                yield node.timer
                yield node.late


@dataclass
class Process:
    id: str
    name: str
    flow: Flow
    roles: tuple[str, ...]
    """Those that have work here, in the order of the mechanism."""


@dataclass(frozen=True)
class Todo:
    step: str
    lane: str
    join: str
    """Where its branch ends; without one, an end event."""


def processes(pack: Pack) -> list[Process]:
    """Draw the pathway itself, then each of its parts."""
    pathway = pack.pathway
    main = Drawing(pack)
    main.begin(pathway.start)
    for interrupt in pathway.interrupts.values():
        main.interrupt(interrupt)
    found = [process(pack, "process", sentences.words(pack.title), main.flow)]
    for part, start in pathway.parts.items():
        drawing = Drawing(pack, prefix=f"part.{part}.")
        drawing.begin(start)
        found.append(
            process(pack, f"part.{part}", part_title(pack, part), drawing.flow)
        )
    return found


def process(pack: Pack, id: str, name: str, flow: Flow) -> Process:
    used = {node.lane for node in flow.nodes.values()}
    roles = tuple(role for role in pack.roles if role in used)
    return Process(id, name, flow, roles)


@dataclass
class Drawing:
    pack: Pack
    flow: Flow = field(default_factory=Flow)
    prefix: str = ""
    with_lanes: bool = True
    outside: frozenset[str] = frozenset()
    """Steps that are drawn elsewhere, where an arrow from here can't go."""
    returns: list[str] = field(default_factory=list)
    """Those of them at which the case goes on."""

    @property
    def pathway(self) -> Pathway:
        return self.pack.pathway

    def begin(self, first: str, start: Node | None = None) -> None:
        lane = self.first_role(first)
        start = start or Node("start", "startEvent")
        start.id, start.lane = f"{self.prefix}start", lane
        self.add(start)
        self.arrow(start.id, self.entry(first, start.id, ""))
        self.follow([Todo(first, lane, "")])

    def follow(self, todo: list[Todo]) -> None:
        while todo:
            one = todo.pop(0)
            if self.id(one.step) not in self.flow.nodes and one.step in self.here:
                todo += self.draw(one)

    @property
    def here(self) -> set[str]:
        return set(self.pathway.steps) - self.outside

    def draw(self, one: Todo) -> list[Todo]:
        step = self.pathway.steps[one.step]
        match step:
            case Do():
                return self.do(step, one.join)
            case Choose():
                return self.choose(step, one)
            case Together(each="") as block:
                return self.together(block, one)
            case Together() as block:
                return self.each(block, one)
            case Wait():
                return self.wait(step, one)
            case Decide():
                table = self.pathway.decisions.get(step.decide)
                rows = table.rows if table else ()
                notes = [sentences.words(row.because) for row in rows if row.because]
                node = self.node(step, one, "businessRuleTask", notes=notes)
                node.name = decision_title(self.pack, step.decide)
            case Tell():
                node = self.node(step, one, "sendTask", refers=step.message)
                whom = name_of(self.pack, step.tell)
                what = sentences.message_in_words(step.message)
                node.name = _("Notify %(who)s: %(what)s") % {"who": whom, "what": what}
                node.partner = step.tell if step.tell in self.pack.partners else ""
            case Part():
                node = self.node(step, one, "callActivity")
                node.name = part_title(self.pack, step.of)
                node.attributes["calledElement"] = f"part.{step.of}"
        return self.leave(node.id, step, one.lane, one.join)

    # -- the six words

    def do(self, step: Do, join: str) -> list[Todo]:
        one = Todo(step.id, step.role, join)
        node = self.node(step, one, "userTask", notes=list(self.notes_of(step)))
        node.name = sentences.words(step.do)
        if not self.with_lanes:
            node.name += f" ({name_of(self.pack, step.role)})"
        if step.due:
            whom = [name_of(self.pack, role) for role in step.late]
            node.timer = Node(
                f"{node.id}.clock",
                "boundaryEvent",
                clock_in_words(step.due),
                node.lane,
                event="timer",
                refers=clock_as_written(step.due),
                # Not interrupting: a step that is late stays to be done.
                attributes={"attachedToRef": node.id, "cancelActivity": "false"},
            )
            node.late = Node(
                f"{node.id}.late",
                "endEvent",
                _("If late: notify %(who)s") % {"who": ", ".join(whom)} if whom else "",
                node.lane,
                event="escalation",
            )
        if step.end:
            self.end_of(node, step)
            return []
        return self.leave(node.id, step, step.role, join)

    def notes_of(self, step: Do) -> Iterator[str]:
        if step.how:
            yield sentences.words(step.how)
        if step.form or step.screening:
            yield _("Form: %(name)s") % {"name": form_of(self.pack, step)}
        for name, codes in step.gives.items():
            yield _("Gives %(name)s: %(codes)s") % {
                "name": sentences.name_in_words(name),
                "codes": _("a list")
                if LIST in codes
                else listed(map(sentences.code_in_words, codes)),
            }
        if step.remind:
            due = clock_in_words(step.remind)
            yield _("Reminder before the deadline: %(clock)s") % {"clock": due}

    def end_of(self, node: Node, step: Do) -> None:
        """Draw the end of a step. A case that ends while something else is open ends as
        a whole."""
        amid = bool(self.pathway.around.get(step.id))
        end = Node(
            f"{node.id}.end",
            "endEvent",
            begun(sentences.ending_in_words(step.end or "")),
            node.lane,
            # A plain end event would end its own branch only, and leave the others
            # running.
            event="terminate" if amid else "",
        )
        self.add(end)
        self.arrow(node.id, end.id)

    def choose(self, step: Choose, one: Todo) -> list[Todo]:
        node = self.node(step, one, "exclusiveGateway")
        for branch in step.choose:
            target = self.entry(branch.next, node.id, one.join)
            words = str(branch.when) if branch.when else ""
            label = sentences.condition_in_words(words) if words else _("otherwise")
            arrow = self.arrow(node.id, target, label, words)
            if not branch.when:
                node.default = arrow
        return [Todo(next, one.lane, one.join) for next in step.follows]

    def together(self, step: Together, one: Todo) -> list[Todo]:
        fork = self.node(step, one, "parallelGateway")
        join = Node(f"{fork.id}.join", "parallelGateway", "", one.lane)
        self.add(join)
        for first in step.together:
            self.arrow(fork.id, self.entry(first, fork.id, join.id))
        inside = [Todo(first, one.lane, join.id) for first in step.together]
        return inside + self.leave(join.id, step, one.lane, one.join)

    def each(self, step: Together, one: Todo) -> list[Todo]:
        node = self.node(step, one, "subProcess")
        node.many = True
        node.name = _("For each: %(list)s") % {
            "list": sentences.item_in_words(step.each)
        }
        inside = Drawing(self.pack, prefix=f"{node.id}.", with_lanes=False)
        start = Node(f"{node.id}.start", "startEvent")
        inside.add(start)
        for first in step.together:
            inside.arrow(start.id, inside.entry(first, start.id, ""))
        inside.follow([Todo(first, "", "") for first in step.together])
        node.inside = inside.flow
        return self.leave(node.id, step, one.lane, one.join)

    def wait(self, step: Wait, one: Todo) -> list[Todo]:
        if len(step.wait) == 1:
            self.caught(self.id(step.id), step.wait[0], one)
        else:
            gateway = self.node(step, one, "eventBasedGateway")
            for number, way in enumerate(step.wait, start=1):
                id = f"{gateway.id}.{number}"
                self.arrow(gateway.id, id)
                self.caught(id, way, one)
        return [Todo(next, one.lane, one.join) for next in step.follows]

    def caught(self, id: str, way: Way, one: Todo) -> None:
        node = Node(id, "intermediateCatchEvent", lane=self.lane(one.lane))
        if way.after:
            node.event, node.refers = "timer", clock_as_written(way.after)
            node.name = clock_in_words(way.after)
        else:
            node.event, node.refers = "message", way.message
            node.name = begun(sentences.message_in_words(way.message))
            node.partner = way.sender if way.sender in self.pack.partners else ""
        self.add(node)
        self.arrow(id, self.entry(way.next, id, one.join))

    def interrupt(self, interrupt: Interrupt) -> None:
        """Draw what may come at any time as an event sub-process. It can't lead back
        into the process around it: a signal ends it there, and starts the process again
        at the step at which the case continues."""
        id = f"interrupt.{interrupt.id}"
        lane = self.first_role(interrupt.next)
        kept = [self.title_of(step) for step in sorted(interrupt.keeps)]
        notes = [_("Kept open: %(steps)s") % {"steps": "; ".join(kept)}] if kept else []
        node = Node(id, "subProcess", lane=lane, notes=notes)
        node.attributes["triggeredByEvent"] = "true"
        name = begun(sentences.message_in_words(interrupt.on))
        node.name = _("At any time: %(what)s") % {"what": name}
        drawn = {n.removeprefix("step.") for n in self.flow.nodes}
        inside = Drawing(
            self.pack,
            prefix=f"{id}.",
            with_lanes=False,
            outside=frozenset(drawn & set(self.pathway.steps)),
        )
        start = Node("", "startEvent", name, event="message", refers=interrupt.on)
        start.attributes["isInterrupting"] = "true"
        inside.begin(interrupt.next, start)
        node.inside = inside.flow
        self.add(node)
        for step in dict.fromkeys(inside.returns):
            again = f"again.{step}"
            if again not in self.flow.nodes:
                target = self.flow.nodes[self.id(step)]
                signal = Node(again, "startEvent", _("Continues here"), target.lane)
                signal.event, signal.refers = "signal", step
                self.add(signal)
                self.arrow(again, target.id)

    # -- nodes and arrows

    def id(self, step: str) -> str:
        return f"{self.prefix}step.{step}"

    def node(
        self,
        step: Step,
        one: Todo,
        tag: str,
        *,
        refers: str = "",
        notes: list[str] | None = None,
    ) -> Node:
        lane = self.lane(one.lane)
        node = Node(self.id(step.id), tag, lane=lane, refers=refers, notes=notes or [])
        self.add(node)
        return node

    def lane(self, role: str) -> str:
        return role if self.with_lanes else ""

    def add(self, node: Node) -> None:
        self.flow.nodes[node.id] = node

    def arrow(
        self, source: str, target: str, name: str = "", condition: str = ""
    ) -> str:
        id = f"{self.prefix}flow.{len(self.flow.arrows) + 1}"
        self.flow.arrows.append(Arrow(id, source, target, name, condition))
        return id

    def leave(self, id: str, step: Step, lane: str, join: str) -> list[Todo]:
        self.arrow(id, self.entry(step.next, id, join))
        return [Todo(step.next, lane, join)] if step.next else []

    def entry(self, next: str | None, source: str, join: str) -> str:
        """Return the node at which an arrow ends: the next step, else where its branch
        or the process ends."""
        if next in self.outside:
            return self.goes_on(next, source)
        if next:
            return self.id(next)
        return join or self.ends(source)

    def ends(self, source: str) -> str:
        end = Node(f"{source}.end", "endEvent", lane=self.flow.nodes[source].lane)
        self.add(end)
        return end.id

    def goes_on(self, step: str, source: str) -> str:
        self.returns.append(step)
        name = _("Continues at: %(step)s") % {"step": self.title_of(step)}
        end = Node(f"{source}.to.{step}", "endEvent", name, event="signal", refers=step)
        self.add(end)
        return end.id

    def title_of(self, step: str) -> str:
        return title_of(self.pack, step)

    def first_role(self, first: str) -> str:
        """Find the role of the first work from here on."""
        todo, seen = [first], set()
        while todo:
            id = todo.pop(0)
            step = self.pathway.steps[id]
            if isinstance(step, Do):
                return self.lane(step.role)
            seen.add(id)
            todo += [n for n in (*step.begins, *step.follows) if n not in seen]
        return self.lane(next(iter(self.pack.roles)))


def name_of(pack: Pack, code: str) -> str:
    """Format a role, or a partner."""
    role: Mapping[str, str] | None = (
        pack.roles[code].title if code in pack.roles else pack.partners.get(code)
    )
    return sentences.words(role) if role else code


def begun(words: str) -> str:
    """Begin a line with a capital letter."""
    return words[:1].upper() + words[1:]


def title_of(pack: Pack, step: str) -> str:
    return sentences.title_of(outline(pack.plain, pack.files), step)


def form_of(pack: Pack, step: Do) -> str:
    """Format what is filled in, by its title."""
    if step.screening:
        return sentences.words(pack.instruments[step.screening].title)
    return sentences.words(pack.forms[step.form].title) if step.form else ""


def decision_title(pack: Pack, name: str) -> str:
    return title_in(pack.plain.get(f"decisions/{name}.yaml", {}), name)


def part_title(pack: Pack, name: str) -> str:
    return title_in(pack.plain["pathway.yaml"]["parts"][name], name)


def title_in(plain: Mapping[str, Any], name: str) -> str:
    title = sentences.words(text(plain.get("title")))
    return title or sentences.readable(name).capitalize()


def clock_as_written(clock: Clock) -> str:
    if clock.same_for_all:
        return clock.same_for_all.written
    return ", ".join(f"{key}: {span.written}" for key, span in clock.spans.items())


def clock_in_words(clock: Clock) -> str:
    if clock.same_for_all:
        return sentences.in_words(clock.same_for_all.written)
    return "; ".join(
        f"{sentences.URGENCY[key]}: {sentences.in_words(span.written)}"
        for key, span in clock.spans.items()
    )
