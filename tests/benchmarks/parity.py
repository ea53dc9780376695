"""Compares `solutions` with the layers of live Keras, on every configuration that `course.data.keras_outputs` declares.

Run it from the top of the repository, with or without a file for the table:

    make keras
    python -m tests.benchmarks.parity --out results/parity.md

The reference computes in float64 from the float32 numbers that Keras gets: what is measured is Keras's rounding. A run
needs about four minutes, nearly all of it jax's.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from course.data.keras_outputs import Answer, Configuration, declared, inputs, stored
from course.data.make_keras_outputs import live, versions
from solutions import ShapeError, avg_pool2d, conv2d, global_avg_pool, global_max_pool, max_pool2d

TABLE = Path(__file__).with_suffix(".md")
RTOL = 1e-5
# For sums that cancel: the share of the largest number that they could have come to.
ATOL = 1e-6

REFERENCE: Mapping[str, Callable[..., Any]] = {
    "Conv2D": conv2d,
    "MaxPooling2D": max_pool2d,
    "AveragePooling2D": avg_pool2d,
    "GlobalMaxPooling2D": global_max_pool,
    "GlobalAveragePooling2D": global_avg_pool,
}
EXACT = {"MaxPooling2D", "GlobalMaxPooling2D"}
OF_THE_WEIGHTS = {"filters", "kernel_size", "use_bias"}


@dataclass(frozen=True)
class Comparison:
    """How a function and Keras fare on one configuration.

    Attributes:
        layer: of Keras.
        refused: Keras refuses.
        alike: both refuse; or the shapes are equal, and the values within rounding.
        absolute: the largest difference; 0 if there is nothing to compare.
        relative: that, as a share of the largest number that a sum of these numbers could have come to.
    """

    layer: str
    refused: bool
    alike: bool
    absolute: float = 0.0
    relative: float = 0.0


def compare(
    configuration: Configuration,
    answer: Answer,
    function: Callable[..., Any] | None = None,
    dtype: type[np.floating[Any]] = np.float64,
) -> Comparison:
    """Hold a function, by default the reference, against what Keras made of a configuration."""
    layer, refused = configuration.layer, bool(answer.refusal)
    arrays = {name: array.astype(dtype) for name, array in inputs(configuration).items()}
    options = {name: value for name, value in configuration.options.items() if name not in OF_THE_WEIGHTS}
    try:
        ours = np.asarray((function or REFERENCE[layer])(**arrays, **options))
    except ShapeError:
        return Comparison(layer, refused, alike=refused)
    if refused or ours.shape != answer.output.shape:
        return Comparison(layer, refused, alike=False)
    difference = np.abs(ours - answer.output.astype(np.float64))
    largest = _largest(layer, arrays, options)
    bound = 0 if layer in EXACT else RTOL * np.abs(answer.output) + ATOL * largest
    absolute = float(difference.max())
    # No filter cell need lie on a pixel, as in a dilated kernel over an image of one: then all is 0.
    relative = absolute / largest if largest else absolute
    return Comparison(layer, refused, bool((difference <= bound).all()), absolute, relative)


def _largest(layer: str, arrays: Mapping[str, np.ndarray], options: Mapping[str, Any]) -> float:
    """The largest number that could come out if nothing cancelled."""
    return float(REFERENCE[layer](**{name: np.abs(array) for name, array in arrays.items()}, **options).max())


def table(comparisons: Sequence[Comparison]) -> str:
    """A line for each layer, in Markdown."""
    lines = [
        "| layer | configurations | alike | refused by Keras | refused alike | largest error | relative |",
        "|---|---|---|---|---|---|---|",
        *(_row(layer, [one for one in comparisons if one.layer == layer]) for layer in REFERENCE),
        _row("all", comparisons),
    ]
    return "\n".join(lines) + "\n"


def _row(name: str, comparisons: Sequence[Comparison]) -> str:
    run, refused = ([one for one in comparisons if one.refused is whether] for whether in (False, True))
    counts = [number for part in (run, refused) for number in (len(part), sum(one.alike for one in part))]
    errors = [max(one.absolute for one in run), max(one.relative for one in run)]
    return f"| {' | '.join([name, *map(str, counts), *map(_error, errors)])} |"


def _error(number: float) -> str:
    return f"{number:.1e}" if number else "0"


def kept(configurations: Sequence[Configuration], answers: Sequence[Answer]) -> str:
    """Tell in a sentence how far the stored answers are from live ones."""
    file = stored()
    before = {str(one): answer for one, answer in zip(file.configurations, file.answers, strict=True)}
    pairs = [(before.get(str(one), Answer()), answer) for one, answer in zip(configurations, answers, strict=True)]
    same = [(old, new) for old, new in pairs if _form(old) == _form(new)]
    largest = max(float(np.abs(new.output - old.output).max(initial=0)) for old, new in same)
    return (
        f"{len(same)} of {len(pairs)} stored answers have the shape of the live ones, or are refused like them; "
        f"the largest difference is {_error(largest)}."
    )


def _form(answer: Answer) -> tuple[tuple[int, ...], bool]:
    return answer.output.shape, bool(answer.refusal)


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask Keras, print the table, and write it to a file if one is named; an error if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, help="a file for the table")
    options = parser.parse_args(arguments)
    configurations = declared()
    answers = live(configurations)
    comparisons = [compare(*both) for both in zip(configurations, answers, strict=True)]
    report = f"{_heading()}\n\n{table(comparisons)}\n{kept(configurations, answers)}\n"
    sys.stdout.write(report)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(report)
    if differing := [str(one) for one, found in zip(configurations, comparisons, strict=True) if not found.alike]:
        sys.exit("\n".join(["parity: the reference and Keras differ in", *differing]))


def _heading() -> str:
    running = ", ".join(f"{name} {number}" for name, number in versions().items())
    return (
        f"{running}, float32, against the reference, float64 on NumPy {np.__version__}.\n"
        "Relative: to the largest possible number if nothing cancelled.\n"
        f"Alike: within {RTOL:g} of the value plus {ATOL:g} of that number; maxima exactly."
    )


if __name__ == "__main__":
    main()
