"""Asks whether a web address answers: politely, for a limited time, and never at a place inside a network.

One request goes to an address that was looked up and judged before, and the connection is made to that very address,
so that a name cannot lead somewhere else the second time. Redirects are followed here, each judged like the first.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urljoin, urlsplit

Outcome = Literal["answers", "gone", "no-answer", "unclear", "refused"]
"""`gone`: the server says that there is no such page; `unclear`: it answers, but not to us (403, 429 and the like);
`refused`: it leads into a private network, so it was not asked."""

TIMEOUT: Final = 15.0
MOST_REDIRECTS: Final = 5
MOST_BODY: Final = 64 * 1024

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LASTING: Final = frozenset({301, 308})
_GONE: Final = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one address; `moved_to` where it has moved for good."""

    outcome: Outcome
    status: int = 0
    reason: str = ""
    moved_to: str = ""


class _Refused(Exception):
    """The address lies where we do not go."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inside = getattr(found, "ipv4_mapped", None) or found
    return inside.is_global and not inside.is_multicast


@dataclass(frozen=True)
class Asker:
    """Asks addresses in the name of `agent`.

    With `private_too` an address inside the network may be asked, but no public one may lead there.
    """

    agent: str
    private_too: bool = False
    timeout: float = TIMEOUT
    public: Callable[[str], bool] = is_public
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def ask(self, url: str) -> Answer:
        """HEAD, and GET where the server does not take that or says no."""
        until = time.monotonic() + 2 * self.timeout
        answer = self._followed("HEAD", url, until)
        if answer.outcome in ("answers", "refused"):
            return answer
        return self._followed("GET", url, until)

    def _followed(self, method: str, url: str, until: float) -> Answer:
        here, moved, seen, only_public = url, "", {url}, not self.private_too
        for _ in range(MOST_REDIRECTS + 1):
            try:
                status, location, was_public = self._once(method, here, until, only_public)
            except _Refused as refused:
                return Answer("refused", reason=str(refused))
            except (OSError, http.client.HTTPException, ValueError) as error:
                return Answer("no-answer", reason=_why(error))
            if status not in _REDIRECTS or not location:
                return Answer(_outcome_of(status), status, moved_to=moved)
            only_public = only_public or was_public
            lasting = status in _LASTING and here == (moved or url)
            here = urljoin(here, location)
            moved = here.partition("#")[0] if lasting else moved
            if here in seen:
                return Answer("no-answer", status, "it leads round in a circle")
            seen.add(here)
        return Answer("no-answer", status, "it leads on too often")

    def _once(self, method: str, url: str, until: float, only_public: bool) -> tuple[int, str, bool]:
        """Status, where a redirect leads, and whether the server is a public one."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise _Refused("it is no address of a web page")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = self._looked_up(parts.hostname, port, only_public)
        left = min(self.timeout, until - time.monotonic())
        if left <= 0:
            raise TimeoutError
        connection = _Pinned(parts.hostname, port, address, left, self.tls if parts.scheme == "https" else None)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = {"User-Agent": self.agent, "Accept": "text/html,*/*;q=0.5", "Connection": "close"}
            connection.request(method, path.encode("utf-8").decode("latin-1"), headers=headers)
            response = connection.getresponse()
            location = response.getheader("Location") or ""
            if method == "GET":
                response.read(MOST_BODY)
            return response.status, location, self.public(address)
        finally:
            connection.close()

    def _looked_up(self, host: str, port: int, only_public: bool) -> str:
        """The address to connect to; every one that the name has must be allowed."""
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if only_public and not all(self.public(address) for address in found):
            raise _Refused("it leads into a private network")
        return found[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever the name says meanwhile."""

    def __init__(self, host: str, port: int, address: str, timeout: float, tls: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=timeout)
        self._address = address
        self._tls = tls

    def connect(self) -> None:
        """Connect to the address; the certificate must be the name's."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._tls is not None:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)


def _outcome_of(status: int) -> Outcome:
    if 200 <= status < 400:
        return "answers"
    if status in _GONE:
        return "gone"
    return "no-answer" if status >= 500 else "unclear"


def _why(error: Exception) -> str:
    match error:
        case TimeoutError():
            return "it took too long"
        case ssl.SSLCertVerificationError():
            return "its certificate is not valid"
        case socket.gaierror():
            return "its name is not known"
        case ConnectionRefusedError():
            return "the connection was refused"
    return f"the connection failed ({type(error).__name__})"
