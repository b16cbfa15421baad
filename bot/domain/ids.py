"""Ids and randomness come in from outside."""

import secrets
import uuid
from typing import Protocol


class Ids(Protocol):
    """Makes ids. Tests pass one that counts."""

    def opaque(self) -> str:
        """A random id of 22 URL-safe characters (128 bits): all that a button's value ever is (design.md, rule 1)."""

    def uuid(self) -> str:
        """A random UUID in its usual text form, as `MS-RequestId` and `MS-CorrelationId` want it."""

    def reference(self) -> str:
        """A short reference that a person can read out: six characters without look-alikes; it is in the log too."""


_READABLE = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class RandomIds:
    """Ids from the operating system's randomness."""

    def opaque(self) -> str:
        """22 URL-safe characters."""
        return secrets.token_urlsafe(16)

    def uuid(self) -> str:
        """A version 4 UUID."""
        return str(uuid.uuid4())

    def reference(self) -> str:
        """Six characters of an alphabet without look-alikes."""
        return "".join(secrets.choice(_READABLE) for _ in range(6))
