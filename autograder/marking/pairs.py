"""Two known mistakes in one function: which pair does what a student's function did.

There are thousands of pairs, so each is known by a number for what it does on a trial, its signature, and not by its
arrays. The grader works signatures out when they are asked for; an answer key holds one for each behaviour.
"""

from __future__ import annotations

import base64
import builtins
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any, Protocol

import numpy as np

from autograder.course.exercise import Function, Mistake
from autograder.marking.compare import numbers
from autograder.model import Value

Pair = tuple[str, str]
Signatures = Mapping[str, Sequence[int]]  # of each trial of a behaviour, by the behaviour's name

# Numbers count as equal up to about a thousandth; the offset keeps halves, quarters and thirds off the border.
STEPS, OFFSET = 1000.0, 0.1234567
LARGEST = 2.0**62


class Call(Protocol):
    """A trial: one call that can be made with any function."""

    @property
    def behaviour(self) -> str:
        """The behaviour it belongs to."""

    @property
    def refused(self) -> bool:
        """Whether the call must raise a ValueError."""

    def call(self, function: Function) -> tuple[Value, list[Value]]:
        """Call a function; returns its value, and the arguments as they are afterwards."""


class Pairs(Protocol):
    """The pairs of known mistakes of one function."""

    def fitting(self, done: Signatures) -> list[Pair]:
        """The pairs that do all of this: their ids, in the order of the mistakes."""


# --- what was done, as a number ----------------------------------------------------------------------------------


def signature(value: Value) -> int:
    """A value as a number of 32 bits: equal for equal values, and nearly always for values that count as equal."""
    return zlib.crc32(b"".join(_bytes(value)))


def signature_of_error(kind: str, *, refused: bool = False) -> int:
    """An exception as a number of 32 bits; the same number for all that rightly refuse a call."""
    return zlib.crc32(b"refused" if refused else f"raised {kind}".encode())


def kind_of(error: BaseException) -> str:
    """The name of an exception's class, or of its first built-in base class."""
    return builtin(kind.__name__ for kind in type(error).__mro__)


def builtin(kinds: Iterable[str]) -> str:
    """The first of these names that is a built-in exception: a custom class counts as the one it extends."""
    return next((name for name in kinds if hasattr(builtins, name)), "")


def _bytes(value: Value) -> Iterator[bytes]:
    array = numbers(value)
    if array is not None:
        yield str(array.shape).encode()
        with np.errstate(all="ignore"):
            steps = np.floor(np.asarray(array, dtype=np.float64) * STEPS + OFFSET)
        yield np.nan_to_num(steps, nan=LARGEST / 2).clip(-LARGEST, LARGEST).astype(np.int64).tobytes()
    elif isinstance(value, tuple | list):
        yield f"{len(value)} items".encode()
        for item in value:
            yield from _bytes(item)
    else:
        yield repr(value).encode()


# --- worked out by the grader ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DrawnPairs:
    """Pairs of functions that can be called; what one does on a trial is worked out once, when it is asked for."""

    mistakes: Sequence[Mistake]
    trials: Sequence[Call]
    _known: dict[tuple[Pair, int], int] = field(default_factory=dict)

    @cached_property
    def functions(self) -> dict[Pair, Function]:
        """Each pair with the function that makes both mistakes: one is made around the other."""
        made = {}
        for first, second in combinations(self.mistakes, 2):
            outer, inner = (first, second) if first.over is not None else (second, first)
            if outer.over is not None:
                made[first.id, second.id] = outer.over(inner.function)
        return made

    def fitting(self, done: Signatures) -> list[Pair]:
        """The pairs that do all of this; nearly all are ruled out by the first trial."""
        left = list(self.functions)
        for behaviour, signatures in done.items():
            for place, wanted in zip(self._places(behaviour), signatures, strict=True):
                left = [pair for pair in left if self.does(pair, place) == wanted]
        return left

    def does(self, pair: Pair, place: int) -> int:
        """What a pair does on the trial at this place."""
        if (pair, place) not in self._known:
            self._known[pair, place] = what(self.functions[pair], self.trials[place])
        return self._known[pair, place]

    def _places(self, behaviour: str) -> list[int]:
        return [place for place, trial in enumerate(self.trials) if trial.behaviour == behaviour]


def what(function: Function, trial: Call) -> int:
    """What a function does on a trial, as a signature."""
    try:
        with np.errstate(all="ignore"):
            value, _ = trial.call(function)
    except MemoryError:  # it tells of this process and not of the mistake
        raise
    except Exception as error:  # noqa: BLE001  what a mistake raises is part of how it is known
        return signature_of_error(kind_of(error), refused=trial.refused and isinstance(error, ValueError))
    return signature(value)


# --- kept in an answer key ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KeptPairs:
    """Pairs without code: of each behaviour, a signature for what each pair does on all of its trials.

    Attributes:
        pairs: the ids of each.
        table: by the behaviour's name, a number for each pair.
    """

    pairs: Sequence[Pair]
    table: Mapping[str, np.ndarray]

    def fitting(self, done: Signatures) -> list[Pair]:
        """The pairs that do all of this."""
        fits = np.ones(len(self.pairs), dtype=bool)
        for behaviour, signatures in done.items():
            fits &= self.table[behaviour] == _joined(signatures)
        return [pair for pair, fit in zip(self.pairs, fits, strict=True) if fit]


def keep(drawn: DrawnPairs) -> KeptPairs:
    """Work out what every pair does; pairs that do nothing but what one of them does alone are left out."""
    behaviours = list(dict.fromkeys(trial.behaviour for trial in drawn.trials))
    places = {name: [at for at, trial in enumerate(drawn.trials) if trial.behaviour == name] for name in behaviours}

    def row(function: Function) -> tuple[int, ...]:
        done = [what(function, trial) for trial in drawn.trials]
        return tuple(_joined([done[at] for at in places[name]]) for name in behaviours)

    alone = {row(mistake.function) for mistake in drawn.mistakes}
    rows = {pair: row(function) for pair, function in drawn.functions.items()}
    real = {pair: numbers for pair, numbers in rows.items() if numbers not in alone}
    columns = np.array(list(real.values()), dtype=np.uint32).reshape(len(real), len(behaviours)).T
    return KeptPairs(list(real), dict(zip(behaviours, columns, strict=True)))


def _joined(signatures: Sequence[int]) -> int:
    return zlib.crc32(np.asarray(signatures, dtype="<u4").tobytes())


def write(kept: KeptPairs) -> dict[str, Any]:
    """Pairs as JSON has them: the ids, and the signatures of each behaviour as packed bytes."""
    ids = list(dict.fromkeys(id_ for pair in kept.pairs for id_ in pair))
    which = np.array([[ids.index(id_) for id_ in pair] for pair in kept.pairs], dtype="<u2").reshape(-1, 2)
    return {
        "ids": ids,
        "which": pack(which.tobytes()),
        "done": {name: pack(column.astype("<u4").tobytes()) for name, column in kept.table.items()},
    }


def read(data: Mapping[str, Any]) -> KeptPairs:
    """Pairs from what `write` gave."""
    which = np.frombuffer(unpack(data["which"]), dtype="<u2").reshape(-1, 2)
    pairs = [(data["ids"][first], data["ids"][second]) for first, second in which.tolist()]
    return KeptPairs(pairs, {name: np.frombuffer(unpack(text), dtype="<u4") for name, text in data["done"].items()})


def pack(data: bytes) -> str:
    """Bytes as text, compressed."""
    return base64.b64encode(zlib.compress(data, 9)).decode()


def unpack(text: str) -> bytes:
    """Bytes from what `pack` gave."""
    return zlib.decompress(base64.b64decode(text))
