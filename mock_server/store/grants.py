"""The device flow of RFC 8628: codes that a device shows, and what a person says to them."""

import hashlib
from dataclasses import dataclass
from typing import Literal

from mock_server.errors import NoGrant, NotFound
from mock_server.store.callers import part

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so that no code is a word: RFC 8628, 6.1
LIFETIME, INTERVAL, SLOWER = 900, 5, 5  # seconds; the last is what slow_down adds: RFC 8628, 3.5
Said = Literal["pending", "approved", "denied"]


@dataclass
class Grant:
    """What one device asked for, until when in unix seconds, and what was said to it.

    ``user_id`` and ``project_id`` (0 for none) are the person who approved, and where the token is at home, in the
    sandbox ``where``.
    """

    device_code: str
    user_code: str
    client_id: str
    scope: str
    expires_at: float
    interval: int = INTERVAL
    polled_at: float | None = None
    said: Said = "pending"
    where: str = ""
    user_id: int = 0
    project_id: int = 0


class Grants:
    """The grants of a sandbox; with ``auto``, each is approved as soon as it is made."""

    def __init__(self, auto: bool = False) -> None:
        self.auto = auto
        self.made = 0
        self.known: dict[str, Grant] = {}

    def ask(self, sandbox: str, seed: int, client_id: str, scope: str, now: float) -> Grant:
        """A new grant, its codes drawn from the sandbox and the number of grants so far; those that ended are gone."""
        self.known = {code: grant for code, grant in self.known.items() if grant.expires_at > now}
        self.made += 1
        device_code = part(sandbox, seed, f"device:{self.made}")
        grant = Grant(device_code, user_code(device_code), client_id, scope, now + LIFETIME)
        self.known[device_code] = grant
        return grant

    def shown(self, code: str, now: float) -> Grant:
        """The grant whose user code somebody typed, however they wrote it. Raises NotFound."""
        wanted = "".join(letter for letter in code.upper() if letter.isalpha())
        for grant in self.known.values():
            if grant.user_code.replace("-", "") == wanted and grant.expires_at > now:
                return grant
        raise NotFound("Device", code, "; its code may have expired")

    def poll(self, device_code: str, now: float) -> Grant:
        """The grant that a device may take its token for, once. Raises NoGrant until then."""
        grant = self.known.get(device_code)
        if grant is None:
            raise NoGrant("invalid_grant", "This device_code is not known, or was used already.")
        if grant.expires_at <= now:
            raise NoGrant("expired_token", "The codes have expired; start again.")
        if grant.said == "pending":
            raise waiting(grant, now)
        del self.known[device_code]
        if grant.said == "denied":
            raise NoGrant("access_denied", "The person denied this device.")
        return grant


def waiting(grant: Grant, now: float) -> NoGrant:
    """Why a device has to wait; one that asks again too soon is told to slow down."""
    too_soon = grant.polled_at is not None and now - grant.polled_at < grant.interval
    grant.polled_at = now
    if too_soon:
        grant.interval += SLOWER
        return NoGrant("slow_down", f"Ask at most every {grant.interval} seconds.")
    return NoGrant("authorization_pending", "Nobody has approved this device yet.")


def user_code(device_code: str) -> str:
    """What a person types, as in ``BCDF-GHJK``."""
    digest = hashlib.blake2b(device_code.encode(), digest_size=8).digest()
    letters = "".join(LETTERS[byte % len(LETTERS)] for byte in digest)
    return f"{letters[:4]}-{letters[4:]}"
