"""A circuit breaker: a service that does not answer is left alone for a while, then asked once before it is trusted.

The rules are pure (`Circuit`); `Breaker` keeps one circuit and the time (decision 0056).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from http import HTTPStatus
from typing import Final

import structlog

from bot.domain.clock import Clock
from bot.domain.errors import ServiceTimeout, ServiceTrouble, ServiceUnreachable

PROBE_SECONDS: Final = 30.0
"""After so long a probe that nobody heard of again counts as lost, and another one is sent."""


class ServiceResting(ServiceUnreachable):
    """It did not answer just now and is not asked for a while: nothing was sent. Worded as what it is one of."""


class Health(StrEnum):
    """What may be asked: anything; one read that probes; nothing."""

    ANSWERING = "answering"
    PROBING = "probing"
    RESTING = "resting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """After `failures` in a row it rests for `rest` seconds, twice as long after each failed probe, to `longest`."""

    failures: int = 5
    rest: float = 5.0
    longest: float = 60.0

    def __post_init__(self) -> None:
        if self.failures < 1 or self.rest <= 0 or self.longest < self.rest:
            raise ValueError("a breaker needs a failure, and a rest that may grow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """Failures in a row, rests in a row, until when it rests (None: closed), and until when a probe is waited for."""

    failed: int = 0
    rests: int = 0
    until: float | None = None
    probe_until: float | None = None

    def health(self, now: float) -> Health:
        """What may be asked at `now` (monotonic seconds)."""
        if self.until is None:
            return Health.ANSWERING
        probed = self.probe_until is not None and now < self.probe_until
        return Health.RESTING if now < self.until or probed else Health.PROBING

    def probed(self, now: float) -> "Circuit":
        """A probe is under way."""
        return replace(self, probe_until=now + PROBE_SECONDS)

    def good(self) -> "Circuit":
        """An answer came, whatever it said: all is forgotten."""
        return Circuit()

    def bad(self, now: float, rules: Rules, *, probe: bool) -> "Circuit":
        """No answer, or a 5xx. What was begun before it rested and fails meanwhile tells nothing new."""
        if self.until is not None and not probe:
            return self
        failed = self.failed + 1
        if not probe and failed < rules.failures:
            return replace(self, failed=failed)
        rest = min(rules.rest * 2 ** min(self.rests, 30), rules.longest)
        return Circuit(failed=failed, rests=self.rests + 1, until=now + rest)

    def lost(self) -> "Circuit":
        """A probe was given up before it came to anything: the next one may go."""
        return replace(self, probe_until=None)


@dataclass(slots=True, kw_only=True)
class Breaker:
    """The circuit of one service in this process."""

    clock: Clock
    rules: Rules = field(default_factory=Rules)
    opened: int = 0
    _circuit: Circuit = field(default_factory=Circuit)

    @property
    def health(self) -> Health:
        """What may be asked now."""
        return self._circuit.health(self.clock.monotonic())

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Around one read. Raises ServiceResting, and nothing is to be sent, while the service rests.

        ServiceUnreachable, ServiceTimeout and ServiceTrouble with a 5xx inside are failures; every other answer,
        refusals too, shows that it answers; anything else (a cancellation) shows nothing.
        """
        health = self.health
        if health is Health.RESTING:
            raise ServiceResting
        if probe := health is Health.PROBING:
            self._circuit = self._circuit.probed(self.clock.monotonic())
        try:
            yield
        except ServiceTrouble as error:
            self.heard(good=not is_failure(error), probe=probe)
            raise
        except BaseException:
            if probe:
                self._circuit = self._circuit.lost()
            raise
        else:
            self.heard(good=True, probe=probe)

    def heard(self, *, good: bool, probe: bool = False) -> None:
        """Something came of a call, or nothing. Orders tell it too; they never probe."""
        before, now = self._circuit, self.clock.monotonic()
        self._circuit = before.good() if good else before.bad(now, self.rules, probe=probe)
        was, is_open = before.until is not None, self._circuit.until is not None
        if is_open and self._circuit is not before:
            self.opened += 1
            structlog.get_logger(__name__).error("service_rests", seconds=(self._circuit.until or now) - now)
        elif was and not is_open:
            structlog.get_logger(__name__).info("service_answers_again")


def is_failure(error: ServiceTrouble) -> bool:
    """Whether the service did not answer, or only with a 5xx."""
    if isinstance(error, ServiceUnreachable | ServiceTimeout):
        return True
    return (error.status or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR
