"""For all tests: which cases `make test` takes, how many examples Hypothesis tries, and a place for tables.

`pytest --quick` runs a few cases of each test, and leaves out those marked `thorough`; `pytest --rest` runs what that
leaves out, and `pytest` alone runs everything.
`pytest --hypothesis-profile nightly tests/autograder/sandbox/test_wire.py` takes longer, and looks further. Tables that
a test has recorded stand at the end of the output, whichever process made them.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, settings

# Cases of one test that a quick run takes: the first, and one from the middle of many.
FEW, MANY = 1, 4

# A test on a busy machine is not wrong for being slow.
settings.register_profile("nightly", max_examples=100_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that `make test` and `make test-all` use."""
    parser.addoption("--quick", action="store_true", help="a few cases of each test, and none marked thorough")
    parser.addoption("--rest", action="store_true", help="what --quick leaves out")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a quick run, keep a few cases of each test; afterwards, the rest."""
    quick, rest = config.getoption("quick"), config.getoption("rest")
    if quick or rest:
        few = set(_few_of_each(items))
        config.hook.pytest_deselected(items=[item for item in items if (item in few) == rest])
        items[:] = [item for item in items if (item in few) != rest]


def _few_of_each(items: Iterable[pytest.Item]) -> Iterable[pytest.Item]:
    cases_of: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("thorough") is None:
            cases_of.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for cases in cases_of.values():
        yield from cases[:FEW]
        if len(cases) >= MANY:
            yield cases[len(cases) // 2]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have recorded as `record_property("table", text)`."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, text in report.user_properties:
            if name == "table" and report.when == "call":
                terminalreporter.section(report.nodeid.rpartition("::")[2].replace("_", " "))
                terminalreporter.write_line(str(text))
