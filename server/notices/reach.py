"""One request to another machine, for which nobody inside can be made to pay (X14).

The name is looked up once, every address it has is judged, and the connection goes to
the very address that was judged; nothing is followed, little is read. May not enter:
what is sent.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

TIMEOUT_S = 10
MOST_ANSWER_BYTES = 16 * 1024
MOST_URL = 500


class Unreachable(Exception):
    """It did not arrive. `code` says why; `lasting`: trying again will not help."""

    def __init__(
        self, code: str, *, lasting: bool = False, after_s: int | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.lasting = lasting
        self.after_s = after_s


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    after_s: int | None


@dataclass(frozen=True)
class Reach:
    """Where messages may go: the whole world over TLS, and these networks inside."""

    inside: tuple[Network, ...] = ()

    @classmethod
    def of(cls, networks: str) -> "Reach":
        """As the setting writes it; refuses what is no network (ValueError)."""
        return cls(tuple(ipaddress.ip_network(one) for one in networks.split()))

    def check(self, url: str) -> SplitResult:
        """The parts of an address that may be asked at all, by its looks."""
        try:
            parts = urlsplit(url)
            named = parts.hostname
            _ = parts.port
        except ValueError:
            raise Unreachable("address_wrong", lasting=True) from None
        wrong = parts.scheme not in ("http", "https") or not named
        if wrong or parts.username is not None or len(url) > MOST_URL or parts.fragment:
            raise Unreachable("address_wrong", lasting=True)
        if any(ord(letter) <= 32 or ord(letter) > 126 for letter in url):
            raise Unreachable("address_wrong", lasting=True)
        return parts

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send these bytes; `Unreachable` if no answer came from where it may go."""
        parts = self.check(url)
        host, tls = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if tls else 80)
        to = self._judged(host, port, tls=tls)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line = _Pinned(host, port, to, tls=tls)
        try:
            line.request("POST", path, body, dict(headers))
            answer = line.getresponse()
            read = answer.read(MOST_ANSWER_BYTES)
            after = _seconds(answer.getheader("Retry-After"))
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(_why(error)) from error
        finally:
            line.close()
        if 300 <= answer.status < 400:
            raise Unreachable("redirected", lasting=True)
        return Answer(answer.status, read, after)

    def connect_to(self, host: str, port: int, *, tls: bool) -> str:
        """The address that a name has, if every one that it has may be asked."""
        return self._judged(host, port, tls=tls)

    def _judged(self, host: str, port: int, *, tls: bool) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unreachable("name_unknown") from error
        addresses = [str(one[4][0]) for one in found]
        if not addresses or not all(self._may_go(one, tls=tls) for one in addresses):
            raise Unreachable("address_inside", lasting=True)
        return addresses[0]

    def _may_go(self, address: str, *, tls: bool) -> bool:
        named: Address = ipaddress.ip_address(address.partition("%")[0])
        if isinstance(named, ipaddress.IPv6Address) and named.ipv4_mapped:
            named = named.ipv4_mapped
        if any(named in network for network in self.inside):
            return True
        return tls and named.is_global and not named.is_multicast


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, under the name that was asked for."""

    def __init__(self, host: str, port: int, to: str, *, tls: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S)
        self._to = to
        self._tls = ssl.create_default_context() if tls else None

    def connect(self) -> None:
        """To the address that was judged, and no other."""
        self.sock = socket.create_connection((self._to, self.port), self.timeout)
        if self._tls:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timed_out"
    if isinstance(error, ssl.SSLError):
        return "certificate_wrong"
    return "no_connection" if isinstance(error, OSError) else "answer_unreadable"


def _seconds(said: str | None) -> int | None:
    return int(said) if said and said.isascii() and said.isdigit() else None
