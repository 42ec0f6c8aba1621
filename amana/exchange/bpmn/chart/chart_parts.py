"""Nodes, arrows and processes of a chart; names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from amana.design.mechanism import labels
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.pathway.pathway_model import Clock, Do, read_text


@dataclass
class ChartNode:
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
    timer: "ChartNode | None" = None
    """The clock that sits on its edge."""
    late: "ChartNode | None" = None
    """Where the clock's arrow ends."""
    inside: "ChartFlow | None" = None
    many: bool = False
    partner: str = ""
    """Who outside is told, or is heard."""


@dataclass(frozen=True)
class ChartArrow:
    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""


@dataclass
class ChartFlow:
    """What stands together in one process or sub-process."""

    nodes: dict[str, ChartNode] = field(default_factory=dict)
    arrows: list[ChartArrow] = field(default_factory=list)

    def all_nodes(self) -> Iterator[ChartNode]:
        """Yield the nodes with the clocks on their edges, without what is inside
        sub-processes."""
        for node in self.nodes.values():
            yield node
            if node.timer and node.late:
                yield node.timer
                yield node.late


@dataclass
class ChartProcess:
    id: str
    name: str
    flow: ChartFlow
    roles: tuple[str, ...]
    """Those that have work here, in the order of the mechanism."""


@dataclass(frozen=True)
class ChartTask:
    step: str
    lane: str
    join: str
    """Where its branch ends; without one, an end event."""


def format_name(pack: Pack, code: str) -> str:
    """Format a role, or a partner."""
    role: Mapping[str, str] | None = (
        pack.roles[code].title if code in pack.roles else pack.partners.get(code)
    )
    return labels.choose_words(role) if role else code


def begin_line(words: str) -> str:
    """Begin a line with a capital letter."""
    return words[:1].upper() + words[1:]


def format_step_title(pack: Pack, step: str) -> str:
    return labels.format_step_title(pack.outline, step)


def format_form(pack: Pack, step: Do) -> str:
    """Format what is filled in, by its title."""
    if step.screening:
        return labels.choose_words(pack.instruments[step.screening].title)
    return labels.choose_words(pack.forms[step.form].title) if step.form else ""


def format_decision_title(pack: Pack, name: str) -> str:
    return read_title(pack.plain.get(f"decisions/{name}.yaml", {}), name)


def format_part_title(pack: Pack, name: str) -> str:
    return read_title(pack.plain["pathway.yaml"]["parts"][name], name)


def read_title(plain: Mapping[str, object], name: str) -> str:
    title = labels.choose_words(read_text(plain.get("title")))
    return title or labels.format_code_without_words(name).capitalize()


def format_clock_code(clock: Clock) -> str:
    if clock.same_for_all:
        return clock.same_for_all.written
    return ", ".join(f"{key}: {span.written}" for key, span in clock.spans.items())


def format_clock(clock: Clock) -> str:
    if clock.same_for_all:
        return labels.format_span(clock.same_for_all.written)
    return "; ".join(
        f"{labels.URGENCY[key]}: {labels.format_span(span.written)}"
        for key, span in clock.spans.items()
    )
