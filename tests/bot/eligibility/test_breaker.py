"""The breaker: it rests after failures in a row, sends one probe at a time, and forgets everything at an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.clock import ShiftedClock
from bot.domain.errors import ServiceDenied, ServiceThrottled, ServiceTrouble, ServiceUnreachable
from bot.eligibility.breaker import Breaker, Circuit, Health, Rules, ServiceResting

RULES = Rules(failures=3, rest=5.0, longest=20.0)
STEPS = st.lists(st.tuples(st.sampled_from(["good", "bad", "lost"]), st.floats(0.0, 40.0)), max_size=60)


@given(steps=STEPS)
def test_it_never_rests_before_so_many_failures_in_a_row_nor_longer_than_it_may(steps: list[tuple[str, float]]) -> None:
    circuit, now, in_a_row = Circuit(), 0.0, 0
    for what, pause in steps:
        now += pause
        health = circuit.health(now)
        if health is Health.RESTING:
            assert in_a_row >= RULES.failures
            assert circuit.until is not None
            assert circuit.until - now <= RULES.longest
            continue
        probe = health is Health.PROBING
        if probe:
            circuit = circuit.probed(now)
            assert circuit.health(now) is Health.RESTING  # one probe at a time
        if what == "good":
            circuit, in_a_row = circuit.good(), 0
            assert circuit.health(now) is Health.ANSWERING
        elif what == "bad":
            circuit, in_a_row = circuit.bad(now, RULES, probe=probe), in_a_row + 1
            assert (circuit.health(now) is Health.RESTING) is (in_a_row >= RULES.failures)
        elif probe:
            circuit = circuit.lost()
            assert circuit.health(now) is Health.PROBING


@given(late=st.lists(st.booleans(), max_size=20))
def test_what_was_begun_before_the_rest_and_fails_in_it_makes_it_no_longer(late: list[bool]) -> None:
    circuit = Circuit()
    for _ in range(RULES.failures):
        circuit = circuit.bad(0.0, RULES, probe=False)
    until = circuit.until
    for _ in late:
        circuit = circuit.bad(4.0, RULES, probe=False)
    assert circuit.until == until


def test_a_rest_doubles_with_each_failed_probe_up_to_the_longest() -> None:
    circuit, now, rests = Circuit(), 0.0, []
    for _ in range(RULES.failures):
        circuit = circuit.bad(now, RULES, probe=False)
    for _ in range(4):
        assert circuit.until is not None
        rests.append(circuit.until - now)
        now = circuit.until
        circuit = circuit.probed(now).bad(now, RULES, probe=True)
    assert rests == [5.0, 10.0, 20.0, 20.0]


def test_a_probe_that_nobody_heard_of_again_does_not_close_the_door_for_ever() -> None:
    circuit = Circuit(failed=3, rests=1, until=5.0).probed(5.0)
    assert circuit.health(34.9) is Health.RESTING
    assert circuit.health(35.0) is Health.PROBING


@pytest.mark.parametrize(
    ("error", "health"),
    [
        (ServiceUnreachable(), Health.RESTING),
        (ServiceTrouble(status=503), Health.RESTING),
        (ServiceDenied(status=403), Health.ANSWERING),
        (ServiceThrottled(retry_after=1.0), Health.ANSWERING),
        (KeyError("ours"), Health.ANSWERING),
    ],
)
def test_only_no_answer_and_5xx_are_failures(clock: ShiftedClock, error: Exception, health: Health) -> None:
    breaker = Breaker(clock=clock, rules=RULES)
    for _ in range(RULES.failures):
        with pytest.raises(type(error)), breaker.reading():
            raise error
    assert breaker.health is health
    if health is Health.RESTING:
        with pytest.raises(ServiceResting), breaker.reading():
            raise AssertionError("asked while it rests")
