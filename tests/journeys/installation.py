"""An installation that a journey runs by itself: in a folder of its own, in production,
with HTTPS, each command and service a process as on a server.

What it needs of the world is here too, and real: a mail server that speaks STARTTLS,
which at first isn't there.
"""

import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ROOT = Path(__file__).parents[2]
SOON = 240
"""Seconds; this machine may be busy."""


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def wait_for(what: Callable[[], object], journal: Callable[[], str]) -> None:
    until = time.monotonic() + SOON
    while not what():
        assert time.monotonic() < until, journal()
        time.sleep(0.3)


class Installation:
    """`root` is its /: settings, data and backups lie where `./run install` puts them,
    below it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.data, self.backups = root / "var/lib/amana", root / "var/backups/amana"
        for folder in (self.data, self.backups):
            folder.mkdir(mode=0o700, parents=True)
        self.port, self.mail_port = a_free_port(), a_free_port()
        self.certificate = make_certificate(root / "tls")
        self.recipients: dict[str, str] = {}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.mail: MailServer | None = None

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What /etc/amana.env says, and that this machine believes our certificate."""
        kept = ("PATH", "HOME", "LANG")
        around = {name: os.environ[name] for name in kept if name in os.environ}
        return (
            around
            | self.recipients
            | {
                "AMANA_PRODUCTION": "1",
                "AMANA_VAR": str(self.data),
                "BACKUP_FOLDER": str(self.backups),
                "SECRET_KEY": "of-this-journey-" + "x" * 48,
                "VAULT_PEPPERS": "of-this-journey",
                "ALLOWED_HOSTS": "amana.example.org,localhost",
                "ADDRESS": "https://amana.example.org",
                "TRUSTED_PROXIES": "1",
                "MAIL_HOST": "localhost",
                "MAIL_PORT": str(self.mail_port),
                "SSL_CERT_FILE": str(self.certificate),
                "GRANIAN_HTTP": "1",
                "GRANIAN_SSL_CERTIFICATE": str(self.certificate),
                "GRANIAN_SSL_KEYFILE": str(self.certificate.with_name("key.pem")),
            }
        )

    # --- commands

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )

    def amana(self, *words: str, fails: bool = False) -> str:
        """What the command says, errors last, as on a terminal."""
        done = self.run("manage.py", *words)
        assert (done.returncode != 0) is fails, done.stdout + done.stderr[-3000:]
        return done.stdout + done.stderr

    def planted(self, *words: str) -> dict[str, str]:
        done = self.run("-m", "tests.journeys.planted", *words)
        assert done.returncode == 0, done.stderr[-3000:]
        said: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
        return said

    def make_backup_keys(self) -> None:
        said = self.amana("backup_keys", str(self.root / "media"))
        self.recipients = dict(line.split("=", 1) for line in said.splitlines())

    # --- services

    def start(self, name: str, *words: str) -> None:
        with (self.root / f"{name}.journal").open("wb") as journal:
            self.running[name] = subprocess.Popen(
                [sys.executable, "manage.py", *words],
                cwd=ROOT,
                env=self.environment,
                stdout=journal,
                stderr=journal,
            )

    def serve(self) -> None:
        self.start("amana", "serve", "--port", str(self.port), "--workers", "1")
        wait_for(self.answers, lambda: self.journal("amana"))

    def answers(self) -> bool:
        assert self.running["amana"].poll() is None, self.journal("amana")
        with socket.socket() as visitor:
            return visitor.connect_ex(("127.0.0.1", self.port)) == 0

    def journal(self, name: str) -> str:
        return (self.root / f"{name}.journal").read_text()[-3000:]

    def open_mail_server(self) -> "MailServer":
        self.mail = MailServer(self)
        return self.mail

    def end(self) -> None:
        if self.mail is not None:
            self.mail.shutdown()
            self.mail.server_close()
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.root, ignore_errors=True)


# --- what is around it


class MailServer(ThreadingTCPServer):
    """Takes every message, after STARTTLS, and counts them."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, installation: Installation) -> None:
        super().__init__(("127.0.0.1", installation.mail_port), Conversation)
        certificate = installation.certificate
        self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.tls.load_cert_chain(certificate, certificate.with_name("key.pem"))
        self.taken = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Conversation(StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 mail.example.org")
        while line := self.rfile.readline():
            match line.split()[0].upper():
                case b"EHLO":
                    self.say("250-mail.example.org\r\n250 STARTTLS")
                case b"STARTTLS":
                    self.say("220 Go ahead")
                    self.request = self.server.tls.wrap_socket(
                        self.request, server_side=True
                    )
                    self.setup()
                case b"DATA":
                    self.say("354 Go ahead")
                    while self.rfile.readline() not in (b".\r\n", b""):
                        pass
                    self.server.taken += 1
                    self.say("250 Taken")
                case b"QUIT":
                    self.say("221 Bye")
                    return
                case _:
                    self.say("250 Well")

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


def make_certificate(folder: Path) -> Path:
    """Sign a certificate for this machine by its own key, which lies beside it."""
    folder.mkdir(mode=0o700)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    identity = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(identity, critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identity),
            critical=False,
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                key_cert_sign=True,
                crl_sign=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            pem,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    return folder / "certificate.pem"
