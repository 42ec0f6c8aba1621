"""The key under which a person's unfinished answers lie on their own device.

It is made of the person's key, so only an unlocked session can hand it out, and a
locked device holds nothing that can be read. It opens nothing else.
"""

import base64

from amana.trust.access.models import User
from amana.trust.vault import crypto, keys


def key_for(user: User) -> str:
    """The draft key, in base64 for a page that is never stored. Locked, if locked."""
    keyring = keys.keyring_of(user)
    key = crypto.derive(keyring.person.symmetric, "drafts", keyring.person_key_id)
    return base64.b64encode(key).decode()
