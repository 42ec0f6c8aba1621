"""Requests to a BigBlueButton server, signed as its API asks (docs.bigbluebutton.org,
“API Calls”): the checksum is SHA-256 over the call's name, its query and the secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode


@dataclass(frozen=True)
class ConferenceServer:
    """`api` ends in `/bigbluebutton/api`."""

    api: str
    secret: str

    def address(self, call: str, said: Mapping[str, object]) -> str:
        # The checksum is over the query as it is sent: it must not be encoded again.
        query = urlencode({name: format_value(value) for name, value in said.items()})
        checksum = sha256(f"{call}{query}{self.secret}".encode()).hexdigest()
        joined = "&".join(part for part in (query, f"checksum={checksum}") if part)
        return f"{self.api.rstrip('/')}/{call}?{joined}"

    def create(self, meeting: str, *, name: str, minutes: int, welcome: str) -> str:
        """Build the address that creates a meeting. Called again for the same meeting,
        it changes nothing. Nothing is recorded, and the meeting ends a while after the
        plan does.
        """
        return self.address(
            "create",
            {
                "meetingID": meeting,
                "name": name,
                "duration": minutes,
                "welcome": welcome,
                "record": False,
                "autoStartRecording": False,
                "allowStartStopRecording": False,
            },
        )

    def join(self, meeting: str, *, called: str, leads: bool) -> str:
        """Build the address by which a person joins. `called`: what others see; a
        number, for participants.
        """
        role = "MODERATOR" if leads else "VIEWER"
        said = {"meetingID": meeting, "fullName": called, "role": role}
        return self.address("join", said)

    def end(self, meeting: str) -> str:
        return self.address("end", {"meetingID": meeting})


def format_value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
