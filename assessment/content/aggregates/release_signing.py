"""Ed25519 over the bytes of a release file. Loaded with the first file, because a web worker need not wait for it."""

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PURPOSE: Final = b"green-pathways release file, version 1"
"""What the key is for; the same secret gives another key for any other purpose (RFC 5869)."""


def _key_of(secret: str) -> Ed25519PrivateKey:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(derived)


def public_key_of(secret: str) -> str:
    """The public key that goes with an instance's secret, in hexadecimal."""
    return _key_of(secret).public_key().public_bytes_raw().hex()


def sign(secret: str, content: bytes) -> str:
    """The signature of these bytes, in hexadecimal."""
    return _key_of(secret).sign(content).hex()


def verifies(public_key: str, value: str, content: bytes) -> bool:
    """Whether the signature is of these bytes by this key; both in hexadecimal."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(value), content)
    except (ValueError, InvalidSignature):
        return False
    return True
