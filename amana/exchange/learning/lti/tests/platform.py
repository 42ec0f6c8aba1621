"""Another learning system, played by lti1p3platform, which we did not write."""

import json
import re
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from django.urls import reverse
from joserfc.jwk import RSAKey
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request

from amana import given
from amana.ui.once import make_form_key

ISSUER, CLIENT, DEPLOYMENT = "https://moodle.example", "amana-1", "7"
SAID = {
    "name": "The ministry’s Moodle",
    "issuer": ISSUER,
    "client_id": CLIENT,
    "deployment_id": DEPLOYMENT,
    "login_url": f"{ISSUER}/mod/lti/auth.php",
    "keys_url": f"{ISSUER}/mod/lti/certs.php",
    "token_url": f"{ISSUER}/mod/lti/token.php",
}
ITEM = f"{ISSUER}/mod/lti/services.php/2/lineitems/9/lineitem?type_id=1"


def pair():
    key = RSAKey.generate_key(2048)
    return key.as_pem(private=True).decode(), key.as_pem(private=False).decode()


OURS, THEIRS = pair(), pair()
"""The system's own keys, and those of somebody who is not it."""


class Conf(LTI1P3PlatformConfAbstract):
    def init_platform_config(self, keys=OURS, url="", course=""):
        private, public = keys
        self._registration = (
            Registration()
            .set_iss(ISSUER)
            .set_client_id(CLIENT)
            .set_deployment_id(DEPLOYMENT)
            .set_launch_url(course)
            .set_oidc_login_url(url)
            .set_platform_public_key(public)
            .set_platform_private_key(private)
        )

    def get_registration_by_params(self, **_asked):
        return self._registration


class Login(OIDCLoginAbstract):
    def set_lti_message_hint(self, **said):
        self._lti_message_hint = said["hint"]

    def get_redirect(self, url):
        return url


class Asked(Request):
    def build_metadata(self, request):
        return {"method": "GET", "get_data": request, "form_data": {}}


class Launch(LTIAdvantageMessageLaunchAbstract):
    def render_launch_form(self, launch_data, **_more):
        return launch_data


def button(client, course, keys=OURS):
    """Somebody presses it: the system's login, our answer; what we asked it."""
    conf = Conf(keys=keys, url=reverse("lti:login"), course=course)
    login = Login(None, conf)
    login.set_lti_message_hint(hint="resource-3")
    response = client.get(login.initiate_login("user-5"))
    assert response.status_code == 302, response.content
    to = urlsplit(response.url)
    assert f"{to.scheme}://{to.netloc}{to.path}" == SAID["login_url"]
    return conf, {name: value[0] for name, value in parse_qs(to.query).items()}


def message(conf, asked, *, subject="user-5", item=ITEM, seconds=300, **claims):
    """What the system sends back, by the browser."""
    launch = Launch(Asked(asked), conf)
    launch.set_user_data(subject, ["Learner"], "Amal Example", "amal@example.org")
    launch.set_resource_link_claim("resource-3")
    launch.set_id_token_expiration(seconds)
    if item:
        launch.set_ags(f"{ISSUER}/mod/lti/services.php/2/lineitems", item)
    launch.set_extra_claims(claims)
    sent = launch.lti_launch()
    assert sent.pop("launch_url").endswith(reverse("lti:launch"))
    return sent


class Web:
    """The system's side of what we ask it for."""

    def __init__(self, tool_keys):
        self.conf = Conf()
        self.conf.get_registration().set_tool_key_set(tool_keys)
        self.scores = []
        self.down = False
        self.keys = self.conf.get_jwks()
        self.asked = []

    def ask(self, url, *, data=None, headers=None):
        from amana.exchange import web

        self.asked.append(url)
        if self.down:
            raise web.NoResponse("503")
        if url == SAID["keys_url"]:
            return self.keys
        if url == SAID["token_url"]:
            form = {name: value[0] for name, value in parse_qs(data.decode()).items()}
            return self.conf.get_access_token(form)
        bearer = headers["Authorization"].removeprefix("Bearer ")
        assert self.conf.validate_token(bearer)
        self.scores.append((url, json.loads(data)))
        return None


# --- somebody comes

ON = re.compile(reverse("lti:arrive", args=[uuid4()])[:10] + r"[0-9a-f-]{36}/(?=\")")


def arrive(client, course, **said):
    """To the page that leads on; its link."""
    conf, asked = button(client, course)
    response = client.post(reverse("lti:launch"), message(conf, asked, **said))
    assert response.status_code == 200, response.content
    [on] = ON.findall(response.content.decode())
    return on


def confirmed(user, course, tells=True, **said):
    client = given.sign_in(user)
    on = arrive(client, course, **said)
    fields = make_form_key() | ({"tells": "on"} if tells else {})
    return client.post(on, fields)
