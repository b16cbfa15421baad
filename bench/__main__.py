"""Every figure of the issue (issues 2, 5), in about 20 minutes: `make bench`. How to read it: docs/bench.md."""

import sys

from bench import approve, directory, eligibility, http, outbox, rules, storage


def main() -> int:
    """Measure everything, then print the figures beside their targets. 1 where one is missed."""
    figures = []
    print("-- rules")
    figures += rules.measure()
    print("-- eligibility service")
    figures += eligibility.measure(customers=100_000)
    print("-- Slack side")
    figures += http.measure(rounds=3, memory=10_000)
    print("-- outbox (simulated time)")
    figures += outbox.measure(changes=300)
    print("-- directory of customers")
    figures += directory.measure(count=1_000_000)
    print("-- approving, on PostgreSQL")
    figures += approve.measure(seconds=20, rate=50)
    print("-- storage (no target)")
    storage.measure_both(entries=20_000, seconds=1.0)
    print("-- the issue's figures")
    for each in figures:
        print(each)
    return 0 if all(each.holds for each in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
