"""Submissions as ODK's programs accept them: the answers as an XML document."""

import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from amana.design.forms.engine import values
from amana.design.forms.engine.expressions import evaluate
from amana.design.forms.engine.filling import FilledForm, NodeScope, Place, build_key
from amana.design.forms.engine.form_model import Form, Item, QuestionGroup

INSTANCE = re.compile(r"uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_submission(form: Form, filled: FilledForm, instance_id: str) -> bytes:
    """Write the answers as ODK does: what isn't asked is left out."""
    if not INSTANCE.fullmatch(instance_id):
        raise ValueError("an instanceID is uuid: and a UUID")
    answers = "".join(iterate_elements(form.items, (), filled))
    about = f"<instanceID>{instance_id}</instanceID>"
    if form.instance_name is not None:
        name = values.convert_to_text(
            evaluate(form.instance_name, NodeScope(filled.settled, (), ()))
        )
        about += f"<instanceName>{escape_text(name)}</instanceName>" if name else ""
    return (
        f"<{form.root} id={quoteattr(form.name)} version={quoteattr(form.version)}>"
        f"{answers}<meta>{about}</meta></{form.root}>"
    ).encode()


def iterate_elements(
    items: Sequence[Item], place: Place, filled: FilledForm
) -> Iterator[str]:
    for item in items:
        key = build_key(item.name, place)
        if key in filled.off:
            continue
        if not isinstance(item, QuestionGroup):
            said = escape_text(filled.values.get(key, ""))
            yield f"<{item.name}>{said}</{item.name}>" if said else f"<{item.name}/>"
        elif item.repeats:
            for at in range(filled.counts[key]):
                inner = "".join(iterate_elements(item.items, (*place, at), filled))
                yield f"<{item.name}>{inner}</{item.name}>"
        else:
            inner = "".join(iterate_elements(item.items, place, filled))
            yield f"<{item.name}>{inner}</{item.name}>"


def escape_text(text: str) -> str:
    # XML has no way to write these characters, not even escaped; a parser would refuse
    # the whole document.
    return escape(NOT_IN_XML.sub("", text))
