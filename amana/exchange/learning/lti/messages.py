"""What another system says of who comes: believed only if it holds in every point.

Its nonce is that of a way in which was begun minutes ago, so it can't be older."""

from collections.abc import Mapping
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from amana.errors import Refused
from amana.exchange import web
from amana.exchange.learning.lti.models import Launch, Platform

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
MARKS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
TIMES = ("exp", "iat", "nbf")
LEEWAY = 60
KEYS_FOR = 300

type Claims = Mapping[str, Any]


def verify_message(token: str, launch: Launch, target: str) -> Claims:
    """Verify the message, and return its claims. Raises `Refused` with what to do."""
    platform = launch.platform
    claims = verify_signature(platform, token)
    said: dict[str, object] = {
        "iss": platform.issuer,
        "nonce": launch.nonce,
        f"{LTI}deployment_id": platform.deployment_id,
        f"{LTI}version": "1.3.0",
        f"{LTI}message_type": "LtiResourceLinkRequest",
        f"{LTI}target_link_uri": target,
    }
    wrong = [name for name, value in said.items() if claims.get(name) != value]
    subject = claims.get("sub")
    if wrong or not is_for_us(claims, platform.client_id) or not is_text(subject):
        raise Refused(
            _(
                "This message from %(platform)s does not belong to your request. Open "
                "the course again from there."
            )
            % {"platform": platform}
        )
    return claims


def verify_signature(platform: Platform, token: str) -> Claims:
    try:
        claims = decode_token(platform, token)
    except (JoseError, ValueError, TypeError, KeyError):
        raise Refused(
            _("This message is not signed by %(platform)s, so it was not accepted.")
            % {"platform": platform}
        ) from None
    # After the signature: the times of an unsigned message mean nothing.
    in_time = jwt.JWTClaimsRegistry(
        leeway=LEEWAY, exp={"essential": True}, iat={"essential": True}
    )
    try:
        in_time.validate({name: claims[name] for name in TIMES if name in claims})
    except (JoseError, ValueError, TypeError):
        raise build_too_old(platform) from None
    return claims


def build_too_old(platform: Platform) -> Refused:
    return Refused(
        _(
            "This message from %(platform)s is too old. Open the course again from "
            "there."
        )
        % {"platform": platform}
    )


def decode_token(platform: Platform, token: str) -> dict[str, object]:
    """Decode with the platform's keys, which may have changed since we last fetched
    them.
    """
    try:
        # One algorithm, and never what the message itself names: `none`, or our public
        # key as a shared secret, would allow anyone to sign.
        return dict(
            jwt.decode(token, fetch_keys(platform), algorithms=["RS256"]).claims
        )
    except (JoseError, ValueError):
        anew = fetch_keys(platform, anew=True)
        return dict(jwt.decode(token, anew, algorithms=["RS256"]).claims)


def fetch_keys(platform: Platform, *, anew: bool = False) -> KeySet:
    name = f"lti-keys-{platform.pk}"
    known = None if anew else cache.get(name)
    if known is None:
        try:
            known = web.request_json(platform.keys_url)
        except web.NoResponse:
            raise Refused(
                _("%(platform)s is not responding at the moment. Try again later.")
                % {"platform": platform}
            ) from None
        cache.set(name, known, KEYS_FOR)
    return KeySet.import_key_set(known)


def is_for_us(claims: Claims, client_id: str) -> bool:
    meant = claims.get("aud")
    every = meant if isinstance(meant, list) else [meant]
    # With several audiences `azp` names the one for which it was made (OpenID Connect
    # Core, 3.1.3.7).
    return client_id in every and claims.get("azp", client_id) == client_id


def is_text(said: object) -> bool:
    return isinstance(said, str) and 0 < len(said) <= 255


def read_line_item(claims: Claims, platform: Platform) -> str:
    """Read where it takes scores; on its own host only."""
    said = claims.get(MARKS)
    if not isinstance(said, dict) or SCORE not in (said.get("scope") or ()):
        return ""
    url = said.get("lineitem")
    if not isinstance(url, str) or len(url) > 500 or not web.is_allowed(url):
        return ""
    # Else a message could have us send a learner's scores, with a token, to any server.
    return url if web.has_same_host(url, platform.token_url) else ""
