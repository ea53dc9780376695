"""For all tests: how many examples Hypothesis tries, and a place for tables.

`pytest --hypothesis-profile nightly tests/autograder/sandbox/test_wire.py` takes longer, and looks further. Tables that
a test has recorded stand at the end of the output, whichever process made them.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# A test on a busy machine is not wrong for being slow.
settings.register_profile("nightly", max_examples=100_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have recorded as `record_property("table", text)`."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, text in report.user_properties:
            if name == "table" and report.when == "call":
                terminalreporter.section(report.nodeid.rpartition("::")[2].replace("_", " "))
                terminalreporter.write_line(str(text))
