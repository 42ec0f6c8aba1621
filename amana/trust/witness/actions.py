"""Choose witnesses, and the logs that we cosign: one proposes, another confirms."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Changed, Refused
from amana.trust.access.models import ADMINISTRATORS, User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log, log_keys
from amana.trust.audit.offline_verifier import COSIGNATURE, LogBroken, VerifierKey
from amana.trust.witness.models import VouchedKey, Witness, WitnessedLog
from amana.trust.witness.rules import confirm_witness, end_witness, propose_witness


@transaction.atomic
def propose(*, key: str, address: str = "", by: User) -> Witness:
    """Propose someone who is to cosign our log: by its key, and where it answers."""
    _require_proposer(by)
    read = _read(key, COSIGNATURE)
    own = log_keys.get_witness_key()
    if own is not None and read.public == own.public:
        raise Refused(_("This is our own key. A witness must be someone else."))
    if Witness.objects.filter(ended_at=None, key=str(read)).exists():
        raise Changed(_("A colleague has already proposed this."))
    if not settings.DEBUG and address and not address.startswith("https://"):
        raise Refused(_("The address must begin with https://"))
    witness = _made(Witness(name=read.name, key=str(read), address=address), by)
    log.record("proposed witness", witness, by=by, key=str(read))
    return witness


@transaction.atomic
def propose_log(*, key: str, by: User) -> WitnessedLog:
    """Propose a log of another organisation that we are to cosign: by its key."""
    _require_proposer(by)
    read = _read(key)
    if read.public == log_keys.get_public_key().public:
        raise Refused(_("This is our own log. A witness must be someone else."))
    witnessed = _made(WitnessedLog(origin=read.name, key=str(read)), by)
    log.record("proposed to cosign log", witnessed, by=by, key=str(read))
    return witnessed


def _require_proposer(by: User) -> None:
    if not has_role(by, ADMINISTRATORS):
        raise Denied(propose_witness, by)


def _read(key: str, kind: bytes | None = None) -> VerifierKey:
    try:
        return VerifierKey.read(key, kind) if kind else VerifierKey.read(key)
    except LogBroken as wrong:
        raise Refused(
            _("This is not such a key. Copy the whole line: name+id+key.")
        ) from wrong


def _made[V: VouchedKey](thing: V, by: User) -> V:
    thing.proposed_by = by
    try:
        # A savepoint: on PostgreSQL, the failed insert would end the whole transaction.
        with transaction.atomic():
            thing.save()
    except IntegrityError as error:
        raise Changed(_("A colleague has already proposed this.")) from error
    return thing


@transaction.atomic
def confirm(thing: VouchedKey, *, by: User) -> None:
    """Confirm it as the second, of another team: from now on it counts."""
    confirm_witness.require(by, thing)
    now = timezone.now()
    thing.move(Q(confirmed_at=None), confirmed_by=by, confirmed_at=now)
    log.record(_did(thing, "confirmed"), thing, by=by, key=thing.key)


@transaction.atomic
def end(thing: VouchedKey, *, by: User) -> None:
    """End it: it counts no more; what it has signed stays."""
    end_witness.require(by, thing)
    thing.move(Q(), ended_by=by, ended_at=timezone.now())
    log.record(_did(thing, "ended"), thing, by=by, key=thing.key)


def _did(thing: object, verb: str) -> str:
    return f"{verb} witness" if isinstance(thing, Witness) else f"{verb} cosigning log"
