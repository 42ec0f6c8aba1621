"""While the log is in doubt, no page of a colleague is shown: what it would show may be
yesterday's. What ends the doubt can be reached, and signing in and out."""

from django.conf import settings

from amana.trust.audit import anchor, sealing

OPEN = frozenset(
    {
        "account_login",
        "account_logout",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "set_language",
        "ui:csp_report",
        "ui:leave",
        "vault:unlock",
        "vault:lock",
        "witness:witnesses",
        "witness:restoration",
        "witness:propose",
        "witness:confirm",
        "witness:withdraw",
    }
)


class _Started:
    """Whether this process has compared the database with what was signed last."""

    looked = False


def is_shut() -> bool:
    """Check whether the log is in doubt.

    Asks the database once the process has started, and while it is in doubt, since the
    right one may be back; else each sealing does.
    """
    if settings.AUDIT_SEALS_AT_ONCE and not _Started.looked:
        doubt = sealing.compare_with_anchor()
        _Started.looked = True
        return doubt is not None
    return anchor.read().doubt is not None and sealing.compare_with_anchor() is not None
