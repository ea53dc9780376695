"""nbgrader's log without what would steer a terminal: it names files and folders as students call them."""

from __future__ import annotations

import copy
import logging
from typing import Any

from nbgrader.apps.baseapp import LogFormatter

from autograder.report.terminal import printable


class Printable(LogFormatter):  # type: ignore[misc]
    """Writes log lines as nbgrader does, with signs in place of control codes."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record; its colour is this formatter's own and stays."""
        shown = copy.copy(record)
        shown.msg, shown.args = printable(record.getMessage()), None
        return str(super().format(shown))

    def formatException(self, ei: Any) -> str:  # noqa: N802  as logging calls it
        """Write a traceback, whose last line may have a student's words."""
        return printable(super().formatException(ei))
