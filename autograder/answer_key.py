"""The answer key beside a release notebook: visible trials only, as text that can be read and compared.

It lets `check()` compare and name mistakes without the solutions. It holds no hidden trial, no code and no seed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder.compare import compare
from autograder.errors import UsageError
from autograder.exercise import Prediction
from autograder.model import Value
from autograder.scheme import MarkScheme, MistakeWords, Rule, Trial, visible_part

VERSION = 1
FILE_NAME = "answer_key.json"
DEEPEST_LINE = 4


@dataclass(frozen=True)
class AnswerKey:
    """What `check()` knows of one notebook."""

    assignment: str
    schemes: Mapping[str, MarkScheme]
    predictions: Mapping[str, Prediction]


def read(path: Path) -> AnswerKey:
    """Read a key.

    Raises:
        UsageError: there is none, or it is another version's.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(
            f"check: there is no {path.name} in {path.absolute().parent}, but check() needs the one that came with the "
            "notebook; keep both in one folder and start the notebook from there"
        ) from None
    except ValueError as error:
        raise UsageError(f"check: {path} is damaged ({error}), but has to be as it came; copy it again") from None
    if data.get("version") != VERSION:
        raise UsageError(
            f"check: {path} is version {data.get('version')}, but this autograder reads {VERSION}; update both"
        )
    return AnswerKey(
        data["assignment"],
        {name: _read_scheme(name, scheme) for name, scheme in data["exercises"].items()},
        {name: _read_prediction(name, one) for name, one in data["predictions"].items()},
    )


def write(key: AnswerKey) -> str:
    """The text of a key; hidden trials are left out."""
    data = {
        "version": VERSION,
        "assignment": key.assignment,
        "exercises": {name: _scheme(visible_part(scheme)) for name, scheme in key.schemes.items()},
        "predictions": {
            name: {"answer": _pack(one.answer), "slips": [[_pack(value), words] for value, words in one.slips]}
            for name, one in key.predictions.items()
        },
    }
    return _lines(data) + "\n"


def _lines(data: Any, depth: int = 0) -> str:
    """JSON with a line for each trial: a person can read it, and a changed case is one changed line."""
    if isinstance(data, dict) and depth < DEEPEST_LINE:
        rows = [f"{json.dumps(name)}: {_lines(value, depth + 1)}" for name, value in data.items()]
        return "{\n" + ",\n".join(rows) + "\n}"
    if isinstance(data, list) and depth < DEEPEST_LINE:
        return "[\n" + ",\n".join(_lines(item, depth + 1) for item in data) + "\n]"
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _scheme(scheme: MarkScheme) -> dict[str, Any]:
    return {
        "rtol": scheme.rtol,
        "rules": [vars(rule) for rule in scheme.rules],
        "mistakes": {name: vars(words) for name, words in scheme.mistakes.items()},
        "trials": [
            {
                "behaviour": trial.behaviour,
                "arguments": [[name, _pack(value)] for name, value in trial.arguments],
                "named": trial.named,
                "expected": _pack(trial.expected),
                "wrong": {name: _pack(value) for name, value in trial.wrong.items() if not _is_right(value, trial)},
                "right": [name for name, value in trial.wrong.items() if _is_right(value, trial)],
                "changing": list(trial.changing),
            }
            for trial in scheme.trials
        ],
    }


def _is_right(value: Value, trial: Trial) -> bool:
    """Whether a mistake does not show on this trial; then its value need not be kept."""
    return compare(value, trial.expected).fault is None


def _read_scheme(function: str, data: Mapping[str, Any]) -> MarkScheme:
    trials = [_read_trial(one) for one in data["trials"]]
    mistakes = {name: MistakeWords(**words) for name, words in data["mistakes"].items()}
    return MarkScheme(function, [Rule(**rule) for rule in data["rules"]], trials, mistakes, data["rtol"])


def _read_trial(data: Mapping[str, Any]) -> Trial:
    expected = _unpack(data["expected"])
    wrong = {name: _unpack(value) for name, value in data["wrong"].items()}
    return Trial(
        data["behaviour"],
        [(name, _unpack(value)) for name, value in data["arguments"]],
        data["named"],
        expected,
        wrong | dict.fromkeys(data["right"], expected),
        data["changing"],
        visible=True,
    )


def _read_prediction(name: str, data: Mapping[str, Any]) -> Prediction:
    return Prediction(name, _unpack(data["answer"]), [(_unpack(value), words) for value, words in data["slips"]])


def _pack(value: Value) -> Any:
    """Arrays as {"dtype", "array"}, tuples as {"tuple"}, all else as JSON has it; floats keep every bit."""
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        return {"dtype": array.dtype.str, "array": array.tolist(), "shape": list(array.shape)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return {"tuple": [_pack(item) for item in value]}
    return value


def _unpack(data: Any) -> Value:
    if isinstance(data, dict):
        if "array" in data:
            return np.array(data["array"], dtype=data["dtype"]).reshape(data["shape"])
        return tuple(_unpack(item) for item in data["tuple"])
    return data
