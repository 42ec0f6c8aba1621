"""What a version's files say, read once for each wording."""

from amana.design.mechanism import writing
from amana.design.mechanism.models import Version
from amana.design.mechanism.outline import Outline, build_outline, choose_words
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.mechanism.pack_memory import Read, keep_in_memory, read_once
from amana.design.pathway.plain import Plain

_outlines: dict[str, Outline] = {}


def read_version(version: Version) -> Read:
    """Read the version's pack, None if it has faults; and its faults."""
    return read_once(version.sha256, version.content)


def read_plain(version: Version) -> Plain:
    """Read each YAML file of the version as data, also of a draft that has faults."""
    return read_outline(version).plain


def read_outline(version: Version) -> Outline:
    """Read the outline of its files, to be shown or changed."""
    found = _outlines.get(version.sha256)
    if found is None:
        rows = version.files.filter(path__endswith=".yaml")
        files = {
            path: bytes(content)
            for path, content in rows.values_list("path", "content")
        }
        paths = version.files.order_by("path").values_list("path", flat=True)
        found = build_outline(
            {path: writing.read_plain(files, path) for path in files}, paths
        )
        keep_in_memory(_outlines, version.sha256, found)
    return found


def format_title(pack: Pack) -> str:
    """Format its title in the mechanism's own language."""
    return choose_words(pack.languages[0], pack.title)


# --- organisations


def map_organisation_names(pack: Pack) -> dict[str, frozenset[str]]:
    """Map each organisation of the pack to the names by which it may be known here."""
    return {
        code: frozenset({organisation.name})
        for code, organisation in pack.organisations.items()
    }


def list_signing_codes(version: Version) -> list[str]:
    """List the codes of the organisations that have to sign: those in `signed_by`, or
    else all.
    """
    said = read_plain(version).get("mechanism.yaml") or {}
    named = said.get("signed_by") or list(said.get("organisations") or {})
    return [str(code) for code in named]


def map_signatories(version: Version) -> dict[str, int]:
    """Map the codes of the organisations that have to sign to those bound to them
    here."""
    seats = version.mechanism.seats.filter(code__in=list_signing_codes(version))
    return dict(seats.values_list("code", "organisation"))


def list_unsigned_names(version: Version) -> list[str]:
    """List the names of those who have not signed these files yet."""
    # An organisation that no agency is bound to counts as unsigned: a mechanism must
    # not be adopted past a party that is missing.
    here = map_signatories(version)
    signed = set(
        version.signatures.filter(sha256=version.sha256).values_list(
            "organisation", flat=True
        )
    )
    said = (read_plain(version).get("mechanism.yaml") or {}).get("organisations") or {}
    return [
        str((said.get(code) or {}).get("name") or code)
        for code in list_signing_codes(version)
        if here.get(code) not in signed
    ]
