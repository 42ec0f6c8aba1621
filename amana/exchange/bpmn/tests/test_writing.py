"""A pathway leaves as a drawing that others' programs read."""

from importlib.resources import files as packaged
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.utils import translation
from lxml import etree

from amana.design.mechanism import coded
from amana.design.mechanism.labels import format_code_without_words
from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.tests.packs import SHIPPED, small
from amana.exchange.bpmn.writing import NAMESPACES, write_bpmn
from tests.peers import node

MECHANISMS = Path(__file__).parents[4] / "mechanisms"
NAMES = tuple(path.name for path in SHIPPED)
NOT_IN_XML = (
    *(*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20)),
    *(0xD800, 0xDFFF, 0xFFFE, 0xFFFF),
)
"""What `Char` of XML 1.0 leaves out; of the surrogates, the first and the last."""


def pack_of(given):
    pack, faults = reading.read_pack(given)
    assert pack, faults
    return pack


def shipped(name):
    return pack_of(files.read_folder(MECHANISMS / name))


def rich(pathway=None):
    """All six words, a part, an interrupt that leads back, an each, an early end."""
    return pack_of(files_of_rich(pathway or RICH.encode()))


def files_of_rich(pathway):
    given = small()
    kept = ("mechanism.yaml", "consent/en.md", "consent/fr.md")
    return {name: given[name] for name in kept} | {"pathway.yaml": pathway}


RICH = """
starts_with: {age_group: [adult, child], urgency: [U0, U1, U2, U3]}
start: meet
steps:
  meet:
    do: 'Meet & greet <"everybody">'
    role: worker
    gives: {agrees: [yes, no], children: list}
    due: {U0: PT1H, U1: PT24H, U2: P3B, U3: P5B}
    late: [worker]
    next: agreed
  agreed:
    choose:
      - {if: 'agrees == "yes"', next: both}
      - {else: true, next: bye}
  both: {together: [first, second, tell_them], next: children_too}
  first: {do: First, role: worker}
  second: {tell: abroad, message: looped}
  tell_them: {tell: worker, message: begun, next: hear}
  hear:
    wait:
      - {message: answered, from: worker, next: late_one}
      - {after: P14D}
  late_one: {do: Late, role: worker}
  children_too: {together: [child_first, child_second], each: children, next: round}
  round: {part: loop, next: bye}
  child_first: {do: One, role: worker, next: child_third}
  child_second: {do: Two, role: worker}
  child_third: {do: Three, role: worker}
  bye: {do: Close, role: worker, end: closed}
  stop: {do: Ask, role: worker, gives: {on: [yes, no]}, next: on_or_not}
  on_or_not:
    choose:
      - {if: 'on == "yes"', next: both}
      - {else: true, next: gone}
  gone: {do: Farewell, role: worker, end: withdrawn}
interrupts:
  withdrawal: {on: consent_withdrawn, next: stop, keeps: [first]}
parts:
  loop:
    start: ask
    steps:
      ask: {do: Ask, role: worker, gives: {again: [yes, no]}, next: again_or_not}
      again_or_not:
        choose:
          - {if: 'again == "yes"', next: ask}
          - {if: 'agrees == "no"', next: left}
          - {else: true, next: pause}
      left: {do: Leave, role: worker, end: left}
      pause: {wait: [{after: P1D}]}
"""


def tree_of(pack):
    return etree.fromstring(write_bpmn(pack))


def found(tree, path):
    return tree.findall(path, NAMESPACES)


@pytest.fixture(scope="module")
def schema():
    folder = Path(str(packaged("SpiffWorkflow"))) / "bpmn/parser/schema"
    return etree.XMLSchema(etree.parse(folder / "BPMN20.xsd"))


@pytest.fixture(params=[*NAMES, "rich"], scope="module")
def pack(request):
    return rich() if request.param == "rich" else shipped(request.param)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_is_valid_by_the_omgs_schema(pack, schema, language):
    with translation.override(language):
        tree = tree_of(pack)

    assert schema.validate(tree), schema.error_log


def test_bpmn_moddle_reads_it_without_a_warning(pack):
    said: dict[str, Any] = node.run("bpmn.mjs", write_bpmn(pack).decode())

    assert said["warnings"] == []
    assert said["lost"] == []
    assert said["kinds"]["bpmn:Process"] == 1 + len(pack.pathway.parts)


@pytest.mark.parametrize("name", NAMES)
def test_names_are_words_and_not_codes(name):
    pack = shipped(name)
    tree = tree_of(pack)
    names = {element.get("name") for element in tree.iter() if element.get("name")}
    names |= {element.text for element in found(tree, ".//bpmn:documentation")}
    ends = {name.lower().rpartition(": ")[2] for name in names}
    for step in pack.pathway.steps.values():
        for code in coded_in(step):
            assert words_of(code).lower() in ends
            assert format_code_without_words(code) not in ends
    form = pack.forms["consent"].title["en"]
    assert f"Form: {form}" in names


def coded_in(step):
    """What a step tells, hears or ends with, where words are more than its code."""
    codes = [getattr(step, "message", ""), getattr(step, "end", "")]
    codes += [way.message for way in getattr(step, "wait", ())]
    return [
        code
        for code in codes
        if code and words_of(code).lower() != format_code_without_words(code)
    ]


def words_of(code):
    return str(coded.MESSAGES.get(code) or coded.ENDS[code])


def test_each_step_is_drawn_once_and_in_the_lane_of_its_role(pack):
    tree = tree_of(pack)

    lanes = {
        ref.text: lane.get("id").rpartition(".")[2]
        for lane in found(tree, ".//bpmn:lane")
        for ref in found(lane, "bpmn:flowNodeRef")
    }
    tasks = {
        task.get("id"): task.get("id").rpartition("step.")[2]
        for task in found(tree, ".//bpmn:userTask")
    }
    steps = pack.pathway.steps
    assert sorted(tasks.values()) == sorted(
        i for i, s in steps.items() if s.word == "do"
    )
    for id, role in lanes.items():
        if id in tasks:
            assert role == steps[tasks[id]].role


def test_everything_is_on_the_diagram_and_nothing_on_top_of_another(pack):
    tree = tree_of(pack)

    for kind, shape in (
        ("userTask", "BPMNShape"), ("exclusiveGateway", "BPMNShape"),
        ("endEvent", "BPMNShape"), ("subProcess", "BPMNShape"), ("lane", "BPMNShape"),
        ("sequenceFlow", "BPMNEdge"), ("messageFlow", "BPMNEdge"),
    ):  # fmt: skip
        there = {element.get("id") for element in found(tree, f".//bpmn:{kind}")}
        drawn = {
            element.get("bpmnElement") for element in found(tree, f".//bpmndi:{shape}")
        }
        assert there <= drawn, kind
    for plane in found(tree, ".//bpmndi:BPMNPlane"):
        boxes = [
            tuple(float(bounds.get(k)) for k in ("x", "y", "width", "height"))
            for shape in found(plane, "bpmndi:BPMNShape")
            if "step." in shape.get("bpmnElement")
            and ".clock" not in shape.get("bpmnElement")
            and not shape.get("isExpanded")
            for bounds in found(shape, "dc:Bounds")
        ]
        for number, a in enumerate(boxes):
            assert not [b for b in boxes[:number] if overlap(a, b)]


def overlap(a, b):
    return (
        a[0] < b[0] + b[2] and b[0] < a[0] + a[2]
        and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]
    )  # fmt: skip


def test_every_arrow_joins_two_nodes_of_its_own_process(pack):
    tree = tree_of(pack)

    scopes = [*found(tree, ".//bpmn:process"), *found(tree, ".//bpmn:subProcess")]
    for scope in scopes:
        here = {child.get("id") for child in scope}
        for flow in found(scope, "bpmn:sequenceFlow"):
            assert {flow.get("sourceRef"), flow.get("targetRef")} <= here
    nodes = [n for scope in scopes for n in scope if found(n, "bpmn:incoming")]
    stuck = [
        n.get("id")
        for n in nodes
        if not found(n, "bpmn:outgoing") and not n.tag.endswith("}endEvent")
    ]
    assert stuck == []


def test_the_six_words_become_bpmns_own():
    tree = tree_of(rich())

    def one(kind, id):
        (node,) = found(tree, f".//bpmn:{kind}[@id='{id}']")
        return node

    assert one("userTask", "step.meet").get("name") == 'Meet & greet <"everybody">'
    choose = one("exclusiveGateway", "step.agreed")
    (arrow,) = found(tree, f".//bpmn:sequenceFlow[@id='{choose.get('default')}']")
    assert arrow.get("targetRef") == "step.bye"
    (when,) = found(tree, ".//bpmn:sequenceFlow[@sourceRef='step.agreed']/*")
    assert when.text == 'agrees == "yes"'
    one("parallelGateway", "step.both.join")
    assert one("callActivity", "step.round").get("calledElement") == "part.loop"
    assert one("sendTask", "step.tell_them").get("messageRef") == "message.begun"
    one("eventBasedGateway", "step.hear")
    each = one("subProcess", "step.children_too")
    assert found(each, "bpmn:multiInstanceLoopCharacteristics")
    assert len(found(each, "bpmn:userTask")) == 3
    (clock,) = found(one("boundaryEvent", "step.meet.clock"), ".//bpmn:timeDuration")
    assert clock.text == "U0: PT1H, U1: PT24H, U2: P3B, U3: P5B"
    assert one("boundaryEvent", "step.meet.clock").get("cancelActivity") == "false"
    assert found(
        one("endEvent", "part.loop.step.left.end"), "bpmn:terminateEventDefinition"
    )
    assert not found(one("endEvent", "step.bye.end"), "bpmn:terminateEventDefinition")


def test_what_may_come_at_any_time_ends_the_process_or_starts_it_anew_elsewhere():
    tree = tree_of(rich())

    (event,) = found(tree, ".//bpmn:subProcess[@triggeredByEvent='true']")
    (start,) = found(event, "bpmn:startEvent")
    assert found(start, "bpmn:messageEventDefinition")
    (signal,) = found(event, "bpmn:endEvent/bpmn:signalEventDefinition")
    (again,) = found(tree, "bpmn:process/bpmn:startEvent/bpmn:signalEventDefinition/..")
    assert signal.get("signalRef") == "signal.both"
    (arrow,) = found(tree, f".//bpmn:sequenceFlow[@sourceRef='{again.get('id')}']")
    assert arrow.get("targetRef") == "step.both"
    assert "First" in found(event, "bpmn:documentation")[0].text


def test_a_pathway_of_hundreds_of_steps_is_drawn_too():
    chain = "".join(
        f"  s{n}: {{do: Go, role: worker, next: s{n + 1}}}\n" for n in range(499)
    )
    words = f"start: s0\nsteps:\n{chain}  s499: {{do: End, role: worker, end: over}}\n"

    drawn = ET.fromstring(write_bpmn(rich(words.encode())))

    assert len(drawn.findall(".//bpmn:userTask", NAMESPACES)) == 500


def test_what_is_too_large_to_draw_leaves_without_a_drawing_and_whole():
    """Hundreds of ways past hundreds of steps; what is small beside it is drawn."""
    steps = "".join(
        f"  c{n}: {{choose: [{{if: 'age_group == \"child\"', next: out}}, "
        f"{{else: true, next: s{n}}}]}}\n"
        f"  s{n}: {{do: Go, role: worker, next: c{n + 1}}}\n"
        for n in range(200)
    )
    words = (
        f"starts_with: {{age_group: [adult, child]}}\nstart: c0\nsteps:\n{steps}"
        "  c200: {part: small, next: out}\n"
        "  out: {do: End, role: worker, end: over}\n"
        "parts:\n  small: {start: act, steps: {act: {do: Act, role: worker}}}\n"
    )

    drawn = tree_of(rich(words.encode()))

    assert len(found(drawn, ".//bpmn:userTask")) == 202
    (diagram,) = found(drawn, "bpmndi:BPMNDiagram")
    assert diagram.get("id") == "part.small.diagram"


def test_ways_that_part_and_meet_again_are_followed_once():
    """They double each time: a hundred times, and it would never end."""
    steps = "".join(
        f"  c{n}: {{choose: [{{if: 'age_group == \"child\"', next: a{n}}}, "
        f"{{else: true, next: b{n}}}]}}\n"
        f"  a{n}: {{tell: worker, message: begun, next: c{n + 1}}}\n"
        f"  b{n}: {{tell: worker, message: begun, next: c{n + 1}}}\n"
        for n in range(100)
    )
    words = (
        f"starts_with: {{age_group: [adult, child]}}\nstart: c0\nsteps:\n{steps}"
        "  c100: {do: End, role: worker, end: over}\n"
    )

    assert len(found(tree_of(rich(words.encode())), ".//bpmn:sendTask")) == 200


@pytest.mark.parametrize("sign", NOT_IN_XML)
def test_signs_that_xml_does_not_know_never_get_into_a_pathway(sign):
    words = RICH.replace("do: Farewell", f'do: "Fare\\u{sign:04x}well"')

    pack, faults = reading.read_pack(files_of_rich(words.encode()))

    assert pack is None
    assert faults
