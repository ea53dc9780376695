"""A cell's source: magics where logical lines begin, statements, and the names that they set."""

from __future__ import annotations

import ast

import pytest

from autograder.sandbox.source import names_in_text, names_set_by, names_set_inside, pieces, statements, without_magics


@pytest.mark.parametrize(
    ("source", "python", "lines"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1", [1]),
        ("!pip install \\\n    torch\nx = 1", "pass\n\nx = 1", [1, 2]),
        ("a, b = !ls", "a, b = get_ipython()", [1]),
        ("x = %timeit -o f()", "x = get_ipython()", [1]),
        ("x[0].y = !ls", "x[0].y = get_ipython()", [1]),
        ("%time y = f(3)", "y = f(3)", [1]),
        ("%time", "pass", [1]),
        ("?name\nname??\nnp.pad?", "pass\npass\npass", [1, 2, 3]),
        ("if x:\n    %matplotlib inline", "if x:\n    pass", [2]),
        ("%%time\nx = 1", "\nx = 1", [1]),
        ("%%bash\nls", "", [1, 2]),
    ],
)
def test_what_only_ipython_understands_is_written_in_python(source: str, python: str, lines: list[int]) -> None:
    """A magic is left out, a name that it sets is set, and each other line keeps its number."""
    assert without_magics(source) == (python, lines)


@pytest.mark.parametrize(
    "source",
    [
        "if (a\n    != b):\n    pass",
        'print("%d"\n    % size)',
        "x = 7 \\\n% 3",
        'text = """\n%magic\n!ls\nname?\n"""',
        "text = '''it's (\n%magic\n'''",
        "f(  # a bracket ( in a comment\n    '(',\n    5\n    % 3)",
        "x != y",
        "x = y % z",
    ],
)
def test_a_line_that_goes_on_is_no_magic(source: str) -> None:
    """`% x` and `!= y` that go on from the line before stay as they are, and so does text, beside a real magic."""
    assert without_magics(f"{source}\n%who") == (f"{source}\npass", [source.count("\n") + 2])


def test_a_forgotten_bracket_hides_no_later_magic() -> None:
    """An open bracket ends where a definition begins."""
    assert without_magics("x = f(1\ndef g():\n    %time\n")[1] == [3]


def test_a_broken_source_is_cut_where_statements_begin() -> None:
    """Decorators stay with what they decorate, `else` with its `if`, and text in one piece."""
    source = "x = (1,\ndef f():\n    pass\n\n@f\ndef g(): pass\nif x:\n    pass\nelse:\n    pass\ny = '''\nz\n'''"

    found = pieces(source)

    assert [before for before, _ in found] == [0, 1, 4, 6, 10]
    assert [text.split("\n")[0] for _, text in found] == ["x = (1,", "def f():", "@f", "if x:", "y = '''"]


def test_statements_of_a_broken_source_keep_their_lines() -> None:
    """What cannot be compiled is missing, and the rest is where it was."""
    body, is_whole = statements("x = 1\ny = (\ndef f():\n    pass")

    assert [statement.lineno for statement in body] == [1, 3]
    assert not is_whole


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = b = 1", "a b"),
        ("a, (b, *c) = x", "a b c"),
        ("a: int = 1", "a"),
        ("a: int", ""),
        ("a.b = 1\nc[0] = 2", ""),
        ("import a.b, c as d\nfrom e import f as g, h", "a d g h"),
        ("def f(x): y = 1", "f"),
        ("@d\nasync def f(): pass", "f"),
        ("class A:\n    b = 1", "A"),
        ("if (a := 1):\n    b = 2\nelse:\n    c = 3", "a b c"),
        ("try:\n    a = 1\nexcept E as b:\n    c = 1", "a b c"),
        ("with x as (a, b):\n    c = 1", "a b c"),
        ("for a in x: b = 1", "a b"),
        ("y = [z for z in (q := x)]\nlambda w: 1", "y q"),
        ("match x:\n    case [a, *b]: c = 1", "a b c"),
    ],
)
def test_names_are_known_however_they_are_set(source: str, names: str) -> None:
    """What a cell sets at its top level, and nothing that stays inside a function or class."""
    assert set(names_set_by(ast.parse(source))) == set(names.split())


def test_names_that_a_function_sets_outside_are_known() -> None:
    """By `global`."""
    assert names_set_inside("def f():\n    global a, b\n    a = b = 1") == ["a", "b"]


@pytest.mark.parametrize(
    "source", ["def f[T](x): pass", "async def f(x):", "class f:", "f = (", "    f: int = 1", "f  = 2"]
)
def test_names_are_read_in_text_that_cannot_be_compiled(source: str) -> None:
    """Also in the syntax of a newer Python."""
    assert names_in_text(source) == ["f"]


@pytest.mark.parametrize("source", ["f(a == 1)", "x.f = 1", "print(f)", "f == 1"])
def test_text_that_sets_nothing_has_no_names(source: str) -> None:
    """A comparison or a call is no definition."""
    assert "f" not in names_in_text(source)


@pytest.mark.parametrize(
    "source",
    [
        "x" + ".b" * 50_000,
        "-" * 100_000 + "1",
        "1+" * 50_000 + "1",
        "x\n" * 100_000,
        "(" * 100_000,
        " " * 100_000 + "= %x",
    ],
    ids=["attributes", "signs", "sums", "lines", "brackets", "blanks"],
)
def test_hostile_sources_are_read(source: str) -> None:
    """Nothing raises, and nothing is waited for without end."""
    statements(source)
    names_in_text(source)
