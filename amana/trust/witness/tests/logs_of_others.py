"""Another organisation's log, what it sends us, and witnesses that two people chose."""

import base64
import json
from pathlib import Path

from django.test import Client

from amana.trust.audit import offline_verifier, offline_witness
from amana.trust.audit.offline_verifier import VerifierKey, format_statement
from amana.trust.audit.offline_witness import write_request
from amana.trust.witness import actions

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())
ADD = "/witness/add-checkpoint"


def witnessed(key, administrator, coordinator):
    found = actions.propose_log(key=str(key), by=administrator)
    actions.confirm(found, by=coordinator)
    return found


def sent(text, client=None):
    return (client or Client()).post(ADD, text, content_type="text/plain")


class Other:
    """Another organisation's log, in memory."""

    name = "other.example/log"

    def __init__(self, entries=400):
        self.private = offline_witness.generate_private_key()
        self.leaves = [offline_verifier.hash_leaf(b"%d" % n) for n in range(entries)]

    @property
    def key(self):
        return VerifierKey.of(self.name, self.private.public_key().public_bytes_raw())

    def node(self, level, place):
        if level == 0:
            return self.leaves[place]
        return offline_verifier.hash_node(
            self.node(level - 1, place * 2), self.node(level - 1, place * 2 + 1)
        )

    def note(self, size, root=None):
        from amana.trust.audit import tree

        root = root or tree.compute_root(size, self.node)
        text = format_statement(self.name, size, root)
        blob = base64.b64encode(self.key.id + self.private.sign(text.encode()))
        return f"{text}\n— {self.name} {blob.decode()}\n"

    def request(self, old, new):
        from amana.trust.audit import tree

        proof = tree.prove_consistency(old, new, self.node) if old else []
        return write_request(old, proof, self.note(new))


def chosen(laptop, administrator, coordinator, address=""):
    found = actions.propose(key=str(laptop.key), address=address, by=administrator)
    actions.confirm(found, by=coordinator)
    return found
