"""Keras beside a student's functions: live where it is installed, else from a file, and a sentence where neither is."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import solutions
from autograder.course.folder import load_course
from course import keras_bridge
from course.exercises.keras_bridge import ASSIGNMENT
from course.keras_bridge import BridgeError, asking, comparing, live, stored
from course.keras_bridge.calls import Call, call
from course.keras_bridge.declared import MODELS, A, B, W, X, calls
from course.keras_bridge.stored import StandIn, described
from tests.benchmarks.parity import REFERENCE
from tests.schemes import EXERCISES

COURSE = Path(keras_bridge.__file__).parents[1]
STORED = stored.stored()
NOT_INSTALLED = "Keras is not installed"
OF_THE_WEIGHTS = {"filters", "kernel_size", "use_bias"}
RTOL, ATOL = 1e-5, 1e-5
# Channels first; a window of two columns fits four times, and there are four filters.
FIVE_COLUMNS = X.transpose(0, 3, 1, 2)[..., :5]

each_call = pytest.mark.parametrize("asked", calls(), ids=str)


@pytest.fixture
def without_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which Keras is not installed."""
    monkeypatch.setattr(asking, "connection", lambda: NOT_INSTALLED)


def options(asked: Call) -> dict[str, Any]:
    """The options that a function takes, too."""
    return {name: value for name, value in asked.options.items() if name not in OF_THE_WEIGHTS}


class TestStored:
    """What Keras returned when the file was made."""

    def test_the_file_holds_what_is_declared(self) -> None:
        """The script that would run now is the one that ran."""
        assert set(STORED.outputs) == {one.key for one in calls()}
        assert set(STORED.summaries) == {described(layers(StandIn(""))) for layers in MODELS}
        assert STORED.versions.keys() == {"keras", "jax"}

    @each_call
    def test_the_reference_gives_what_keras_gave(self, asked: Call) -> None:
        """Equal shapes, and equal values within rounding."""
        expected = REFERENCE[asked.layer](asked.x.astype(float), *asked.weights, **options(asked))
        actual = STORED.outputs[asked.key]

        assert actual.shape == expected.shape
        np.testing.assert_allclose(actual, expected, rtol=RTOL, atol=ATOL)

    @each_call
    def test_live_keras_still_gives_it(self, asked: Call) -> None:
        """Run anew, each layer returns what is stored."""
        # not by importing it, which without a setting looks for TensorFlow
        if importlib.util.find_spec("keras") is None:
            pytest.skip("needs Keras and jax: make keras")
        found = live.connect()

        assert isinstance(found, live.Live)
        np.testing.assert_allclose(found.run(asked), STORED.outputs[asked.key], rtol=RTOL, atol=ATOL)

    def test_summaries_hold_the_shapes_and_parameters_that_are_predicted(self) -> None:
        """The numbers in the tables are those that students are told to be right."""
        answers = {prediction.name: prediction.answer for prediction in ASSIGNMENT.predictions}
        first, second = STORED.summaries.values()

        assert f"(None, {', '.join(map(str, answers['last_shape']))})" in first
        assert f"(None, {', '.join(map(str, answers['pooled_shape']))})" in second
        assert f"Total params: {answers['trap_count']:,} " in first
        assert f"Total params: {answers['pooled_parameters']:,} " in second

    def test_keras_gives_what_the_traps_are_told_to_be(self) -> None:
        """What a student is told to be right is what Keras returned."""
        answers = {prediction.name: prediction.answer for prediction in ASSIGNMENT.predictions}
        outputs = {str(one): STORED.outputs[one.key] for one in calls()}
        traps = {
            "Conv2D(filters=4, kernel_size=(3, 2), strides=(2, 1)) on x (2, 7, 6, 3)": "trap_shape",
            'MaxPooling2D(pool_size=3, padding="same") on x (2, 7, 6, 3)': "trap_pool",
        }
        planes = {
            'Conv2D(filters=1, kernel_size=3, use_bias=False, strides=2, padding="same") on x (1, 4, 4, 1)': "trap_pad",
            'AveragePooling2D(pool_size=2, padding="same") on x (1, 3, 3, 1)': "trap_mean",
        }

        assert {name: outputs[asked].shape for asked, name in traps.items()} == {
            name: answers[name] for name in traps.values()
        }
        assert {name: outputs[asked][0, :, :, 0].tolist() for asked, name in planes.items()} == {
            name: answers[name] for name in planes.values()
        }


class TestCalls:
    """One call, written in one way."""

    def test_equal_options_are_found_however_they_are_written(self) -> None:
        """Pairs and numbers, tuples and lists, defaults said and left out."""
        short = call("AveragePooling2D", X, pool_size=3, strides=2, padding="same")
        long = call(
            "AveragePooling2D", X, padding="same", strides=[2, 2], pool_size=(3, 3), data_format="channels_last"
        )

        assert short.key == long.key
        assert call("Conv2D", X, W, B, strides=(1, 1), padding="valid").key == call("Conv2D", X, W, B).key

    @pytest.mark.parametrize(
        "other",
        [
            call("MaxPooling2D", X, pool_size=2),
            call("AveragePooling2D", X, pool_size=3),
            call("MaxPooling2D", X, pool_size=3, padding="same"),
            call("MaxPooling2D", X[:1], pool_size=3),
            call("MaxPooling2D", X + 1, pool_size=3),
            call("MaxPooling2D", X.reshape(2, 6, 7, 3), pool_size=3),
        ],
        ids=str,
    )
    def test_another_call_has_another_key(self, other: Call) -> None:
        """Layer, options, shape and numbers all count."""
        assert other.key != call("MaxPooling2D", X, pool_size=3).key

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("Conv3D", X), "layer: it is 'Conv3D', but must be one of Conv2D, MaxPooling2D,"),
            (("MaxPooling2D", A), r"x has shape \(4, 4\), but must have 4 axes, .*; for a gray image write x\["),
            (("Conv2D", X), r"the shapes \[\], but must be a kernel \(i, j, c, o\)"),
            (("Conv2D", X, W[0]), r"the shapes \[\(2, 3, 4\)\], but must be"),
            (("Conv2D", X, W, B[:3]), r"hand over x, w or x, w, b"),
        ],
    )
    def test_what_cannot_be_asked_is_told(self, arguments: tuple[Any, ...], words: str) -> None:
        """What it is, what it must be, and what to do."""
        with pytest.raises(BridgeError, match=words):
            call(*arguments)

    def test_numbers(self) -> None:
        """Different numbers from -2 to 2, exact in float32; another start gives others."""
        drawn, others = keras_bridge.numbers(10, 20), keras_bridge.numbers(200, start=1000)

        assert len({*drawn.ravel().tolist(), *others.tolist()}) == 400
        assert -2 <= drawn.min() < -1.9 < 1.9 < drawn.max() <= 2
        np.testing.assert_array_equal(drawn, drawn.astype(np.float32))


@pytest.mark.usefixtures("without_keras")
class TestWithoutKeras:
    """Stored outputs take its place, and say so."""

    def test_the_source_is_named(self) -> None:
        """In one line, with what to install."""
        versions = STORED.versions

        assert repr(keras_bridge.source()) == (
            f"stored: Keras {versions['keras']} on jax. Keras is not installed; to run it live: "
            "pip install 'convolution-by-hand[keras]'"
        )

    def test_few_numbers_are_shown(self) -> None:
        """A plane of one image and one channel, with its shape and source."""
        said = repr(
            keras_bridge.layer("AveragePooling2D", np.arange(1, 10).reshape(1, 3, 3, 1), padding="same", pool_size=2)
        )

        assert said.splitlines()[:-1] == [
            'AveragePooling2D(padding="same", pool_size=2) on x (1, 3, 3, 1)',
            "  shape (1, 2, 2, 1)",
            "  [3.  4.5]",
            "  [7.5 9. ]",
        ]
        assert said.endswith(f"on jax ({NOT_INSTALLED})")

    def test_many_numbers_are_not(self) -> None:
        """The shape says enough."""
        assert len(repr(keras_bridge.layer("MaxPooling2D", X, pool_size=3, padding="same")).splitlines()) == 3

    def test_a_call_that_is_not_stored_is_told(self) -> None:
        """In a sentence: as an exception where an output is asked for, as text where it is compared."""
        words = (
            "MaxPooling2D(pool_size=5) on x (2, 7, 6, 3): this call is not stored, and Keras is not "
            "installed. Call it as the notebook does, or run Keras on jax: "
            "pip install 'convolution-by-hand[keras]'"
        )

        with pytest.raises(BridgeError) as raised:
            keras_bridge.layer("MaxPooling2D", X, pool_size=5)
        assert str(raised.value) == words
        assert repr(keras_bridge.beside(solutions.max_pool2d, "MaxPooling2D", X, pool_size=5)) == words

    def test_a_stored_model_is_summed_up(self, capsys: pytest.CaptureFixture[str]) -> None:
        """As Keras printed it, and the source below."""
        keras = keras_bridge.keras()
        keras.Sequential(MODELS[0](keras)).summary()

        printed = capsys.readouterr().out
        assert "Total params: 19,392" in printed
        assert printed.endswith(f"\n{STORED}\n")

    def test_a_model_that_is_not_stored_is_told(self) -> None:
        """What to do is write it as the notebook has it, or install Keras."""
        keras = keras_bridge.keras()
        model = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(5, 3)])

        with pytest.raises(
            BridgeError, match=r"this model is not stored, and Keras is not installed\. Write the model as"
        ):
            model.summary()

    def test_what_the_stand_in_has_not_is_told(self) -> None:
        """It is no Keras."""
        with pytest.raises(AttributeError, match=r"keras.Model: Keras is not installed, and its stand-in has Input"):
            _ = keras_bridge.keras().Model


class TestBeside:
    """A function and a layer on the same arrays."""

    pytestmark = pytest.mark.usefixtures("without_keras")

    def last_lines(self, function: Any, *arrays: Any, **named: Any) -> list[str]:
        """What is said of the function."""
        return repr(keras_bridge.beside(function, *arrays, **named)).splitlines()[2:]

    def test_the_same_numbers(self) -> None:
        """Pooling rounds nothing."""
        said = self.last_lines(solutions.max_pool2d, "MaxPooling2D", X, pool_size=(3, 2), padding="same")

        assert said == ["  yours       (2, 3, 3, 3), max_pool2d", "  difference  none: every number is the same"]

    def test_the_same_but_for_rounding(self) -> None:
        """A difference in the last digits of float32 is none."""
        said = self.last_lines(solutions.conv2d, "Conv2D", X, W, B, strides=2, padding="same", activation="relu")

        assert re.fullmatch(r"  difference  \d\.\de-0[67] at most: the same, except for rounding", said[1])

    def test_other_numbers(self) -> None:
        """How many, and the first of them with its place."""

        def one_off(x: Any, pool_size: Any, padding: Any) -> Any:
            pooled = solutions.max_pool2d(x, pool_size, padding=padding)
            pooled[1, 0, 2, 1] += 1
            return pooled

        right = float(STORED.outputs[call("MaxPooling2D", X, pool_size=(3, 2), padding="same").key][1, 0, 2, 1])
        said = self.last_lines(one_off, "MaxPooling2D", X, pool_size=(3, 2), padding="same")

        assert said[1] == (
            "  difference  1 at most: 1 of 54 numbers are not the same; the first is at [1, 0, 2, 1], "
            f"where Keras has {right:.6g} and yours {right + 1:.6g}"
        )

    def test_not_a_number_is_no_number(self) -> None:
        """It differs from every number."""
        said = self.last_lines(lambda x: np.full((2, 3), np.nan), "GlobalMaxPooling2D", X)

        assert "6 of 6 numbers are not the same" in said[1]

    def test_another_shape(self) -> None:
        """Numbers are not compared then."""
        said = self.last_lines(lambda x: x.max(axis=(1, 2), keepdims=True), "GlobalMaxPooling2D", X)

        assert said == ["  yours       (2, 1, 1, 3), <lambda>", "  difference  the shapes are not the same"]

    def test_a_function_that_is_not_there_yet(self) -> None:
        """It is named, even where another one calls it, and its own words are shown."""

        def pool(x: Any) -> Any:
            raise NotImplementedError("paste your own")

        for function in (pool, lambda x: 2 * pool(x)):
            said = self.last_lines(function, "GlobalMaxPooling2D", X)

            assert said == ["  yours       not here yet: pool (paste your own)"]

    def test_a_function_that_stops(self) -> None:
        """With what, and never further."""
        said = self.last_lines(lambda x: x[9], "GlobalMaxPooling2D", X)

        assert said[0].startswith("  yours       <lambda> stopped with IndexError: index 9 is out of bounds")

    def test_what_keras_refuses_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """With its own words."""

        def refuse(asked: Call) -> None:
            raise TypeError("unexpected keyword argument")

        monkeypatch.setattr(comparing, "ask", refuse)
        said = keras_bridge.beside(solutions.max_pool2d, "MaxPooling2D", X, window=3)

        assert repr(said) == "Keras refuses this MaxPooling2D, with TypeError: unexpected keyword argument"

    def test_a_student_reads_no_data_format(self) -> None:
        """The functions of the course know one layout."""
        asked = call("Conv2D", X.transpose(0, 3, 1, 2), W, B, padding="same", data_format="channels_first")
        said = self.last_lines(
            lambda x, w, b, padding: STORED.outputs[asked.key],
            "Conv2D",
            asked.x,
            W,
            B,
            padding="same",
            data_format="channels_first",
        )

        assert said[1] == "  difference  none: every number is the same"


FAKE = """
import os
seen = {name: os.environ.get(name) for name in ("KERAS_BACKEND", "KERAS_HOME")}
home_is_there = os.path.isdir(seen["KERAS_HOME"] or "")
"""


class TestLive:
    """How Keras is imported, and where its numbers are not used."""

    @pytest.fixture
    def fake(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        """A folder on the path with a package `keras` that writes down how it was imported."""
        monkeypatch.delitem(sys.modules, "keras", raising=False)
        monkeypatch.delenv("KERAS_BACKEND", raising=False)
        monkeypatch.delenv("KERAS_HOME", raising=False)
        monkeypatch.syspath_prepend(tmp_path)
        file = tmp_path / "keras.py"
        file.write_text(FAKE)
        yield file
        sys.modules.pop("keras", None)

    @pytest.mark.usefixtures("fake")
    def test_jax_is_chosen_and_no_home_is_written(self) -> None:
        """For the import alone: the environment is as before afterwards."""
        import os  # noqa: PLC0415 - for this test only

        before = dict(os.environ)
        found = live.connect()

        assert isinstance(found, live.Live)
        assert found.keras.seen["KERAS_BACKEND"] == "jax"
        assert found.keras.home_is_there
        assert not Path(found.keras.seen["KERAS_HOME"]).exists()
        assert dict(os.environ) == before

    @pytest.mark.usefixtures("fake")
    def test_a_chosen_backend_is_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """And with it the user's own settings."""
        monkeypatch.setenv("KERAS_BACKEND", "openvino")
        found = live.connect()

        assert isinstance(found, live.Live)
        assert found.keras.seen == {"KERAS_BACKEND": "openvino", "KERAS_HOME": None}

    def test_a_backend_that_is_missing_is_told(self, fake: Path) -> None:
        """Keras is there, and cannot be imported."""
        fake.write_text("raise ModuleNotFoundError(\"No module named 'jax'\")")

        assert live.connect() == "Keras cannot be imported (No module named 'jax')"

    def test_no_keras(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It is not installed."""
        monkeypatch.delitem(sys.modules, "keras", raising=False)
        monkeypatch.setattr(live.importlib.util, "find_spec", lambda name: None)

        assert live.connect() == NOT_INSTALLED

    @pytest.mark.parametrize(
        ("backend", "asked", "expected"),
        [
            ("torch", call("AveragePooling2D", X, pool_size=3, strides=2, padding="same"), True),
            ("torch", call("AveragePooling2D", X, pool_size=3, strides=1, padding="same"), False),
            ("torch", call("AveragePooling2D", X, pool_size=3, strides=2), False),
            ("torch", call("MaxPooling2D", X, pool_size=3, strides=2, padding="same"), False),
            ("jax", call("AveragePooling2D", X, pool_size=3, strides=2, padding="same"), False),
            ("tensorflow", call("Conv2D", FIVE_COLUMNS, W, B, data_format="channels_first"), True),
            ("tensorflow", call("Conv2D", FIVE_COLUMNS, W, data_format="channels_first"), False),
            ("tensorflow", call("Conv2D", FIVE_COLUMNS, W, B, data_format="channels_first", padding="same"), False),
            ("tensorflow", call("Conv2D", FIVE_COLUMNS.transpose(0, 2, 3, 1), W, B), False),
            ("jax", call("Conv2D", FIVE_COLUMNS, W, B, data_format="channels_first"), False),
        ],
    )
    def test_where_a_backend_is_wrong(self, backend: str, asked: Call, expected: bool) -> None:
        """Uneven padding of means on torch; a bias with as many columns as filters on TensorFlow."""
        assert live.is_wrong_on(backend, asked) is expected

    def test_a_wrong_backend_is_not_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The stored output takes its place, and the line says why; what is not stored is told."""
        torch = SimpleNamespace(backend=SimpleNamespace(backend=lambda: "torch"), __version__="3.15.1")
        monkeypatch.setattr(asking, "connection", lambda: live.Live(torch))
        answer = keras_bridge.layer("AveragePooling2D", X, pool_size=3, strides=2, padding="same")

        assert answer.source == f"{STORED} (Keras on torch is known to be wrong here)"
        with pytest.raises(BridgeError, match="this call is not stored, and Keras on torch is known to be wrong here"):
            keras_bridge.layer("AveragePooling2D", X, pool_size=5, strides=2, padding="same")
        assert repr(keras_bridge.source()) == "live: Keras 3.15.1 on torch"
        assert keras_bridge.keras() is torch


@dataclass
class Recorded:
    """A table that remembers what was looked up in it."""

    table: Any
    asked: set[str] = field(default_factory=set)

    def get(self, key: str) -> Any:
        """As of a dict."""
        self.asked.add(key)
        return self.table.get(key)

    def __contains__(self, key: str) -> bool:
        """As of a dict."""
        self.asked.add(key)
        return key in self.table

    def __getitem__(self, key: str) -> Any:
        """As of a dict."""
        return self.table[key]


@pytest.mark.usefixtures("without_keras")
def test_the_notebook_asks_for_all_that_is_stored_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With right functions pasted in, every comparison of the notebook says that they are the same."""
    outputs, summaries = Recorded(STORED.outputs), Recorded(STORED.summaries)
    recorded = stored.Stored(outputs, summaries, STORED.versions)
    for module in (asking, stored):
        monkeypatch.setattr(module, "stored", lambda: recorded)
    shown = [repr(value) for value in run_shown_cells()]

    compared = [text for text in shown if "  difference  " in text]
    assert len(compared) == 7
    assert [text for text in compared if ": the same" not in text and ": every number is the same" not in text] == []
    assert (outputs.asked, summaries.asked) == (set(STORED.outputs), set(STORED.summaries))
    assert capsys.readouterr().out.count("Total params: 19,392") == 2


def run_shown_cells() -> list[Any]:
    """The values of the cells that are shown, with the reference in the place of a student's functions."""
    course = load_course(COURSE)
    pasted = {
        name: getattr(solutions, name)
        for name in (
            "conv2d",
            "max_pool2d",
            "avg_pool2d",
            "global_max_pool",
            "global_avg_pool",
        )
    } | {exercise.function: EXERCISES[exercise.function].answer for exercise in ASSIGNMENT.exercises}
    names: dict[str, Any] = {}
    values = []
    for block in course.blocks(ASSIGNMENT):
        if block.role not in ("setup", "show"):
            continue
        body = ast.parse(block.source).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), "cell", "exec"), names)  # noqa: S102  the course's own cell
        names.update(pasted)
        if last is not None:
            values.append(eval(compile(ast.Expression(last.value), "cell", "eval"), names))  # noqa: S307  the same
    return values
