"""Ids that count, as long and as different as real ones."""

import itertools
import uuid


class CountingIds:
    """Deterministic ids: the n-th of each kind."""

    def __init__(self) -> None:
        self._opaque, self._uuid, self._reference = itertools.count(1), itertools.count(1), itertools.count(1)

    def opaque(self) -> str:
        """22 characters."""
        return f"id-{next(self._opaque):019d}"

    def uuid(self) -> str:
        """A UUID."""
        return str(uuid.UUID(int=next(self._uuid), version=4))

    def reference(self) -> str:
        """Six characters without look-alikes."""
        number, alphabet, made = next(self._reference), "23456789ABCDEFGHJKMNPQRSTVWXYZ", ""
        for _ in range(6):
            number, place = divmod(number, len(alphabet))
            made = alphabet[place] + made
        return made
