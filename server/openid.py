"""Logging in at an OpenID provider: out with PKCE, state and nonce, back with a code.

What is remembered in between lies in the browser, sealed. The provider's word is
believed for who it is, never for what they may do here. May not enter: sessions,
cookies, who works here.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from server.config import Config
from server.keys import Keys
from sync.plain import Record
from sync.problems import Refused
from sync.signing import b64

PURPOSE = "openid"
PATIENCE_S = 5.0
MEMO_MS = 10 * 60_000  # for logging in over there
LEEWAY_S = 120
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
WELL_KNOWN = "/.well-known/openid-configuration"
_NO_MEMO: tuple[str, str, str, int] = ("", "", "", 0)
WRONG = (httpx.HTTPError, JoseError, AuthlibBaseError, ValueError, KeyError, TypeError)


class Known(Record, frozen=True, kw_only=True):
    """Who it is, as the provider says. `email`: only if it has verified that."""

    subject: str
    email: str = ""


class OpenId:
    """Talks with one provider."""

    def __init__(
        self, config: Config, keys: Keys, chance: Callable[[int], bytes]
    ) -> None:
        self._issuer = config.oidc_issuer
        self._client_id = config.oidc_client_id
        self._secret_file = config.oidc_client_secret_file
        self._keys = keys
        self._chance = chance

    @property
    def there(self) -> bool:
        """Is there a provider at all?"""
        return bool(self._issuer)

    def begin(self, back: str, now_ms: int) -> tuple[str, str]:
        """Where to send a browser that is to come `back`, and what it is to hold until
        then."""
        if not self.there:
            raise Refused("not_found")
        state, nonce, verifier = (b64(self._chance(32)) for _ in range(3))
        memo = json.dumps([state, nonce, verifier, now_ms + MEMO_MS])
        address = prepare_grant_uri(
            self._ask(self._address(WELL_KNOWN))["authorization_endpoint"],
            self._client_id, "code", redirect_uri=back, scope="openid email",
            state=state, nonce=nonce, code_challenge_method="S256",
            code_challenge=create_s256_code_challenge(verifier),
        )  # fmt: skip
        return str(address), self._keys.sealed(PURPOSE, memo.encode())

    def finish(
        self, memo: str, said: Mapping[str, str], back: str, now_ms: int
    ) -> Known:
        """Who has come back with this. Refuses what this browser did not begin, what
        took too long, and what the provider does not vouch for."""
        data = self._keys.unsealed(PURPOSE, memo)
        state, nonce, verifier, until_ms = json.loads(data) if data else _NO_MEMO
        if not state or said.get("state") != state or now_ms >= until_ms:
            raise Refused("openid_stale")
        if "code" not in said:
            raise Refused("openid_failed", why=said.get("error", "code")[:80])
        about = self._ask(self._address(WELL_KNOWN))
        if said.get("iss", self._issuer) != self._issuer:
            raise Refused("openid_failed", why="iss")
        told = self._redeem(about, said["code"], verifier, back)
        return self._believed(about, told, nonce, now_ms)

    def _redeem(
        self, about: Mapping[str, Any], code: str, verifier: str, back: str
    ) -> Mapping[str, Any]:
        form = {"grant_type": "authorization_code", "code": code,
                "redirect_uri": back, "code_verifier": verifier}  # fmt: skip
        try:
            answer = httpx.post(
                about["token_endpoint"], data=form, auth=self._credentials(),
                timeout=PATIENCE_S,
            )  # fmt: skip
            found: dict[str, Any] = answer.raise_for_status().json()
        except WRONG as error:
            raise _failed(error) from error
        return found

    def _credentials(self) -> tuple[str, str]:
        secret = ""
        if self._secret_file is not None:
            secret = self._secret_file.read_text("utf-8").strip()
        return quote(self._client_id, safe=""), quote(secret, safe="")

    def _believed(
        self, about: Mapping[str, Any], told: Mapping[str, Any], nonce: str, now_ms: int
    ) -> Known:
        keys: Any = self._ask(about["jwks_uri"])
        try:
            token = jwt.decode(
                told["id_token"], KeySet.import_key_set(keys), algorithms=ALGORITHMS
            )
            said = CodeIDToken(
                token.claims, token.header,
                options={"iss": {"value": self._issuer},
                         "aud": {"value": self._client_id}},
                params={"nonce": nonce, "client_id": self._client_id,
                        "access_token": told.get("access_token")},
            )  # fmt: skip
            said.validate(now=now_ms // 1000, leeway=LEEWAY_S)
        except WRONG as error:
            raise _failed(error) from error
        proven = said.get("email_verified") is True
        return Known(
            subject=f"{self._issuer} {said['sub']}"[:300],
            email=str(said.get("email", ""))[:200] if proven else "",
        )

    def _address(self, path: str) -> str:
        return self._issuer.rstrip("/") + path

    def _ask(self, address: str) -> dict[str, Any]:
        try:
            answer = httpx.get(address, timeout=PATIENCE_S)
            found: dict[str, Any] = answer.raise_for_status().json()
        except WRONG as error:
            raise _failed(error) from error
        if address == self._address(WELL_KNOWN) and found.get("issuer") != self._issuer:
            raise Refused("openid_failed", why="issuer")
        return found


def _failed(error: Exception) -> Refused:
    """What the people at the desk are told; what exactly is in the cause."""
    return Refused("openid_failed", why=type(error).__name__)
