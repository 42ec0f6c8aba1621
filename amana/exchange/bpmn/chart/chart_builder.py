"""Draw a pathway as BPMN."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from amana.design.mechanism import labels
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.pathway.pathway_model import (
    LIST,
    Choose,
    Decide,
    Do,
    Interrupt,
    Part,
    Pathway,
    Step,
    Tell,
    Together,
    Wait,
    WaitExit,
)
from amana.exchange.bpmn.chart.chart_parts import (
    ChartArrow,
    ChartFlow,
    ChartNode,
    ChartProcess,
    ChartTask,
    begin_line,
    format_clock,
    format_clock_code,
    format_decision_title,
    format_form,
    format_name,
    format_part_title,
    format_step_title,
)
from amana.ui.labels import format_list


def draw_processes(pack: Pack) -> list[ChartProcess]:
    """Draw the pathway itself, then each of its parts."""
    pathway = pack.pathway
    main = ChartBuilder(pack)
    main.begin(pathway.start)
    for interrupt in pathway.interrupts.values():
        main.interrupt(interrupt)
    found = [build_process(pack, "process", labels.choose_words(pack.title), main.flow)]
    for part, start in pathway.parts.items():
        drawing = ChartBuilder(pack, prefix=f"part.{part}.")
        drawing.begin(start)
        found.append(
            build_process(
                pack, f"part.{part}", format_part_title(pack, part), drawing.flow
            )
        )
    return found


def build_process(pack: Pack, id: str, name: str, flow: ChartFlow) -> ChartProcess:
    used = {node.lane for node in flow.nodes.values()}
    roles = tuple(role for role in pack.roles if role in used)
    return ChartProcess(id, name, flow, roles)


@dataclass
class ChartBuilder:
    pack: Pack
    flow: ChartFlow = field(default_factory=ChartFlow)
    prefix: str = ""
    with_lanes: bool = True
    outside: frozenset[str] = frozenset()
    """Steps that are drawn elsewhere, where an arrow from here can't go."""
    returns: list[str] = field(default_factory=list)
    """Those of them at which the case goes on."""

    @property
    def pathway(self) -> Pathway:
        return self.pack.pathway

    def begin(self, first: str, start: ChartNode | None = None) -> None:
        lane = self.first_role(first)
        start = start or ChartNode("start", "startEvent")
        start.id, start.lane = f"{self.prefix}start", lane
        self.add(start)
        self.arrow(start.id, self.entry(first, start.id, ""))
        self.follow([ChartTask(first, lane, "")])

    def follow(self, todo: list[ChartTask]) -> None:
        while todo:
            one = todo.pop(0)
            if self.id(one.step) not in self.flow.nodes and one.step in self.here:
                todo += self.draw(one)

    @cached_property
    def here(self) -> set[str]:
        return set(self.pathway.steps) - self.outside

    def draw(self, one: ChartTask) -> list[ChartTask]:
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
                notes = [
                    labels.choose_words(row.because) for row in rows if row.because
                ]
                node = self.node(step, one, "businessRuleTask", notes=notes)
                node.name = format_decision_title(self.pack, step.decide)
            case Tell():
                node = self.node(step, one, "sendTask", refers=step.message)
                whom = format_name(self.pack, step.tell)
                what = labels.format_message(step.message)
                node.name = _("Notify %(who)s: %(what)s") % {"who": whom, "what": what}
                node.partner = step.tell if step.tell in self.pack.partners else ""
            case Part():
                node = self.node(step, one, "callActivity")
                node.name = format_part_title(self.pack, step.of)
                node.attributes["calledElement"] = f"part.{step.of}"
        return self.leave(node.id, step, one.lane, one.join)

    # -- the six words

    def do(self, step: Do, join: str) -> list[ChartTask]:
        one = ChartTask(step.id, step.role, join)
        node = self.node(step, one, "userTask", notes=list(self.notes_of(step)))
        node.name = labels.choose_words(step.do)
        if not self.with_lanes:
            node.name += f" ({format_name(self.pack, step.role)})"
        if step.due:
            whom = [format_name(self.pack, role) for role in step.late]
            node.timer = ChartNode(
                f"{node.id}.clock",
                "boundaryEvent",
                format_clock(step.due),
                node.lane,
                event="timer",
                refers=format_clock_code(step.due),
                # Not interrupting: a step that is late stays to be done.
                attributes={"attachedToRef": node.id, "cancelActivity": "false"},
            )
            node.late = ChartNode(
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
            yield labels.choose_words(step.how)
        if step.form or step.screening:
            yield _("Form: %(name)s") % {"name": format_form(self.pack, step)}
        for name, codes in step.gives.items():
            yield _("Records “%(name)s”: %(codes)s") % {
                "name": labels.format_name(name),
                "codes": _("a list")
                if LIST in codes
                else format_list(map(labels.format_code, codes)),
            }
        if step.remind:
            due = format_clock(step.remind)
            yield _("Reminder before the deadline: %(clock)s") % {"clock": due}

    def end_of(self, node: ChartNode, step: Do) -> None:
        """Draw the end of a step. A case that ends while something else is open ends as
        a whole."""
        amid = bool(self.pathway.around.get(step.id))
        end = ChartNode(
            f"{node.id}.end",
            "endEvent",
            begin_line(labels.format_ending(step.end or "")),
            node.lane,
            # A plain end event would end its own branch only, and leave the others
            # running.
            event="terminate" if amid else "",
        )
        self.add(end)
        self.arrow(node.id, end.id)

    def choose(self, step: Choose, one: ChartTask) -> list[ChartTask]:
        node = self.node(step, one, "exclusiveGateway")
        for branch in step.choose:
            target = self.entry(branch.next, node.id, one.join)
            words = str(branch.when) if branch.when else ""
            label = labels.format_condition(words) if words else _("otherwise")
            arrow = self.arrow(node.id, target, label, words)
            if not branch.when:
                node.default = arrow
        return [ChartTask(next, one.lane, one.join) for next in step.follows]

    def together(self, step: Together, one: ChartTask) -> list[ChartTask]:
        fork = self.node(step, one, "parallelGateway")
        join = ChartNode(f"{fork.id}.join", "parallelGateway", "", one.lane)
        self.add(join)
        for first in step.together:
            self.arrow(fork.id, self.entry(first, fork.id, join.id))
        inside = [ChartTask(first, one.lane, join.id) for first in step.together]
        return inside + self.leave(join.id, step, one.lane, one.join)

    def each(self, step: Together, one: ChartTask) -> list[ChartTask]:
        node = self.node(step, one, "subProcess")
        node.many = True
        node.name = _("For each: %(list)s") % {"list": labels.format_item(step.each)}
        inside = ChartBuilder(self.pack, prefix=f"{node.id}.", with_lanes=False)
        start = ChartNode(f"{node.id}.start", "startEvent")
        inside.add(start)
        for first in step.together:
            inside.arrow(start.id, inside.entry(first, start.id, ""))
        inside.follow([ChartTask(first, "", "") for first in step.together])
        node.inside = inside.flow
        return self.leave(node.id, step, one.lane, one.join)

    def wait(self, step: Wait, one: ChartTask) -> list[ChartTask]:
        if len(step.wait) == 1:
            self.caught(self.id(step.id), step.wait[0], one)
        else:
            gateway = self.node(step, one, "eventBasedGateway")
            for number, way in enumerate(step.wait, start=1):
                id = f"{gateway.id}.{number}"
                self.arrow(gateway.id, id)
                self.caught(id, way, one)
        return [ChartTask(next, one.lane, one.join) for next in step.follows]

    def caught(self, id: str, way: WaitExit, one: ChartTask) -> None:
        node = ChartNode(id, "intermediateCatchEvent", lane=self.lane(one.lane))
        if way.after:
            node.event, node.refers = "timer", format_clock_code(way.after)
            node.name = format_clock(way.after)
        else:
            node.event, node.refers = "message", way.message
            node.name = begin_line(labels.format_message(way.message))
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
        node = ChartNode(id, "subProcess", lane=lane, notes=notes)
        node.attributes["triggeredByEvent"] = "true"
        name = begin_line(labels.format_message(interrupt.on))
        node.name = _("At any time: %(what)s") % {"what": name}
        drawn = {n.removeprefix("step.") for n in self.flow.nodes}
        inside = ChartBuilder(
            self.pack,
            prefix=f"{id}.",
            with_lanes=False,
            outside=frozenset(drawn & set(self.pathway.steps)),
        )
        start = ChartNode("", "startEvent", name, event="message", refers=interrupt.on)
        start.attributes["isInterrupting"] = "true"
        inside.begin(interrupt.next, start)
        node.inside = inside.flow
        self.add(node)
        for step in dict.fromkeys(inside.returns):
            again = f"again.{step}"
            if again not in self.flow.nodes:
                target = self.flow.nodes[self.id(step)]
                signal = ChartNode(
                    again, "startEvent", _("Continues here"), target.lane
                )
                signal.event, signal.refers = "signal", step
                self.add(signal)
                self.arrow(again, target.id)

    # -- nodes and arrows

    def id(self, step: str) -> str:
        return f"{self.prefix}step.{step}"

    def node(
        self,
        step: Step,
        one: ChartTask,
        tag: str,
        *,
        refers: str = "",
        notes: list[str] | None = None,
    ) -> ChartNode:
        lane = self.lane(one.lane)
        node = ChartNode(
            self.id(step.id), tag, lane=lane, refers=refers, notes=notes or []
        )
        self.add(node)
        return node

    def lane(self, role: str) -> str:
        return role if self.with_lanes else ""

    def add(self, node: ChartNode) -> None:
        self.flow.nodes[node.id] = node

    def arrow(
        self, source: str, target: str, name: str = "", condition: str = ""
    ) -> str:
        id = f"{self.prefix}flow.{len(self.flow.arrows) + 1}"
        self.flow.arrows.append(ChartArrow(id, source, target, name, condition))
        return id

    def leave(self, id: str, step: Step, lane: str, join: str) -> list[ChartTask]:
        self.arrow(id, self.entry(step.next, id, join))
        return [ChartTask(step.next, lane, join)] if step.next else []

    def entry(self, next: str | None, source: str, join: str) -> str:
        """Return the node at which an arrow ends: the next step, else where its branch
        or the process ends."""
        if next in self.outside:
            return self.goes_on(next, source)
        if next:
            return self.id(next)
        return join or self.ends(source)

    def ends(self, source: str) -> str:
        end = ChartNode(f"{source}.end", "endEvent", lane=self.flow.nodes[source].lane)
        self.add(end)
        return end.id

    def goes_on(self, step: str, source: str) -> str:
        self.returns.append(step)
        name = _("Continues at: %(step)s") % {"step": self.title_of(step)}
        end = ChartNode(
            f"{source}.to.{step}", "endEvent", name, event="signal", refers=step
        )
        self.add(end)
        return end.id

    def title_of(self, step: str) -> str:
        return format_step_title(self.pack, step)

    def first_role(self, first: str) -> str:
        """Find the role of the first work from here on."""
        todo, seen = [first], {first}
        while todo:
            step = self.pathway.steps[todo.pop(0)]
            if isinstance(step, Do):
                return self.lane(step.role)
            # Each once: where ways part and meet again, they double each time.
            after = dict.fromkeys((*step.begins, *step.follows))
            todo += [id for id in after if id not in seen]
            seen.update(after)
        return self.lane(next(iter(self.pack.roles)))
