"""Check a figure: an SVG that describes what it shows, and can do nothing but be
shown."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from amana.faults import gettext_noop

NOT_SVG = gettext_noop("This is not a drawing in SVG: %(problem)s.")
NO_TITLE = gettext_noop("A figure needs a <title> that describes what it shows.")
CAN_DO = gettext_noop(
    "A figure can only be a still picture: remove “%(what)s”, and any "
    "addresses of other sites."
)
MAY_HOLD = frozenset(
    {
        *("svg", "g", "defs", "symbol", "use", "title", "desc", "marker", "style"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
        *("text", "tspan", "clipPath", "linearGradient", "radialGradient", "stop"),
    }
)

type Wrong = tuple[str, dict[str, object]]


def check_picture(content: bytes) -> Iterator[Wrong]:
    if b"\0" in content:  # UTF-16, in which the next line would see no DTD
        yield NOT_SVG, {"problem": "UTF-16"}
        return
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        yield CAN_DO, {"what": "DOCTYPE"}
        return
    try:
        root = ET.fromstring(content)  # noqa: S314 — without a DTD nothing multiplies
    except ET.ParseError as error:
        yield NOT_SVG, {"problem": str(error)}
        return
    if strip_namespace(root.tag) != "svg":
        yield NOT_SVG, {"problem": strip_namespace(root.tag)}
        return
    title = next(
        (element for element in root.iter() if strip_namespace(element.tag) == "title"),
        None,
    )
    if title is None or not (title.text or "").strip():
        yield NO_TITLE, {}
    yield from check_elements(root)


def check_elements(root: ET.Element) -> Iterator[Wrong]:
    seen = set()
    for element in root.iter():
        name = strip_namespace(element.tag)
        # A list of what is allowed: no list of what is dangerous in SVG stays complete.
        bad = [name] if name not in MAY_HOLD else []
        bad += [key for key, value in element.attrib.items() if is_active(key, value)]
        if name == "style" and has_outside_address(element.text or ""):
            bad.append("style")
        for doing in map(strip_namespace, bad):
            if doing not in seen:
                seen.add(doing)
                yield CAN_DO, {"what": doing}


def is_active(key: str, value: str) -> bool:
    name = strip_namespace(key).lower()
    if name.startswith("on"):
        return True
    if name == "href":
        return not value.startswith("#")
    return has_outside_address(value)


def has_outside_address(value: str) -> bool:
    # Browsers ignore spaces and case here, and so would an attacker.
    squeezed = "".join(value.split()).lower()
    inside = squeezed.replace("url(#", "").replace("url('#", "").replace('url("#', "")
    return "url(" in inside or "@import" in inside or "javascript:" in inside


def strip_namespace(name: object) -> str:
    return str(name).rpartition("}")[2]
