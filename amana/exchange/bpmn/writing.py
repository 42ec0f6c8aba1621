"""The XML of BPMN 2.0, valid by the OMG's own schemas, with its diagrams."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from xml.etree import ElementTree as ET

from amana.design.mechanism import labels
from amana.design.mechanism.pack.pack_model import Pack
from amana.exchange.bpmn.chart import (
    ChartFlow,
    ChartNode,
    ChartProcess,
    begin_line,
    draw_processes,
    format_name,
    format_step_title,
)
from amana.exchange.bpmn.layout import (
    LANE_HEAD,
    MARGIN,
    POOL_HEAD,
    ChartLayout,
    NodeBox,
    Point,
    lay_out,
)
from amana.printing.layout import DrawingTooLarge

NAMESPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
TARGET = "https://amana.example/mechanism"
CONDITIONS = "https://amana.example/conditions"
"""Names the language of conditions and clocks: the pathway's own."""
WITH_NAME = frozenset({"message", "signal"})
"""What an event refers to, that stands at the top of the file."""
PARTNER_HEIGHT, APART = 60.0, 40.0

for prefix, uri in NAMESPACES.items():
    ET.register_namespace(prefix, uri)


def write_bpmn(pack: Pack) -> bytes:
    """Write the pathway in the language that is active, as a file."""
    drawn = draw_processes(pack)
    top = build_element(
        "bpmn:definitions",
        id="definitions",
        name=labels.choose_words(pack.title),
        targetNamespace=TARGET,
        expressionLanguage=CONDITIONS,
        exporter="Amana",
    )
    # At the top of the file: BPMN has messages and signals there alone, and
    # events name them.
    top.extend(iterate_referred(pack, drawn))
    for part in drawn:
        top.append(build_collaboration(pack, part))
        top.append(build_process(pack, part))
    # A file without a drawing is still the whole pathway: the programs that read it
    # draw one themselves.
    for part in drawn:
        with suppress(DrawingTooLarge):
            laid = lay_out(part.flow, part.roles or ("",))
            top.append(build_diagram(part, laid))
    ET.indent(top)
    return bytes(ET.tostring(top, encoding="utf-8", xml_declaration=True))


def build_element(name: str, /, **attributes: str) -> ET.Element:
    return ET.Element(qualify_name(name), attributes)


def qualify_name(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def add_element(
    parent: ET.Element, name: str, words: str = "", /, **given: str
) -> ET.Element:
    child = build_element(name, **given)
    child.text = words or None
    parent.append(child)
    return child


def add_expression(parent: ET.Element, name: str, words: str) -> None:
    child = add_element(parent, name, words)
    child.set(qualify_name("xsi:type"), "bpmn:tFormalExpression")


# -- what is done ----------------------------------------------------------------------


def iterate_nodes(flow: ChartFlow) -> Iterator[ChartNode]:
    for node in flow.all_nodes():
        yield node
        if node.inside:
            yield from iterate_nodes(node.inside)


def iterate_referred(pack: Pack, drawn: Iterable[ChartProcess]) -> Iterator[ET.Element]:
    """Yield messages and signals, each once."""
    seen: set[tuple[str, str]] = set()
    for part in drawn:
        for node in iterate_nodes(part.flow):
            kind = "message" if node.tag == "sendTask" else node.event
            if kind in WITH_NAME and (kind, node.refers) not in seen:
                seen.add((kind, node.refers))
                name = (
                    format_step_title(pack, node.refers)
                    if kind == "signal"
                    else begin_line(labels.format_message(node.refers))
                )
                yield build_element(
                    f"bpmn:{kind}", id=f"{kind}.{node.refers}", name=name
                )


def build_collaboration(pack: Pack, one: ChartProcess) -> ET.Element:
    """Build the process and who outside it is told or heard, as boxes that can't be
    seen into."""
    found = build_element("bpmn:collaboration", id=f"{one.id}.with_others")
    add_element(
        found, "bpmn:participant", id=f"{one.id}.pool", name=one.name, processRef=one.id
    )
    for partner in list_partners(one):
        id, name = f"{one.id}.partner.{partner}", format_name(pack, partner)
        add_element(found, "bpmn:participant", id=id, name=name)
    for node in list_partner_nodes(one):
        source, target = node.id, f"{one.id}.partner.{node.partner}"
        if node.tag != "sendTask":
            source, target = target, source
        id = f"{node.id}.message"
        add_element(
            found, "bpmn:messageFlow", id=id, sourceRef=source, targetRef=target
        )
    return found


def list_partner_nodes(one: ChartProcess) -> list[ChartNode]:
    return [node for node in one.flow.nodes.values() if node.partner]


def list_partners(one: ChartProcess) -> list[str]:
    return list(dict.fromkeys(node.partner for node in list_partner_nodes(one)))


def build_process(pack: Pack, one: ChartProcess) -> ET.Element:
    found = build_element(
        "bpmn:process", id=one.id, name=one.name, isExecutable="false"
    )
    lanes = add_element(found, "bpmn:laneSet", id=f"{one.id}.lanes")
    for role in one.roles:
        id = f"{one.id}.lane.{role}"
        lane = add_element(lanes, "bpmn:lane", id=id, name=format_name(pack, role))
        for node in one.flow.all_nodes():
            if node.lane == role:
                add_element(lane, "bpmn:flowNodeRef", node.id)
    add_flow(found, one.flow)
    return found


def add_flow(parent: ET.Element, flow: ChartFlow) -> None:
    comes: dict[str, list[str]] = {}
    goes: dict[str, list[str]] = {}
    for arrow in flow.arrows:
        goes.setdefault(arrow.source, []).append(arrow.id)
        comes.setdefault(arrow.target, []).append(arrow.id)
    for node in flow.nodes.values():
        if node.timer and node.late:
            id = f"{node.timer.id}.flow"
            goes[node.timer.id] = comes[node.late.id] = [id]
    for node in flow.all_nodes():
        parent.append(build_node(node, comes.get(node.id, []), goes.get(node.id, [])))
    for arrow in flow.arrows:
        ends = {"sourceRef": arrow.source, "targetRef": arrow.target}
        name = {"name": arrow.name} if arrow.name else {}
        drawn = add_element(parent, "bpmn:sequenceFlow", id=arrow.id, **name, **ends)
        if arrow.condition:
            add_expression(drawn, "bpmn:conditionExpression", arrow.condition)
    for node in flow.nodes.values():
        if node.timer and node.late:
            id = f"{node.timer.id}.flow"
            ends = {"sourceRef": node.timer.id, "targetRef": node.late.id}
            add_element(parent, "bpmn:sequenceFlow", id=id, **ends)


def build_node(node: ChartNode, comes: list[str], goes: list[str]) -> ET.Element:
    given = dict(node.attributes)
    if node.name:
        given["name"] = node.name
    if node.default:
        given["default"] = node.default
    if node.tag == "sendTask":
        given["messageRef"] = f"message.{node.refers}"
    found = build_element(f"bpmn:{node.tag}", id=node.id, **given)
    for note in node.notes:
        add_element(found, "bpmn:documentation", note)
    for id in comes:
        add_element(found, "bpmn:incoming", id)
    for id in goes:
        add_element(found, "bpmn:outgoing", id)
    if node.many:
        add_element(
            found, "bpmn:multiInstanceLoopCharacteristics", isSequential="false"
        )
    if node.event:
        add_event(found, node)
    if node.inside:
        add_flow(found, node.inside)
    return found


def add_event(parent: ET.Element, node: ChartNode) -> None:
    refers = {}
    if node.event in WITH_NAME:
        refers[f"{node.event}Ref"] = f"{node.event}.{node.refers}"
    id = f"{node.id}.event"
    event = add_element(parent, f"bpmn:{node.event}EventDefinition", id=id, **refers)
    if node.event == "timer":
        add_expression(event, "bpmn:timeDuration", node.refers)


# -- how it is drawn -------------------------------------------------------------------


def build_diagram(one: ChartProcess, laid: ChartLayout) -> ET.Element:
    found = build_element("bpmndi:BPMNDiagram", id=f"{one.id}.diagram", name=one.name)
    plane = add_element(
        found,
        "bpmndi:BPMNPlane",
        id=f"{one.id}.plane",
        bpmnElement=f"{one.id}.with_others",
    )
    outside = list_partners(one)
    x, y = MARGIN, MARGIN + (PARTNER_HEIGHT + APART) * len(outside)
    width = laid.width + POOL_HEAD + LANE_HEAD
    for number, partner in enumerate(outside):
        top = MARGIN + (PARTNER_HEIGHT + APART) * number
        box = NodeBox(x, top, width, PARTNER_HEIGHT)
        add_shape(plane, f"{one.id}.partner.{partner}", box, isHorizontal="true")
    pool = NodeBox(x, y, width, laid.height)
    add_shape(plane, f"{one.id}.pool", pool, isHorizontal="true")
    for role, lane in laid.lanes.items():
        if role:
            wider = NodeBox(lane.x, lane.y, lane.width + LANE_HEAD, lane.height)
            box = wider.moved(x + POOL_HEAD, y)
            add_shape(plane, f"{one.id}.lane.{role}", box, isHorizontal="true")
    left = x + POOL_HEAD + LANE_HEAD
    boxes = {id: box.moved(left, y) for id, box in laid.boxes.items()}
    expanded = {node.id for node in iterate_nodes(one.flow) if node.inside}
    for id, box in boxes.items():
        drawn = add_shape(
            plane, id, box, **({"isExpanded": "true"} if id in expanded else {})
        )
        if id in laid.labels:
            label = add_element(drawn, "bpmndi:BPMNLabel")
            add_bounds(label, laid.labels[id].moved(left, y))
    for id, points in laid.routes.items():
        add_edge(plane, id, [(px + left, py + y) for px, py in points])
    for node in list_partner_nodes(one):
        box = boxes[node.id]
        middle = box.x + box.width / 2
        nth = outside.index(node.partner)
        at = MARGIN + (PARTNER_HEIGHT + APART) * nth + PARTNER_HEIGHT
        points = [(middle, box.y), (middle, at)]
        if node.tag != "sendTask":
            points.reverse()
        add_edge(plane, f"{node.id}.message", points)
    return found


def add_shape(plane: ET.Element, id: str, box: NodeBox, **given: str) -> ET.Element:
    found = add_element(
        plane, "bpmndi:BPMNShape", id=f"{id}.shape", bpmnElement=id, **given
    )
    add_bounds(found, box)
    return found


def add_bounds(parent: ET.Element, box: NodeBox) -> None:
    at = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    add_element(
        parent, "dc:Bounds", **{name: f"{value:g}" for name, value in at.items()}
    )


def add_edge(plane: ET.Element, id: str, points: list[Point]) -> None:
    found = add_element(plane, "bpmndi:BPMNEdge", id=f"{id}.edge", bpmnElement=id)
    for x, y in points:
        add_element(found, "di:waypoint", x=f"{x:g}", y=f"{y:g}")
