"""Reports as files: names that never meet, and cells that are never formulas."""

from __future__ import annotations

import csv
import io
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.model import Summary
from autograder.report.files import as_csv, cell, file_name
from tests.strategies import law

TWINS = (
    "Ada Lovelace",
    "ada lovelace",
    "Ada_Lovelace",
    "ada_lovelace",
    "Ada/Lovelace",
    "Zoe\u0308",
    "Zo\xeb",
    "zo\xeb",
    "",
)


@law
@given(
    names=st.lists(st.text(max_size=12) | st.sampled_from(TWINS), min_size=2, max_size=6, unique=True),
    again=st.booleans(),
)
@example(names=["Ada", "ada"], again=False)
@example(names=["", "."], again=True)
def test_different_names_get_different_files(names: list[str], *, again: bool) -> None:
    """Where capitals and ways to write an accent do not count, either; and where one is called as another's file."""
    if again:
        names = list(dict.fromkeys([*names, *map(file_name, names), *map(str.lower, map(file_name, names))]))
    files = [unicodedata.normalize("NFC", file_name(name)).casefold() for name in names]

    assert len(set(files)) == len(names)
    assert all(0 < len(file.encode()) <= 200 for file in files)
    assert not [file for file in files if re.search(r"[\0/\\:]|^\.|\.$", file)]


@pytest.mark.parametrize("name", ["ada", "06_pooling", "ada.lovelace@example.org", "s-1234+5", "a" * 100])
def test_a_plain_name_stays(name: str) -> None:
    """So that a folder of results can be read by anybody."""
    assert file_name(name) == name


@pytest.mark.parametrize(
    "name", ["con", "nul.txt", "com1", "Ada", "a b", "\udc80", "x" * 101, "-" + "0" * 32, "\U0001d49c" * 90]
)
def test_any_other_name_can_be_read_and_is_none_of_the_plain(name: str) -> None:
    """It begins as the name does, and ends in a digest."""
    assert re.fullmatch(r"[\w@+]{0,40}-[0-9a-f]{32}", file_name(name))
    assert file_name(name) == file_name(name)
    assert not re.match(r"(con|nul|com\d)(\.|$)", file_name(name))


@law
@given(st.text(alphabet="a1=+-@;,|\t\r\n\" '\uff1d", max_size=12), st.sampled_from(";,|\t"))
@example("a;=1+1;b", ";")
@example('a;"=1+1"', ";")
def test_no_part_of_a_cell_is_a_formula(text: str, between: str) -> None:
    """Whatever a spreadsheet parts cells by, quoted or not."""
    table = io.StringIO()
    csv.writer(table).writerow(["1", cell(text), cell(text)])
    line = re.sub(r"[\r\n]+", " ", table.getvalue())
    parts = [*line.split(between), *next(csv.reader([line], delimiter=between))]

    assert not [part for part in parts if part.lstrip(' \t\r\n"').startswith(("=", "+", "-", "@", "\uff1d"))]


def test_other_cells_stay() -> None:
    """A name with a hyphen or a semicolon in it is no formula."""
    assert [cell(text) for text in ("ada", "anne-marie; o'neill", "x = 1")] == ["ada", "anne-marie; o'neill", "x = 1"]


@pytest.mark.parametrize("name", ["a\rb", "\r", "a\r\n=1", "a\nb"])
def test_a_name_is_one_cell_of_one_row(name: str) -> None:
    """Whatever ends a line in it."""
    rows = list(csv.reader(io.StringIO(as_csv([Summary(name, "scaling", ("scale",), (1,), (6,))]))))

    assert [row[1:] for row in rows] == [["assignment", "marks", "out_of", "scale"], ["scaling", "1", "6", "1"]]
