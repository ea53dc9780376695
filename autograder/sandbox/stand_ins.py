"""Stand-ins for plotting, display and progress bars in a jail: they accept anything and do nothing.

Standard library and NumPy only.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import operator
import sys
import types
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from dis import EXTENDED_ARG, opmap
from typing import Any

import numpy as np

PLOTTING = frozenset({"matplotlib", "mpl_toolkits", "pylab", "seaborn", "plotly", "bokeh", "altair"})
INERT = PLOTTING | {"IPython", "ipywidgets", "google", "autograder", "course"}
PROGRESS = "tqdm"
ITS_NAME = "stand-in for plots and displays"
ENOUGH = 100
# how often each place in a program has tested whether a stand-in is true
_asked: Counter[tuple[types.CodeType, int]] = Counter()


class Inert:
    """Accepts any call, attribute, index, `with`, loop or calculation, and returns another stand-in."""

    unmarkable = "the result of a plotting or display function: return the numbers instead"

    def __init__(self, *_arguments: Any, **_options: Any) -> None:
        """Accept any arguments, like a class of a library that is not installed."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Do nothing, except return a decorated function."""
        decorated = arguments[0] if len(arguments) == 1 and not options else None
        is_named = isinstance(decorated, types.FunctionType) and decorated.__name__ != "<lambda>"
        return decorated if is_named else self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __setattr__(self, name: str, value: Any) -> None:
        if type(self) is not Inert:  # a student's own class, derived from a stand-in
            object.__setattr__(self, name, value)

    def __delattr__(self, _name: str) -> None: ...

    def __getitem__(self, _index: Any) -> Any:
        return self

    def __setitem__(self, _index: Any, _value: Any) -> None: ...

    def __delitem__(self, _index: Any) -> None: ...

    def __iter__(self) -> Iterator[Any]:
        return iter([self] * _names_on_the_left(sys._getframe(1)))

    def __len__(self) -> int:
        return 1

    def __contains__(self, _value: Any) -> bool:
        return False

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_error: object) -> None: ...

    async def __aenter__(self) -> Any:
        return self

    async def __aexit__(self, *_error: object) -> None: ...

    def __await__(self) -> Generator[None, None, Any]:
        yield from ()
        return self

    def __bool__(self) -> bool:
        """True, and now and then False, so that a loop that waits for a change ends."""
        frame = sys._getframe(1)
        place = frame.f_code, frame.f_lasti
        _asked[place] += 1
        return _asked[place] % ENOUGH != 0

    def __int__(self) -> int:
        return 0

    __index__ = __int__

    def __float__(self) -> float:
        return 0.0

    def __complex__(self) -> complex:
        return 0j

    def __hash__(self) -> int:
        return 0

    def __round__(self, *_digits: Any) -> Any:
        return self

    def __str__(self) -> str:
        return ""

    __repr__ = __fspath__ = __str__

    def __format__(self, _how: str) -> str:
        return ""

    def __array__(self, dtype: Any = None, **_options: Any) -> np.ndarray:
        """One cell with as many axes as a picture: a stand-in again, unless numbers are requested."""
        cells = np.zeros((1, 1, 1), object if dtype is None else dtype)
        if cells.dtype == object:
            cells.fill(self)
        return cells

    def __array_ufunc__(self, *_arguments: Any, **_options: Any) -> Any:
        return self

    __array_function__ = __array_ufunc__

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (Inert,)

    def __instancecheck__(self, value: Any) -> bool:
        return isinstance(value, Inert)

    def __subclasscheck__(self, kind: type) -> bool:
        return issubclass(kind, Inert)

    def keys(self) -> tuple[()]:
        """No keys, so that `**` passes no options."""
        return ()

    def subplots(self, nrows: Any = 1, ncols: Any = 1, *_arguments: Any, squeeze: bool = True, **_options: Any) -> Any:
        """Like the method of a matplotlib figure: as many axes as requested."""
        axes = np.empty((operator.index(nrows), operator.index(ncols)), dtype=object)
        axes.fill(self)
        if squeeze:
            axes = axes.squeeze() if axes.size != 1 else axes.item()
        return axes


def _subplots(*arguments: Any, **options: Any) -> tuple[Inert, Any]:
    """Like matplotlib's function: a figure, and as many axes as requested."""
    figure = Inert()
    return figure, figure.subplots(*arguments, **options)


def _calculate(self: Inert, *_others: Any) -> Inert:
    return self


for _name in (
    *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow", "lshift", "rshift"),
    *("and", "or", "xor"),
):
    for _kind in ("", "r", "i"):
        setattr(Inert, f"__{_kind}{_name}__", _calculate)
for _name in ("neg", "pos", "abs", "invert", "lt", "le", "gt", "ge", "eq", "ne", "trunc", "floor", "ceil"):
    setattr(Inert, f"__{_name}__", _calculate)
# its name in Python's own messages
Inert.__name__ = Inert.__qualname__ = ITS_NAME


def _names_on_the_left(frame: types.FrameType) -> int:
    """How many names are on the left of the assignment that is unpacking; 1 if it is not one."""
    code, at = frame.f_code.co_code, frame.f_lasti
    if code[at] not in (opmap["UNPACK_SEQUENCE"], opmap["UNPACK_EX"]):
        return 1
    more = code[at - 1] if at >= 2 and code[at - 2] == EXTENDED_ARG else 0  # noqa: PLR2004  bytes of an instruction
    if code[at] == opmap["UNPACK_EX"]:
        return code[at + 1] + more  # before a starred name, and after it
    return code[at + 1] + (more << 8)


class Progress(Inert):
    """Iterates over its argument, like a progress bar."""

    unmarkable = "a progress bar: return the numbers instead"
    write = pandas = staticmethod(lambda *_arguments, **_options: None)

    def __init__(self, iterable: Iterable[Any] | None = None, *_arguments: Any, **_options: Any) -> None:
        """Keep what to iterate over."""
        self._iterable = (self,) if iterable is None else iterable

    def __iter__(self) -> Iterator[Any]:
        return iter(self._iterable)

    def __len__(self) -> int:
        return operator.length_hint(self._iterable)


def _track(*numbers: Any, **_options: Any) -> Progress:
    return Progress(range(*numbers))


def _track_numbered(iterable: Iterable[Any], start: int = 0, *_arguments: Any, **_options: Any) -> Progress:
    return Progress(enumerate(iterable, start))


def _track_together(*iterables: Iterable[Any], **_options: Any) -> Progress:
    return Progress(zip(*iterables, strict=False))


def _track_called(function: Callable[..., Any], *iterables: Iterable[Any], **_options: Any) -> Progress:
    return Progress(map(function, *iterables))


def _call_each(function: Callable[..., Any], *iterables: Iterable[Any], **_options: Any) -> list[Any]:
    return [*map(function, *iterables)]


# the functions of tqdm's modules; every other name is a bar
PROGRESS_FUNCTIONS = {
    "trange": _track,
    "tnrange": _track,
    "tenumerate": _track_numbered,
    "tzip": _track_together,
    "tmap": _track_called,
    "thread_map": _call_each,
    "process_map": _call_each,
}


Progress.__name__ = Progress.__qualname__ = ITS_NAME


class InertModule(types.ModuleType):
    """A module in which every name is inert."""

    __path__: list[str] = []  # noqa: RUF012  a package's attribute, as the import system wants it

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self.__name__.partition(".")[0] == PROGRESS:
            return PROGRESS_FUNCTIONS.get(name, Progress)
        if name in ("pyplot", "pylab"):
            return importlib.import_module(f"{self.__name__}.{name}")
        return _subplots if name == "subplots" else getattr(Inert(), name)


InertModule.__name__ = InertModule.__qualname__ = "module"


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds inert modules for plotting and display; reports any other library that is not available."""

    def find_spec(self, fullname: str, _path: Any = None, _target: Any = None) -> importlib.machinery.ModuleSpec | None:
        """Handle modules that no other finder found."""
        package = fullname.partition(".")[0]
        if package in INERT or package == PROGRESS:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        if package == fullname and _asked_by_student():
            raise ModuleNotFoundError(
                f"{package} is not available: answers may use NumPy and Python's standard library", name=package
            )
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> InertModule:
        """Make the stand-in."""
        return InertModule(spec.name)

    def exec_module(self, _module: types.ModuleType) -> None:
        """Nothing to run."""


def _asked_by_student() -> bool:
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code.co_filename.startswith("<cell "):
            return True
        if not frame.f_code.co_filename.startswith("<frozen ") and frame.f_code.co_filename != __file__:
            return False
    return False
