"""The XML of BPMN 2.0, valid by the OMG's own schemas, with its diagrams."""

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from amana.design.mechanism import sentences
from amana.design.mechanism.pack.model import Pack
from amana.exchange.bpmn.chart import (
    Flow,
    Node,
    Process,
    begun,
    name_of,
    processes,
    title_of,
)
from amana.exchange.bpmn.layout import (
    LANE_HEAD,
    MARGIN,
    POOL_HEAD,
    Box,
    Layout,
    Point,
    layout,
)

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
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
WITH_NAME = frozenset({"message", "signal"})
"""What an event refers to, that stands at the top of the file."""
PARTNER_HEIGHT, APART = 60.0, 40.0

for prefix, uri in NAMESPACES.items():
    ET.register_namespace(prefix, uri)


def bpmn(pack: Pack) -> bytes:
    """Write the pathway in the language that is active, as a file."""
    drawn = processes(pack)
    top = element(
        "bpmn:definitions",
        id="definitions",
        name=sentences.words(pack.title),
        targetNamespace=TARGET,
        expressionLanguage=CONDITIONS,
        exporter="Amana",
    )
    # At the top of the file: BPMN has messages and signals there alone, and
    # events name them.
    top.extend(referred(pack, drawn))
    laid = {part.id: layout(part.flow, part.roles or ("",)) for part in drawn}
    for part in drawn:
        top.append(collaboration(pack, part))
        top.append(process(pack, part))
    for part in drawn:
        top.append(diagram(part, laid[part.id]))
    ET.indent(top)
    return bytes(ET.tostring(top, encoding="utf-8", xml_declaration=True))


def element(name: str, /, **attributes: str) -> ET.Element:
    return ET.Element(qualified(name), {k: clean(v) for k, v in attributes.items()})


def qualified(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def clean(words: str) -> str:
    return NOT_IN_XML.sub("", words)


def add(parent: ET.Element, name: str, words: str = "", /, **given: str) -> ET.Element:
    child = element(name, **given)
    child.text = clean(words) or None
    parent.append(child)
    return child


def expression(parent: ET.Element, name: str, words: str) -> None:
    child = add(parent, name, words)
    child.set(qualified("xsi:type"), "bpmn:tFormalExpression")


# -- what is done ----------------------------------------------------------------------


def every_node(flow: Flow) -> Iterator[Node]:
    for node in flow.all_nodes():
        yield node
        if node.inside:
            yield from every_node(node.inside)


def referred(pack: Pack, drawn: Iterable[Process]) -> Iterator[ET.Element]:
    """Yield messages and signals, each once."""
    seen: set[tuple[str, str]] = set()
    for part in drawn:
        for node in every_node(part.flow):
            kind = "message" if node.tag == "sendTask" else node.event
            if kind in WITH_NAME and (kind, node.refers) not in seen:
                seen.add((kind, node.refers))
                name = (
                    title_of(pack, node.refers)
                    if kind == "signal"
                    else begun(sentences.message_in_words(node.refers))
                )
                yield element(f"bpmn:{kind}", id=f"{kind}.{node.refers}", name=name)


def collaboration(pack: Pack, one: Process) -> ET.Element:
    """Build the process and who outside it is told or heard, as boxes that can't be
    seen into."""
    found = element("bpmn:collaboration", id=f"{one.id}.with_others")
    add(
        found, "bpmn:participant", id=f"{one.id}.pool", name=one.name, processRef=one.id
    )
    for partner in partners(one):
        id, name = f"{one.id}.partner.{partner}", name_of(pack, partner)
        add(found, "bpmn:participant", id=id, name=name)
    for node in with_partners(one):
        source, target = node.id, f"{one.id}.partner.{node.partner}"
        if node.tag != "sendTask":
            source, target = target, source
        id = f"{node.id}.message"
        add(found, "bpmn:messageFlow", id=id, sourceRef=source, targetRef=target)
    return found


def with_partners(one: Process) -> list[Node]:
    return [node for node in one.flow.nodes.values() if node.partner]


def partners(one: Process) -> list[str]:
    return list(dict.fromkeys(node.partner for node in with_partners(one)))


def process(pack: Pack, one: Process) -> ET.Element:
    found = element("bpmn:process", id=one.id, name=one.name, isExecutable="false")
    lanes = add(found, "bpmn:laneSet", id=f"{one.id}.lanes")
    for role in one.roles:
        id = f"{one.id}.lane.{role}"
        lane = add(lanes, "bpmn:lane", id=id, name=name_of(pack, role))
        for node in one.flow.all_nodes():
            if node.lane == role:
                add(lane, "bpmn:flowNodeRef", node.id)
    flow_into(found, one.flow)
    return found


def flow_into(parent: ET.Element, flow: Flow) -> None:
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
        parent.append(shape_of(node, comes.get(node.id, []), goes.get(node.id, [])))
    for arrow in flow.arrows:
        ends = {"sourceRef": arrow.source, "targetRef": arrow.target}
        name = {"name": arrow.name} if arrow.name else {}
        drawn = add(parent, "bpmn:sequenceFlow", id=arrow.id, **name, **ends)
        if arrow.condition:
            expression(drawn, "bpmn:conditionExpression", arrow.condition)
    for node in flow.nodes.values():
        if node.timer and node.late:
            id = f"{node.timer.id}.flow"
            ends = {"sourceRef": node.timer.id, "targetRef": node.late.id}
            add(parent, "bpmn:sequenceFlow", id=id, **ends)


def shape_of(node: Node, comes: list[str], goes: list[str]) -> ET.Element:
    given = dict(node.attributes)
    if node.name:
        given["name"] = node.name
    if node.default:
        given["default"] = node.default
    if node.tag == "sendTask":
        given["messageRef"] = f"message.{node.refers}"
    found = element(f"bpmn:{node.tag}", id=node.id, **given)
    for note in node.notes:
        add(found, "bpmn:documentation", note)
    for id in comes:
        add(found, "bpmn:incoming", id)
    for id in goes:
        add(found, "bpmn:outgoing", id)
    if node.many:
        add(found, "bpmn:multiInstanceLoopCharacteristics", isSequential="false")
    if node.event:
        event_into(found, node)
    if node.inside:
        flow_into(found, node.inside)
    return found


def event_into(parent: ET.Element, node: Node) -> None:
    refers = {}
    if node.event in WITH_NAME:
        refers[f"{node.event}Ref"] = f"{node.event}.{node.refers}"
    id = f"{node.id}.event"
    event = add(parent, f"bpmn:{node.event}EventDefinition", id=id, **refers)
    if node.event == "timer":
        expression(event, "bpmn:timeDuration", node.refers)


# -- how it is drawn -------------------------------------------------------------------


def diagram(one: Process, laid: Layout) -> ET.Element:
    found = element("bpmndi:BPMNDiagram", id=f"{one.id}.diagram", name=one.name)
    plane = add(
        found,
        "bpmndi:BPMNPlane",
        id=f"{one.id}.plane",
        bpmnElement=f"{one.id}.with_others",
    )
    outside = partners(one)
    x, y = MARGIN, MARGIN + (PARTNER_HEIGHT + APART) * len(outside)
    width = laid.width + POOL_HEAD + LANE_HEAD
    for number, partner in enumerate(outside):
        top = MARGIN + (PARTNER_HEIGHT + APART) * number
        box = Box(x, top, width, PARTNER_HEIGHT)
        shape(plane, f"{one.id}.partner.{partner}", box, isHorizontal="true")
    pool = Box(x, y, width, laid.height)
    shape(plane, f"{one.id}.pool", pool, isHorizontal="true")
    for role, lane in laid.lanes.items():
        if role:
            wider = Box(lane.x, lane.y, lane.width + LANE_HEAD, lane.height)
            box = wider.moved(x + POOL_HEAD, y)
            shape(plane, f"{one.id}.lane.{role}", box, isHorizontal="true")
    left = x + POOL_HEAD + LANE_HEAD
    boxes = {id: box.moved(left, y) for id, box in laid.boxes.items()}
    expanded = {node.id for node in every_node(one.flow) if node.inside}
    for id, box in boxes.items():
        drawn = shape(
            plane, id, box, **({"isExpanded": "true"} if id in expanded else {})
        )
        if id in laid.labels:
            label = add(drawn, "bpmndi:BPMNLabel")
            bounds(label, laid.labels[id].moved(left, y))
    for id, points in laid.routes.items():
        edge(plane, id, [(px + left, py + y) for px, py in points])
    for node in with_partners(one):
        box = boxes[node.id]
        middle = box.x + box.width / 2
        nth = outside.index(node.partner)
        at = MARGIN + (PARTNER_HEIGHT + APART) * nth + PARTNER_HEIGHT
        points = [(middle, box.y), (middle, at)]
        if node.tag != "sendTask":
            points.reverse()
        edge(plane, f"{node.id}.message", points)
    return found


def shape(plane: ET.Element, id: str, box: Box, **given: str) -> ET.Element:
    found = add(plane, "bpmndi:BPMNShape", id=f"{id}.shape", bpmnElement=id, **given)
    bounds(found, box)
    return found


def bounds(parent: ET.Element, box: Box) -> None:
    at = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    add(parent, "dc:Bounds", **{name: f"{value:g}" for name, value in at.items()})


def edge(plane: ET.Element, id: str, points: list[Point]) -> None:
    found = add(plane, "bpmndi:BPMNEdge", id=f"{id}.edge", bpmnElement=id)
    for x, y in points:
        add(found, "di:waypoint", x=f"{x:g}", y=f"{y:g}")
