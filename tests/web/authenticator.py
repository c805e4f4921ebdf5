"""A passkey in software: makes credentials and signs challenges as a browser with a security key does, or wrongly."""

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url, encode_cbor

PRESENT: Final = 0x01
VERIFIED: Final = 0x04
_WITH_KEY: Final = 0x40


@dataclass
class Authenticator:
    """One credential. What it vouches for can be made wrong: the site, the person, the number of uses."""

    origin: str
    rp_id: str
    flags: int = PRESENT | VERIFIED
    count: int = 0
    name: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: str) -> str:
        """The answer to a page that asks for a new passkey."""
        point = self.key.public_key().public_numbers()
        # COSE: a key on the curve P-256 for ES256.
        public = encode_cbor({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        credential = bytes(16) + struct.pack(">H", len(self.name)) + self.name + public
        attested = {"fmt": "none", "attStmt": {}, "authData": self._data(_WITH_KEY) + credential}
        return self._said(
            clientDataJSON=self._client("webauthn.create", options), attestationObject=encode_cbor(attested)
        )

    def use(self, options: str) -> str:
        """The answer to a page that asks for a passkey."""
        self.count += 1
        client, data = self._client("webauthn.get", options), self._data()
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._said(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _client(self, kind: str, options: str) -> bytes:
        asked: dict[str, Any] = json.loads(options)
        said = {"type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, more: int = 0) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + struct.pack(">BI", self.flags | more, self.count)

    def _said(self, **response: bytes) -> str:
        name = bytes_to_base64url(self.name)
        return json.dumps({
            "id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {},
            "response": {part: bytes_to_base64url(value) for part, value in response.items()},
        })  # fmt: skip
