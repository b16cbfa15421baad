"""The policy in force: the built-in default, or the file, read anew when it changes (design.md, rule 4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

import structlog

from bot.domain.clock import Clock
from bot.domain.policy import Action, Policy
from bot.domain.policy_file import PolicyError, parse_policy
from bot.domain.roles import PartnerRole

log = structlog.get_logger(__name__)

_LOOK_AGAIN_AFTER: Final = 1.0
_NOBODY: Final[Mapping[Action, frozenset[PartnerRole]]] = MappingProxyType({})


def read_policy(path: Path) -> Policy:
    """The policy of a file. Raises PolicyError, for a file that cannot be read too."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(source=path.name, line=1, sentence=f"the file cannot be read ({error})") from error
    return parse_policy(text, source=path.name)


@dataclass(slots=True)
class PolicyWatch:
    """Gives the policy in force. Built by `watch_policy`, which refuses a file that is broken from the start."""

    path: Path | None
    clock: Clock
    _policy: Policy
    _stamp: tuple[int, int, int] | None = None
    _looked_at: float = field(default=float("-inf"))

    def __call__(self) -> Policy:
        """The policy now. A file that became broken admits nobody until it is mended; `fault` says what is wrong."""
        now = self.clock.monotonic()
        if self.path is not None and now - self._looked_at >= _LOOK_AGAIN_AFTER:
            self._looked_at = now
            stamp = _stamp(self.path)
            if stamp is None or stamp != self._stamp:
                self._stamp = stamp
                self._policy = self._read_again(self.path)
        return self._policy

    def _read_again(self, path: Path) -> Policy:
        try:
            policy = read_policy(path)
        except PolicyError as error:
            log.error("policy_broken", source=error.source, line=error.line)  # noqa: TRY400 - the line says all
            return Policy(actions=_NOBODY, source=path.name, fault=str(error))
        log.info("policy_read", source=policy.source)
        return policy


def watch_policy(path: Path | None, *, clock: Clock) -> PolicyWatch:
    """Watch `path`, or give the built-in default where it is None. Raises PolicyError: then there is no start."""
    if path is None:
        return PolicyWatch(None, clock, Policy())
    stamp = _stamp(path)
    return PolicyWatch(path, clock, read_policy(path), stamp)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
