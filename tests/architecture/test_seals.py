"""Whatever is sealed to a public key takes it from the roster, never from a row."""

import ast
from collections.abc import Iterator

from tests.architecture.code import PRODUCT, modules, nodes

ITSELF = {
    "trust/vault/crypto.py": "defines it",
    "trust/vault/boxes.py": "to a key in a file outside the database",
    "trust/vault/disclosures/messages.py": "to a letterbox, a pair of the disclosure",
    "insight/feedback/sealing.py": "to someone's complaint, made for their spoken code",
}
"""Who seals to a key that belongs neither to a person nor to a team."""

READ_A_ROW = {
    "trust/vault/admission.py": "says of a team's first key what it has just made",
    "trust/vault/drafts.py": "a draft's key, vouched for under the team's",
    "trust/vault/keys/keyring.py": "opens with one's own",
    "trust/vault/keys/person_keys.py": "compares one's own, shows digits",
    "trust/vault/keys/team_key_wraps.py": "makes a team's first",
    "trust/vault/epochs.py": "makes the next one",
    "trust/vault/roster/checked_roster.py": "compares",
    "trust/vault/roster/writing_roster.py": "writes what was just made",
    "trust/recovery/custody.py": "makes a recovery key",
    "trust/recovery/regaining/releasing_shares.py": "compares with the roster's",
    "trust/vault/boxes.py": ITSELF["trust/vault/boxes.py"],
    "trust/vault/disclosures/messages.py": ITSELF[
        "trust/vault/disclosures/messages.py"
    ],
    "trust/vault/disclosures/message_keys.py": "makes a letterbox's pair",
    "insight/feedback/sealing.py": ITSELF["insight/feedback/sealing.py"],
}
SEALING_ROOMS = (
    "trust/vault/",
    "trust/recovery/",
    "trust/retention/",
    "care/",
    "insight/feedback/",
)


def sealing() -> Iterator[tuple[str, ast.Call]]:
    """Each call that seals to a public key, with its file."""
    for path in modules():
        for node in nodes(path):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).split(".")[-1]
                if name == "seal_to":
                    yield path.relative_to(PRODUCT).as_posix(), node


def test_every_seal_takes_its_key_through_one_function() -> None:
    found = {
        f"{file}:{call.lineno}"
        for file, call in sealing()
        if file not in ITSELF
        and not ast.unparse(call.args[0]).startswith("roster.get_public_key(")
    }
    assert found == set()


OWN_KEYS = (
    # of a pair at hand, not of a row
    "trust/vault/crypto.py",
    "trust/vault/signing.py",
    "trust/vault/manifest/appending.py",
)


def test_nothing_else_reads_a_public_key_in_a_row() -> None:
    read = {
        file
        for path in modules()
        if (file := path.relative_to(PRODUCT).as_posix()).startswith(SEALING_ROOMS)
        for node in nodes(path)
        if isinstance(node, ast.Attribute)
        and node.attr == "public"
        and isinstance(node.ctx, ast.Load)
        and file not in OWN_KEYS
        and not file.endswith("calendars.py")
    }
    assert read <= READ_A_ROW.keys()


def test_what_seals_is_found() -> None:
    files = {file for file, _call in sealing()}
    assert {"trust/vault/keys/team_key_wraps.py", "trust/vault/cards.py"} <= files
