"""The answer key next to a release notebook: visible trials only, as readable text.

It lets `check()` compare and name mistakes without the solutions. It contains no hidden trial, no code and no seed, and
answers to predictions only as seals. What known mistakes do is most of it, and is packed.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from autograder.course.exercise import Hint
from autograder.errors import CourseError, UsageError
from autograder.marking import pairs
from autograder.marking.compare import compare
from autograder.marking.pairs import DrawnPairs
from autograder.marking.predictions import Asked
from autograder.marking.scheme import Effect, MarkScheme, MistakeWords, Rule, Trial
from autograder.model import Value, Windows

VERSION = 4
FILE_NAME = "answer_key.json"
DEEPEST_LINE = 4
EXACT = 2.0**53  # whole floats below this equal an integer exactly
Recall = Callable[[str, object, Callable[[], dict[str, Any]]], dict[str, Any]]


@dataclass(frozen=True)
class AnswerKey:
    """What `check()` knows about one notebook."""

    assignment: str
    schemes: Mapping[str, MarkScheme]
    predictions: Mapping[str, Asked]


def read(path: Path) -> AnswerKey:
    """Read a key.

    Raises:
        UsageError: there is none, or it is another version.
    """
    try:
        status = path.stat()
        version, key = _read_file(path.absolute(), (status.st_mtime_ns, status.st_size))
        if key is not None:
            return key
    except FileNotFoundError:
        raise UsageError(_missing(path)) from None
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise UsageError(f"check: {path} is damaged ({error!r}). Copy it again.") from None
    raise UsageError(f"check: {path} is version {version}, but this autograder reads version {VERSION}. Update both.")


def _missing(path: Path) -> str:
    try:
        folder = path.absolute().parent
    except FileNotFoundError:
        return (
            "check: the notebook's folder was deleted, moved or replaced while the notebook was running. Close the "
            "notebook, choose Kernel > Shut Down, and open it again."
        )
    return (
        f"check: there is no {path.name} in {folder}. Keep the one that came with the notebook in the same folder, and "
        "start the notebook from there."
    )


@functools.lru_cache(maxsize=2)
def _read_file(path: Path, _changed: tuple[int, int]) -> tuple[Any, AnswerKey | None]:
    """The version of a key, and the key if its version is ours; read again only if the file has changed."""
    data = json.loads(path.read_text(encoding="utf-8"))
    version = data.get("version")
    return version, _read_key(data) if version == VERSION else None


def _read_key(data: Mapping[str, Any]) -> AnswerKey:
    return AnswerKey(
        data["assignment"],
        {name: _read_scheme(name, scheme) for name, scheme in data["exercises"].items()},
        {name: _read_prediction(name, prediction) for name, prediction in data["predictions"].items()},
    )


def write(key: AnswerKey, recall: Recall | None = None) -> str:
    """The text of a key.

    Args:
        key: as it was drawn.
        recall: gives what an earlier build has worked out under a name, if the same was asked, or has it worked out.

    Raises:
        CourseError: a scheme contains hidden trials, or a prediction its answer; neither may be released.
    """
    for name, prediction in key.predictions.items():
        if not prediction.salt:
            raise CourseError(f"answer key, {name}: its answer is not sealed. Give it a salt.")
    for name, scheme in key.schemes.items():
        if not all(trial.visible for trial in scheme.trials):
            raise CourseError(
                f"answer key, {name}: it contains hidden trials, which may not be released. Draw it without a seed."
            )
    data = {
        "version": VERSION,
        "assignment": key.assignment,
        "exercises": {name: _scheme(scheme, recall) for name, scheme in key.schemes.items()},
        "predictions": {
            name: {"shape": asked.shape, "cells": asked.cells, "slips": asked.slips, "salt": asked.salt}
            for name, asked in key.predictions.items()
        },
    }
    return _lines(data) + "\n"


def _lines(data: Any, depth: int = 0) -> str:
    """JSON with a line per trial: people can read it, and a changed case is one changed line."""
    if isinstance(data, dict) and depth < DEEPEST_LINE:
        rows = [f"{json.dumps(name)}: {_lines(value, depth + 1)}" for name, value in data.items()]
        return "{\n" + ",\n".join(rows) + "\n}"
    if isinstance(data, list) and depth < DEEPEST_LINE:
        return "[\n" + ",\n".join(_lines(item, depth + 1) for item in data) + "\n]"
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _scheme(scheme: MarkScheme, recall: Recall | None) -> dict[str, Any]:
    trials = [_trial(trial) for trial in scheme.trials]
    asked = {"rtol": scheme.rtol, "trials": trials, "mistakes": list(scheme.mistakes)}
    return {
        "rtol": scheme.rtol,
        "rules": [vars(rule) for rule in scheme.rules],
        "unseen": [vars(rule) for rule in scheme.unseen],
        "hints": [vars(hint) for hint in scheme.hints],
        "mistakes": {name: vars(words) for name, words in scheme.mistakes.items()},
        "trials": trials,
        **(recall(scheme.function, asked, partial(_done, scheme)) if recall else _done(scheme)),
    }


def _trial(trial: Trial) -> dict[str, Any]:
    return {
        "behaviour": trial.behaviour,
        "arguments": [[name, _pack(value)] for name, value in trial.arguments],
        "named": trial.named,
        "refused": trial.refused,
        "expected": _pack(trial.expected),
        **({"windows": asdict(trial.windows)} if trial.windows else {}),
        **({"sizes": trial.sizes} if trial.sizes else {}),
        **({"whole": True} if trial.whole else {}),
        **({"plainer": trial.plainer} if trial.plainer else {}),
    }


def _done(scheme: MarkScheme) -> dict[str, Any]:
    """What known mistakes do: each alone, on every trial, and every two of them together."""
    known = json.dumps([_known(trial) for trial in scheme.trials], ensure_ascii=False, separators=(",", ":"))
    two = {"pairs": pairs.write(pairs.keep(scheme.pairs))} if isinstance(scheme.pairs, DrawnPairs) else {}
    return {"known": pairs.pack(known.encode()), **two}


def _known(trial: Trial) -> list[list[Any]]:
    """The effects of mistakes, each with the ids of all that have it: on one trial, many have the same."""
    effects: dict[str, tuple[dict[str, Any], list[str]]] = {}
    for name, effect in trial.known.items():
        written = _effect(effect, trial)
        effects.setdefault(json.dumps(written), (written, []))[1].append(name)
    return [[names, written] for written, names in effects.values()]


def _effect(effect: Effect, trial: Trial) -> dict[str, Any]:
    """The effect of a mistake; a right value is left out, which saves most of a key."""
    if effect.raises is not None:
        return {"raises": effect.raises, "refuses": effect.refuses, "skeleton": effect.skeleton}
    right = compare(effect.value, trial.expected).fault is None
    value = {} if right else {"value": _pack(effect.value)}
    return {**value, "changes": True} if effect.changes_input else value


def _read_scheme(function: str, data: Mapping[str, Any]) -> MarkScheme:
    known = json.loads(pairs.unpack(data["known"]))
    trials = [_read_trial(*both) for both in zip(data["trials"], known, strict=True)]
    mistakes = {name: MistakeWords(**words) for name, words in data["mistakes"].items()}
    rules, hints = [Rule(**rule) for rule in data["rules"]], [Hint(**hint) for hint in data["hints"]]
    unseen = [Rule(**rule) for rule in data["unseen"]]
    return MarkScheme(function, rules, trials, mistakes, data["rtol"], pairs.read(data["pairs"]), hints, unseen)


def _read_trial(data: Mapping[str, Any], known: Sequence[Sequence[Any]]) -> Trial:
    expected = _unpack(data["expected"])
    return Trial(
        data["behaviour"],
        [(name, _unpack(value)) for name, value in data["arguments"]],
        data["named"],
        visible=True,
        expected=expected,
        known=_read_known(known, expected),
        refused=data["refused"],
        windows=_read_windows(data["windows"]) if "windows" in data else None,
        sizes=data.get("sizes", ()),
        whole=data.get("whole", False),
        plainer=data.get("plainer", {}),
    )


def _read_windows(data: Mapping[str, Any]) -> Windows:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    return Windows(**fields)


def _read_known(data: Sequence[Sequence[Any]], expected: Value) -> dict[str, Effect]:
    effects = [(names, _read_effect(written, expected)) for names, written in data]
    return {name: effect for names, effect in effects for name in names}


def _read_effect(data: Mapping[str, Any], expected: Value) -> Effect:
    if "raises" in data:
        return Effect(raises=data["raises"], refuses=data["refuses"], skeleton=data["skeleton"])
    return Effect(_unpack(data["value"]) if "value" in data else expected, changes_input=data.get("changes", False))


def _read_prediction(name: str, data: Mapping[str, Any]) -> Asked:
    shape = None if data["shape"] is None else tuple(data["shape"])
    return Asked(name, shape, tuple(data["cells"]), [(seal, words) for seal, words in data["slips"]], data["salt"])


def _pack(value: Value) -> Any:
    """Arrays as {"dtype", "array"}, tuples as {"tuple"}, everything else as in JSON; floats keep every bit."""
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        shape = {} if array.size else {"shape": list(array.shape)}  # which a list without numbers does not show
        return {"dtype": array.dtype.str, "array": _listed(array), **shape}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return {"tuple": [_pack(item) for item in value]}
    return value


def _listed(array: np.ndarray) -> Any:
    """Nested lists; whole floats, except -0.0, are written without ".0", which saves a quarter of a key."""
    if array.dtype.kind != "f":
        return array.tolist()
    whole = (array == np.trunc(array)) & (np.abs(array) < EXACT) & ~((array == 0) & np.signbit(array))
    listed = array.astype(object)
    listed[whole] = array[whole].astype(np.int64).astype(object)
    return listed.tolist()


def _unpack(data: Any) -> Value:
    if isinstance(data, dict):
        if "array" in data:
            array = np.array(data["array"], dtype=data["dtype"])
            return array.reshape(data["shape"]) if "shape" in data else array
        return tuple(_unpack(item) for item in data["tuple"])
    return data
