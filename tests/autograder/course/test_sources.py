"""What a module does, without what cannot matter."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from autograder.course import sources

MODULE = '''
"""Doubles."""
from __future__ import annotations

from dataclasses import dataclass
from functools import wraps, singledispatch

import numpy as np

from . import near
from .near import far
from ..other import thing


@dataclass
class Size:
    """Two numbers."""

    height: int
    width: int = 1

    @property
    def area(self) -> int:
        return self.height * self.width


def double(x, factor=2):
    """Double it."""
    doubled = x * factor
    return f"{doubled:>{factor}} or {x!r}" if x else doubled


@singledispatch
def known(x: int):
    return x
'''

TEXTS = {
    "a comment": ("doubled = x * factor", "doubled = x * factor  # twice"),
    "a docstring": ('"""Double it."""', '"""Multiply."""'),
    "no docstring": ('    """Double it."""\n', ""),
    "a class's docstring": ('"""Two numbers."""', '"""A pair."""'),
    "the module's docstring": ('"""Doubles."""', ""),
    "an argument's type": ("def double(x, factor=2)", "def double(x: np.ndarray | None, factor: int = 2) -> str"),
    "a property's type": ("def area(self) -> int", "def area(self) -> float"),
    "a variable's type": ("doubled = x * factor", "doubled: list[int] = x * factor"),
    "layout": ("x * factor", "(\n        x *\n        factor\n    )"),
    "quotes": ('f"{doubled:>{factor}} or {x!r}"', "f'{doubled:>{factor}}' ' or ' f'{x!r}'"),
}


@pytest.mark.parametrize(("old", "new"), TEXTS.values(), ids=TEXTS)
def test_what_cannot_matter_changes_nothing(old: str, new: str) -> None:
    """An edit of what is read by people alone leaves the digest as it is."""
    assert old in MODULE
    assert _digest(MODULE.replace(old, new)) == _digest(MODULE)


DEEDS = {
    "an operator": ("x * factor", "x + factor"),
    "a number": ("factor=2", "factor=3"),
    "the kind of a number": ("factor=2", "factor=2.0"),
    "a name": ("import numpy as np", "import numpy as numbers"),
    "the order": ("x * factor", "factor * x"),
    "a text": (" or {x!r}", " and {x!r}"),
    "a format": ("{x!r}", "{x!s}"),
    "a field's type": ("height: int", "height: ClassVar[int]"),
    "a type that a decorator reads": ("def known(x: int)", "def known(x: float)"),
    "a type that is worked out": ("def double(x, ", "def double(x: print(1), "),
    "one statement less": ("    doubled = x * factor\n", ""),
    "another import": ("from .near import far", "from .near import further"),
    "no dataclass": ("@dataclass\n", ""),
}


@pytest.mark.parametrize(("old", "new"), DEEDS.values(), ids=DEEDS)
def test_what_could_matter_changes_the_digest(old: str, new: str) -> None:
    """All that runs counts, and so does what a decorator may look at."""
    assert old in MODULE
    assert _digest(MODULE.replace(old, new)) != _digest(MODULE)


@pytest.mark.parametrize("reads", ["print(double.__doc__)", "inspect.getsource(double)", 'getattr(double, "__doc__")'])
def test_texts_count_where_the_code_reads_them(tmp_path: Path, reads: str) -> None:
    """If one module may read the text of another, every letter of all of them counts."""
    reader, read = tmp_path / "reader.py", tmp_path / "read.py"
    reader.write_text(reads)
    read.write_text(MODULE)
    before = sources.digest([reader, read], tmp_path)

    read.write_text(MODULE + "# a comment")

    assert sources.digest([reader, read], tmp_path) != before


def test_imports_are_whole_names() -> None:
    """Names relative to a package are told from where the module lies."""
    found = sources.code(MODULE.encode(), ("outer", "inner")).imports

    assert {"numpy", "outer.inner.near", "outer.inner.near.far", "outer.other.thing"} <= found


def test_what_is_reached_is_found_through_others(tmp_path: Path) -> None:
    """Modules that a module imports, and those that these import; a name leads to the module that it stands in."""
    texts = {
        "a/__init__.py": "from a.unseen import none",
        "a/start.py": "from a.next import name\nimport json",
        "a/next.py": "def late():\n    from b import deep",
        "a/unseen.py": "none = None",
        "b/__init__.py": "",
        "b/deep.py": "from a import start",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    found = sources.reached([tmp_path / "a/start.py"], tmp_path, partial(sources.bound, root=tmp_path))

    assert {file.relative_to(tmp_path).as_posix() for file in found} == {"a/start.py", "a/next.py", "b/deep.py"}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import a.one", ["a/__init__.py", "a/one.py", "a/two.py"]),
        ("import a", ["a/__init__.py", "a/one.py", "a/two.py"]),
        ("from a import one", ["a/one.py"]),
        ("from a.one import x", ["a/one.py"]),
        ("from a import x", ["a/__init__.py"]),
        ("import json", []),
    ],
)
def test_a_package_in_hand_is_all_of_its_modules(tmp_path: Path, line: str, found: list[str]) -> None:
    """Whoever has the package may use whatever lies in it."""
    for name in ("a/__init__.py", "a/one.py", "a/two.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x = 1")

    names = sources.code(line.encode(), ()).imports

    assert (
        sorted({str(file.relative_to(tmp_path)) for name in names for file in sources.bound(name, tmp_path)}) == found
    )


def test_places_count(tmp_path: Path) -> None:
    """Two modules that change places are others than before."""
    for name, text in (("a.py", "x = 1"), ("b.py", "x = 2")):
        (tmp_path / name).write_text(text)
    files = [tmp_path / "a.py", tmp_path / "b.py"]
    before = sources.digest(files, tmp_path)

    for file, text in zip(files, ("x = 2", "x = 1"), strict=True):
        file.write_text(text)

    assert sources.digest(files, tmp_path) != before


def _digest(source: str) -> bytes:
    return sources.code(source.encode(), ("outer", "inner")).digest
