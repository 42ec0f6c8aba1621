"""Hostile files, packs, forms and lists, and colleagues whose accounts send them."""

import http.client
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from secrets import token_hex

from benchmarks import load

WORK_ON_CASES = 2
"""Of the five who attack; the others coordinate too."""

CASE = "case"

type Sample = tuple[str, str, str, bytes, dict[str, str]]
"""Where a hostile thing is sent: page, field, name of the file, its bytes, and what
else the form says."""


def hostile() -> list[Sample]:
    """Of all kinds of files in turn."""
    kinds = [list(kind) for kind in (files(), packs(), forms(), lists())]
    longest = max(map(len, kinds))
    turns = zip(*([*kind * longest][:longest] for kind in kinds), strict=True)
    return [sample for turn in turns for sample in turn]


def files() -> Iterator[Sample]:
    from amana.care.cases.tests.corpus import HOSTILE

    for name, content in HOSTILE.values():
        yield CASE, "file", name, content, {"compartment": "evidence"}


def packs() -> Iterator[Sample]:
    from amana.confined.tests.test_bombs import bombs

    for bomb in bombs("mechanism.yaml"):
        yield "mechanism:load", "pack", "a.zip", bomb, {}


def forms() -> Iterator[Sample]:
    from amana.confined.tests.test_bombs import bombs
    from amana.design.forms.tests.writing import q, workbook

    chain = [q("calculate", "c0", calculation="1")]
    chain += [
        q("calculate", f"c{n}", calculation=f"${{c{n - 1}}} * 2")
        for n in range(1, 3000)
    ]
    survey = [
        [q("text", "a", constraint=f"regex(., '{pattern}')")]
        for pattern in ("(a+)+$", "(a|a)*b", "(.*)*(.*)*(.*)*x", "(x{1,1000}){1,1000}")
    ]
    deep = [q("text", "a", relevant="(" * 3000 + "1" + ")" * 3000)]
    for book in map(workbook, [*survey, chain, deep]):
        yield "forms:check", "workbook", "a.xlsx", book, {}
    for bomb in bombs("xl/workbook.xml"):
        yield "forms:check", "workbook", "a.xlsx", bomb, {}


def lists() -> Iterator[Sample]:
    from amana.exchange.hsds.tests.test_bombs import lying, packed

    said = {"kind": "hsds", "origin": "elsewhere"}
    bombs = [
        lying(packed(bytes(50_000_000), 12), 50_000_000),
        packed(b"id,name\n" + b"1,2\n" * 1_000_000),
        b"[" + b"{}," * 12_000_000 + b"{}]",
        b"[" * 200_000,
        b'{"a":' * 200_000,
        packed(b"id,name\n" * 2_000_000),
    ]
    for bomb in bombs:
        yield "imports:start", "file", "services.zip", bomb, said


@dataclass
class Attacker:
    """A colleague whose account an attacker holds."""

    person: load.Person
    case_file: str
    """Where they add a file to a case."""
    statuses: Counter[int] = field(default_factory=Counter)
    ended: str = ""

    def send(self, samples: Iterator[Sample]) -> None:
        self.person.connection = http.client.HTTPConnection(
            "127.0.0.1", load.PORT, timeout=120
        )
        for sample in samples:
            try:
                self.statuses[self.one(*sample)] += 1
            except OSError as error:  # it may hang up: then come again
                self.statuses[0] += 1
                self.ended = repr(error)
                self.person.connection.close()

    def one(
        self, page: str, name: str, file: str, content: bytes, said: dict[str, str]
    ) -> int:
        from django.urls import reverse

        path = self.case_file if page == CASE else reverse(page)
        form = self.person.ask("read", path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        once = re.search(r'name="_once" value="([^"]+)"', form)
        said = said | {"csrfmiddlewaretoken": token[1] if token else ""}
        said |= {"_once": once[1]} if once else {}
        border = token_hex(16)
        self.person.connection.request(
            "POST",
            path,
            multipart(border, said, name, file, content),
            {
                "Cookie": "; ".join(f"{k}={v}" for k, v in self.person.cookies.items()),
                "Host": f"localhost:{load.PORT}",
                "Content-Type": f"multipart/form-data; boundary={border}",
            },
        )
        answer = self.person.connection.getresponse()
        answer.read()
        return answer.status


def multipart(
    border: str, said: dict[str, str], name: str, file: str, content: bytes
) -> bytes:
    head = "".join(
        f'--{border}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in said.items()
    )
    head += (
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"; '
        f'filename="{file}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    )
    return head.encode() + content + f"\r\n--{border}--\r\n".encode()


def attackers() -> list[Attacker]:
    """Two who work on cases, three who coordinate."""
    from django.urls import reverse

    from amana import given
    from amana.care.cases.models import Case
    from amana.trust.access.models import Role
    from benchmarks import world

    found = world.found()
    case = Case.objects.filter(team=found.ours, closed_at=None).order_by("due_at")[0]
    at = reverse("cases:add_file", args=[case.pk])
    people = []
    for number in range(5):
        user = world.a_colleague(found.worker, 900 + number, role=Role.CASE_WORKER)
        if number >= WORK_ON_CASES and user.memberships.count() == 1:
            given.join_team(user, found.services[5].team, role=Role.COORDINATOR)
        browser = given.sign_in(given.unlock_user(user))
        cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
        person = load.Person(
            cookies, (), "", load.write_a_note, "", "", given.PASSPHRASE
        )
        people.append(Attacker(person, at))
    return people
