"""Check certificates, and keep the keys that sign them.

manage.py credential verify FILE [--did FILE] [--revoked FILE]
manage.py credential keys
manage.py credential new-key
manage.py credential distrust KEY
manage.py credential endorse ADDRESS COMMENT [--until DAY]
"""

import json
from argparse import ArgumentParser
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from amana.academy.credentials import actions, checking, endorsing, labels
from amana.academy.credentials.engine.canonical import Json, parse_json
from amana.academy.credentials.engine.faults import UnreadableCertificate
from amana.academy.credentials.engine.issuers import read_trusted
from amana.academy.credentials.engine.verdicts import (
    VerificationOutcome,
    VerificationVerdict,
    decide_verdict,
)
from amana.academy.credentials.models import IssuerKey


class Command(BaseCommand):
    help = "Check a certificate, or keep the keys that sign them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser("verify", help="check whether a certificate is valid")
        verify.add_argument("file", type=Path, help="JSON, JWT, PNG, SVG or text")
        verify.add_argument(
            "--did", type=Path, help="the issuer's did.json, from a source you trust"
        )
        verify.add_argument(
            "--revoked", type=Path, help="the issuer's list of revoked certificates"
        )
        verbs.add_parser("keys", help="list our keys, the one that signs first")
        verbs.add_parser("new-key", help="sign with a new key; older ones stay trusted")
        endorse = verbs.add_parser(
            "endorse", help="sign that we endorse a certificate of another academy"
        )
        endorse.add_argument("address", help="the address of that certificate’s page")
        endorse.add_argument("comment", help="what we say of it")
        endorse.add_argument("--until", type=date.fromisoformat, help="a last day")
        distrust = verbs.add_parser("distrust", help="stop trusting a stolen key")
        distrust.add_argument("key", help="as `keys` lists it")

    def handle(self, *, verb: str, **options: Any) -> None:
        if verb == "verify":
            self.verify(options["file"], options["did"], options["revoked"])
        elif verb == "keys":
            for key in IssuerKey.objects.order_by("-made_at", "-pk"):
                self.stdout.write(f"{key.multikey}  {format_state(key)}")
        elif verb == "endorse":
            self.endorse(options["address"], options["comment"], options["until"])
        elif verb == "new-key":
            self.stdout.write(actions.make_key(by=None).multikey)
        else:
            actions.stop_trusting_key(get_key(options["key"]), by=None)

    def endorse(self, address: str, comment: str, until: date | None) -> None:
        """Write an endorsement that another academy can record."""
        ends = datetime.combine(until, time.max, UTC) if until else None
        signed = endorsing.sign_for_another(address, comment, until=ends)
        self.stdout.write(json.dumps(signed, ensure_ascii=False, indent=1))

    def verify(self, file: Path, did: Path | None, revoked: Path | None) -> None:
        """Check a certificate by the keys that are given, else by our own."""
        given = read_file(file)
        if did:
            found = decide_verdict(
                given,
                read_trusted(read_json(did)),
                now=timezone.now(),
                lists=[read_json(revoked)] if revoked else [],
            )
        else:
            found = checking.check_certificate(given)
        self.stdout.write("\n".join(format_verdict(found)))
        if found.outcome is not VerificationOutcome.VALID:
            raise CommandError(f"{found.outcome}")


def format_verdict(found: VerificationVerdict) -> list[str]:
    said = labels.get_words(found)
    lines = [f"{said.title}. {said.sentence}"]
    if found.because:
        lines.append(f"({found.because})")
    if found.says:
        listed = found.listed_at
        lines += [
            f"For: {found.says.achievement}",
            f"Issued by: {found.says.issuer}, {found.method}",
            f"Revoked, as of {listed:%Y-%m-%d}: "
            f"{'yes' if found.outcome is VerificationOutcome.REVOKED else 'no'}"
            if listed
            else str(labels.NOT_LOOKED_UP),
        ]
    return lines


def format_state(key: IssuerKey) -> str:
    if key.distrusted_at:
        return f"not trusted since {key.distrusted_at:%Y-%m-%d}"
    if key.replaced_at:
        return f"trusted; replaced on {key.replaced_at:%Y-%m-%d}"
    return "signs"


def get_key(multikey: str) -> IssuerKey:
    found = IssuerKey.objects.filter(multikey=multikey).first()
    if found is None:
        raise CommandError("There is no such key.")
    return found


def read_json(path: Path) -> Json:
    try:
        return parse_json(read_file(path))
    except UnreadableCertificate as fault:
        raise CommandError(f"{path}: {fault}") from fault


def read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(str(error)) from error
