"""nbgrader's log names what students call their files, and steers nothing."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from autograder.nbgrader.logs import Printable
from course.sample_class import build
from tests.autograder.nbgrader.cycle import NAME, command

pytestmark = pytest.mark.thorough

ODD = "\x1b]0;owned\x07\x9b2J\u202e"
SIGNS = ODD.translate({ord(letter): "\N{REPLACEMENT CHARACTER}" for letter in "\x1b\x07\x9b\u202e"})


def test_a_log_line_holds_no_code_of_a_name() -> None:
    """Neither in what is said nor in what goes with it; line ends of a traceback stay."""
    with pytest.raises(OSError, match="owned") as caught:
        raise OSError(ODD)
    error = caught.type, caught.value, caught.tb
    record = logging.LogRecord("App", logging.ERROR, "", 1, "%s: left out", (ODD,), error)

    line = Printable(fmt="[%(name)s] %(message)s", color=False).format(record)

    assert line.startswith(f"[App] {SIGNS}: left out\n")
    assert line.endswith(f"OSError: {SIGNS}")
    assert record.args == (ODD,)


@pytest.mark.parametrize("odd", [ODD, "red"])
def test_no_command_logs_a_code_of_a_name(tmp_path: Path, odd: str) -> None:
    """Not even those of nbgrader's commands in whose place this engine puts nothing; other names are logged as ever."""
    (tmp_path / "nbgrader_config.py").write_text((build.COURSE / "nbgrader_config.py").read_text(encoding="utf-8"))
    (tmp_path / "handed_out" / NAME).mkdir(parents=True)
    (tmp_path / "handed_out" / NAME / f"{NAME}.ipynb").touch()
    downloaded = tmp_path / "downloaded" / NAME / "archive"
    downloaded.mkdir(parents=True)
    (downloaded / f"{odd}.ipynb").touch()

    said = command(tmp_path, "zip_collect", NAME).stderr

    assert f"Parsing file: {downloaded.parent}/extracted/{SIGNS if odd == ODD else odd}.ipynb" in said
    assert [letter for letter in said if not letter.isprintable() and letter != "\n"] == []
