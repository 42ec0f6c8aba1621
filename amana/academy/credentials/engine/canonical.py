"""What a signature covers: the certificate as RDF, in its one canonical order.

RDF Dataset Canonicalization 1.0 (W3C, 2024), by PyLD. JSON-LD forgives too much for a
thing that is signed: a term that no context defines, a relative address or a second way
of writing the same falls silently out of the RDF, and so out of the signature, while a
reader of the JSON still sees it. All of that is refused here."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pyld import jsonld

from amana.academy.credentials.engine.faults import (
    AlteredCertificate,
    UnreadableCertificate,
)

type Json = dict[str, Any]

VC = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
FILES = {
    VC: "credentials-v2.json",
    OPEN_BADGES: "open-badges-3.0.3.json",
    EXTENSIONS: "open-badges-extensions.json",
}
"""The only contexts there are; they are stored with this file and never fetched."""

MOST_BYTES = 64 * 1024
"""Larger documents are not read: the canonical order of RDF can take unlimited time."""
MOST_DEEP = 30
"""How deep things may be nested; ours are seven deep."""


def parse_json(text: str | bytes) -> Json:
    """Parse the JSON object in a text. Raises `UnreadableCertificate` when it is too
    large or too
    deep, or a name is in it twice."""
    if len(text) > MOST_BYTES:
        raise UnreadableCertificate("larger than 64 kB")
    try:
        # Of two equal names Python keeps the last, and other readers may keep the
        # first: the same signed text would then show different things.
        found = json.loads(text, object_pairs_hook=reject_duplicates)
    except (ValueError, RecursionError):
        raise UnreadableCertificate("not JSON") from None
    if not isinstance(found, dict):
        raise UnreadableCertificate("not a JSON object")
    if is_deeper(found, than=MOST_DEEP):
        raise UnreadableCertificate("nested too deep")
    return found


def is_deeper(value: object, *, than: int) -> bool:
    """Ask whether one thing is nested in another more often than a certificate
    needs."""
    # Layer by layer and not by recursion, which a deep document would exhaust.
    layer = [value]
    for _deep in range(than):
        layer = [inner for outer in layer for inner in list_inner(outer)]
    return bool(layer)


def list_inner(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def reject_duplicates(pairs: list[tuple[str, object]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableCertificate("a name stands twice in one object")
    return found


def write_quads(document: Json) -> bytes:
    """Write the N-Quads to be hashed. Raises the fault for which there are none."""
    require_pinned_contexts(document)
    dropped: list[object] = []
    try:
        require_own_names(document)
        tree = jsonld.expand(
            document, build_options(), on_property_dropped=dropped.append
        )
        dropped += [
            iri for iri in iterate_iris(tree) if ":" not in iri or iri[0] == "_"
        ]
        if dropped:
            raise AlteredCertificate(f"not covered by the signature: {dropped}")
        quads = jsonld.to_rdf(
            tree, {**build_options(), "format": "application/n-quads"}
        )
        require_distinct_nodes(quads)
        return str(jsonld.normalize(tree, {**build_options(), **CANONICAL})).encode()
    except (jsonld.JsonLdError, RecursionError, TypeError, ValueError) as error:
        raise UnreadableCertificate(f"not JSON-LD: {type(error).__name__}") from error


CANONICAL = {"algorithm": "URDNA2015", "format": "application/n-quads"}


def build_options() -> Json:
    # Without `base`, PyLD 3 invents one, and relative addresses would be covered.
    return {"documentLoader": load_pinned, "base": None}


def load_pinned(url: str, _options: object = None) -> Json:
    if url not in FILES:
        raise UnreadableCertificate(f"an unknown context: {url}")
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": load_context(url),
    }


@cache
def load_context(url: str) -> Json:
    path = Path(__file__).parent / "contexts" / FILES[url]
    found: Json = json.loads(path.read_text())
    return found


def require_pinned_contexts(document: Json) -> None:
    named = document.get("@context")
    known = isinstance(named, list) and all(
        isinstance(context, str) and context in FILES for context in named
    )
    if not known or not isinstance(named, list) or named[:1] != [VC]:
        raise UnreadableCertificate("contexts that are not ours")


def require_own_names(document: Json) -> None:
    """Require plain names; an endorsement inside, which another body signed, has the
    contexts with which it was signed, and they have to be ours too."""
    rest = {k: v for k, v in document.items() if k != "@context"}
    # In this one place, and nowhere further in: a context can change what a name means.
    if isinstance(rest.get("endorsement"), list):
        for endorsement in rest.pop("endorsement"):
            if isinstance(endorsement, dict):
                require_pinned_contexts(endorsement)
                endorsement = {k: v for k, v in endorsement.items() if k != "@context"}
            require_plain_names(endorsement)
    require_plain_names(rest)


def require_plain_names(value: object) -> None:
    """Require that no name is a keyword or a full address. Raises
    `AlteredCertificate`."""
    if isinstance(value, dict):
        for name, inner in value.items():
            # The same RDF could otherwise be written so that a reader of the JSON
            # misses when it ends, or that it can be revoked.
            if not name.isalnum():
                raise AlteredCertificate(f"not a plain name: {name}")
            require_plain_names(inner)
    elif isinstance(value, list):
        for inner in value:
            require_plain_names(inner)


def iterate_iris(node: object) -> Iterator[str]:
    """Iterate every `@id` and `@type` in an expanded tree."""
    for branch in node if isinstance(node, list) else [node]:
        if not isinstance(branch, dict):
            continue
        for key, value in branch.items():
            if key in ("@type", "@id"):
                yield from [value] if isinstance(value, str) else value
            elif key != "@value":
                yield from iterate_iris(value)


def require_distinct_nodes(quads: str) -> None:
    """Require that nameless nodes all differ at first sight (RDFC-1.0, 4.6), as in
    every certificate of ours. Raises `UnreadableCertificate`."""
    seen: dict[str, list[str]] = {}
    for quad in quads.splitlines():
        words = quad.split(" ")
        for label in {word for word in words if word.startswith("_:")}:
            mine = " ".join(
                ("_:a" if word == label else "_:z") if word.startswith("_:") else word
                for word in words
            )
            seen.setdefault(label, []).append(mine)
    alike = Counter(tuple(sorted(mine)) for mine in seen.values())
    # Where they don't differ, their canonical order is found by trying, which can take
    # for ever: an attack with one small file.
    if any(count > 1 for count in alike.values()):
        raise UnreadableCertificate("nameless parts that can't be told apart")
