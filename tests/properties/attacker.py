"""The attacker of the closure test: a raw copy of the database, and someone's secret.

Nothing of the program is asked what may be opened; the tables are read as rows of
whatever lies in them. Sealed blobs are decrypted *without* checking their tags, so no
binding of a blob to its place protects a word here: only keys do. Every key that turns
up is tried on every blob of every table, until nothing new turns up.

What the attacker knows of the format is what anybody knows who reads the source, and
is written down here a second time on purpose.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache, partial
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import mlkem, x25519
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django.db import connection

SUITE = hpke.Suite(
    hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM
)
SYMMETRIC, TO_PUBLIC = 1, 2


# --- the copy


@dataclass
class Copy:
    """Every row of every table, as a thief of the disk has it."""

    tables: dict[str, list[dict[str, Any]]]

    @classmethod
    def taken(cls) -> "Copy":
        with connection.cursor() as cursor:
            tables = {}
            for name in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{name}"')
                columns = [column[0] for column in cursor.description]
                tables[name] = [
                    {c: plain(v) for c, v in zip(columns, row, strict=True)}
                    for row in cursor.fetchall()
                ]
        return cls(tables)

    def __getitem__(self, table: str) -> list[dict[str, Any]]:
        return self.tables[table]

    def values(self) -> Iterator[Any]:
        for rows in self.tables.values():
            for row in rows:
                yield from row.values()

    @cached_property
    def blobs(self) -> set[bytes]:
        return {value for value in self.values() if isinstance(value, bytes)}

    @cached_property
    def to_public(self) -> list[tuple[bytes, bytes]]:
        return list(to_public(self))

    def holds(self, words: Collection[str]) -> set[str]:
        """Those of these words that lie in the clear somewhere in the copy."""
        text = "\x00".join(
            value.decode("latin-1") if isinstance(value, bytes) else str(value)
            for value in self.values()
        )
        return {word for word in words if word in text}

    def holds_codes(self, codes: Collection[str]) -> set[str]:
        """Those of these codes that a column holds in the clear, alone or quoted."""
        texts = [value for value in self.values() if isinstance(value, str)]
        quoted = [repr(v) for v in self.values() if isinstance(v, list | dict)]
        said = [text for text in texts + quoted if '"' in text or "'" in text]
        return {
            code
            for code in codes
            if code in texts
            or any(f'"{code}"' in text or f"'{code}'" in text for text in said)
        }


def plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview | bytearray) else value


def uuid(value: Any) -> str:
    """SQLite keeps a UUID as 32 hexadecimal signs, PostgreSQL as a UUID."""
    return str(value if isinstance(value, UUID) else UUID(str(value)))


# --- the format, a second time


def place(*parts: object) -> bytes:
    texts = [str(part).encode() for part in parts]
    return b"amana" + b"".join(len(t).to_bytes(4, "big") + t for t in texts)


def derived(key: bytes, *purpose: object) -> bytes:
    return HKDFExpand(hashes.SHA256(), 32, place(*purpose)).derive(key)


def without_tag(key: bytes, blob: bytes) -> bytes:
    """What AES-GCM decrypts to, whatever it was bound to, fitting or not."""
    counter = blob[1:13] + (2).to_bytes(4, "big")
    cipher = Cipher(algorithms.AES(key), modes.CTR(counter)).decryptor()
    return cipher.update(blob[13:-16])


@dataclass(frozen=True)
class Pair:
    seed: bytes
    curve: bytes
    symmetric: bytes

    @classmethod
    @lru_cache(maxsize=10_000)
    def read(cls, secret: bytes) -> "Pair":
        return cls(secret[:64], secret[64:96], secret[96:128])

    @cached_property
    def private(self) -> hpke.MLKEM768X25519PrivateKey:
        return hpke.MLKEM768X25519PrivateKey(
            mlkem.MLKEM768PrivateKey.from_seed_bytes(self.seed),
            x25519.X25519PrivateKey.from_private_bytes(self.curve),
        )


@lru_cache(maxsize=100_000)
def opened(pair: Pair, blob: bytes, info: bytes) -> bytes | None:
    try:
        return SUITE.decrypt(blob[1:], pair.private, info)
    except (InvalidTag, ValueError):
        return None


# --- what someone can reach


@dataclass
class Keys:
    """All that an attacker has laid hands on, now or earlier."""

    pairs: set[Pair] = field(default_factory=set)
    secrets: set[bytes] = field(default_factory=set)
    """Symmetric keys of 32 bytes: of compartments, disclosures, files, cards."""

    def __or__(self, other: "Keys") -> "Keys":
        return Keys(self.pairs | other.pairs, self.secrets | other.secrets)


def keys_of(copy: Copy, user: int, passphrase: str, peppers: Iterable[str]) -> Keys:
    """Every key that a person's passphrase leads to in this copy."""
    found = Keys(pairs=set(person_pairs(copy, user, passphrase, peppers)))
    return everything(copy, found)


def person_pairs(
    copy: Copy, user: int, passphrase: str, peppers: Iterable[str]
) -> Iterator[Pair]:
    own = {row["id"] for row in copy["vault_personkey"] if row["user_id"] == user}
    for row in copy["vault_personwrap"]:
        if row["person_key_id"] in own:
            cost = row["cost"]
            cost = json.loads(cost) if isinstance(cost, str) else cost
            for pepper in [*peppers, ""]:
                key = Argon2id(
                    salt=row["salt"],
                    length=32,
                    iterations=cost["iterations"],
                    lanes=cost["lanes"],
                    memory_cost=cost["memory_cost"],
                    secret=pepper.encode() or None,
                ).derive(passphrase.encode())
                info = place("person", row["person_key_id"], row["method"])
                blob = row["sealed"]
                try:
                    yield Pair.read(AESGCM(key).decrypt(blob[1:13], blob[13:], info))
                except InvalidTag:
                    continue


def everything(copy: Copy, keys: Keys) -> Keys:
    """From these keys on, all that can be opened with what was opened before."""
    keys = Keys(set(keys.pairs), set(keys.secrets))
    sealed = copy.to_public
    size = -1
    while size != len(keys.pairs) + len(keys.secrets):
        size = len(keys.pairs) + len(keys.secrets)
        for blob, info in sealed:
            for pair in list(keys.pairs):
                secret = opened(pair, blob, info)
                if secret is not None and len(secret) == 128:
                    keys.pairs.add(Pair.read(secret))
                elif secret is not None and len(secret) == 32:
                    keys.secrets.add(secret)
        keys.secrets |= {derived(p.symmetric, "search cards") for p in keys.pairs}
        keys.secrets |= {p.symmetric for p in keys.pairs}
        for row in copy["vault_sealedfile"]:
            for secret in list(keys.secrets):
                own = verified(secret, row["own_key"], file_key_place(row))
                if own is not None:
                    keys.secrets.add(own)
    return keys


def to_public(copy: Copy) -> Iterator[tuple[bytes, bytes]]:
    """Each blob sealed to a public key, with what it was bound to."""
    for row in copy["vault_teamwrap"]:
        yield row["sealed"], place("member", row["team_key_id"], row["person_key_id"])
    compartments = {row["id"]: row for row in copy["vault_compartmentkey"]}
    for row in copy["vault_compartmentwrap"]:
        key = compartments[row["key_id"]]
        where = (uuid(key["case"]), key["compartment"], uuid(key["id"]))
        yield row["sealed"], place("compartment", *where, holder(row))
    disclosures = {row["id"]: row for row in copy["vault_disclosure"]}
    for row in copy["vault_disclosurewrap"]:
        bound_to = disclosure_place(disclosures[row["disclosure_id"]])
        yield row["sealed"], place(*bound_to, holder(row))
    for row in copy["vault_searchcard"]:
        if row["sealed"][0] == TO_PUBLIC:
            hexadecimal = UUID(uuid(row["case"])).hex
            yield row["sealed"], place("card", holder(row), hexadecimal)


def holder(row: dict[str, Any]) -> str:
    if row["team_key_id"] is not None:
        return f"team:{row['team_key_id']}"
    return f"person:{row['person_key_id']}"


def disclosure_place(row: dict[str, Any]) -> tuple[object, ...]:
    fields = row["fields"]
    fields = json.loads(fields) if isinstance(fields, str) else fields
    expires = row["expires_at"]
    if isinstance(expires, str):
        expires = datetime.fromisoformat(expires)
    if expires.tzinfo is None:
        expires = expires.replace(tzinfo=UTC)
    return (
        "disclosure",
        uuid(row["id"]),
        uuid(row["consent"]),
        uuid(row["case"]),
        row["recipient_id"],
        row["purpose"],
        ",".join(fields),
        int(expires.timestamp()),
    )


def file_key_place(row: dict[str, Any]) -> bytes:
    return place("key of a file", uuid(row["key_id"]), uuid(row["id"]))


def verified(key: bytes, blob: bytes, info: bytes) -> bytes | None:
    try:
        return AESGCM(key).decrypt(blob[1:13], blob[13:], info)
    except InvalidTag:
        return None


class Reader:
    """Tries keys on blobs, and remembers: a blob and a key meet only once."""

    def __init__(self, mark: bytes) -> None:
        self.mark = mark
        self.words: dict[tuple[bytes, bytes], frozenset[str]] = {}

    def lit(self, copy: Copy, keys: Keys) -> set[str]:
        """Every marked word that the keys bring to light, in whatever table it lies."""
        secrets = keys.secrets | {derived(secret, "letter") for secret in keys.secrets}
        places = dict(copy.to_public)
        found: set[str] = set()
        for blob in copy.blobs:
            if len(blob) > 29 and blob[0] == SYMMETRIC:
                for secret in secrets:
                    found |= self._once(secret, blob, without_tag)
            elif blob in places:
                for pair in keys.pairs:
                    opens = partial(opened_by, pair, places[blob])
                    found |= self._once(pair.seed, blob, opens)
        return found

    def _once(
        self, key: bytes, blob: bytes, open_: Callable[[bytes, bytes], bytes]
    ) -> frozenset[str]:
        known = self.words.get((key, blob))
        if known is None:
            known = self.words[key, blob] = marked(open_(key, blob), self.mark)
        return known


def opened_by(pair: Pair, info: bytes, _secret: bytes, blob: bytes) -> bytes:
    return opened(pair, blob, info) or b""


def marked(text: bytes, mark: bytes) -> frozenset[str]:
    return frozenset(word.decode() for word in re.findall(mark + rb"[a-z]{6}x", text))
