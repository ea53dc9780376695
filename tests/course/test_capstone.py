"""Notebook 09: the stored digits and weights, the lent functions, and what the text says of them."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

import solutions
from autograder.course.folder import Course, load_course
from autograder.grading.grader import grade
from autograder.marking.mark import mark
from autograder.model import Report
from autograder.release import build
from course.data import digits, lent
from course.exercises import capstone
from solutions.asked.network import LAYERS, predict, run_layer
from tests.schemes import mistaken, outcome, scheme

COURSE = Path(__file__).parents[2] / "course"

WRONG_POOL = "def max_pool2d(x, pool_size=2, strides=None, padding='valid'):\n    return x[:, ::2, ::2]"


@pytest.fixture(scope="module")
def course() -> Course:
    """The course of this repository."""
    return load_course(COURSE)


def marked(course: Course, *more: str, without: str = "") -> Report:
    """Mark the notebook with model answers and cells more, without one cell that defines a function."""
    notebook = nbformat.reads(build.notebook(course, capstone.ASSIGNMENT, solved=True), as_version=4)
    notebook.cells = [cell for cell in notebook.cells if not without or f"def {without}(" not in cell.source]
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in more]
    return grade(notebook, course, seed=1)


class TestDigits:
    """What is stored."""

    def test_images_and_labels(self) -> None:
        """360 images of all ten digits, in sixteenths."""
        images, labels = digits.images(), digits.labels()

        assert images.shape == (360, 8, 8, 1)
        np.testing.assert_array_equal(16 * images, np.rint(16 * images))
        assert (images.min(), images.max()) == (0, 1)
        assert set(labels.tolist()) == set(range(10))

    def test_weights(self) -> None:
        """2,154 parameters, in 64ths, and so exact in single precision."""
        weights = digits.weights()

        assert [one.shape for one in weights] == [(3, 3, 1, 8), (8,), (2, 3, 8, 16), (16,), (128, 10), (10,)]
        assert sum(one.size for one in weights) == 2154
        assert all((64 * one == np.rint(64 * one)).all() for one in weights)

    def test_scores_are_those_of_keras(self) -> None:
        """The reference gives what Keras has returned, up to the rounding of single precision."""
        actual, expected = predict(digits.images()[:32], digits.weights()), digits.keras_scores()

        np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-6 * np.abs(expected).max())

    def test_the_network_reads(self) -> None:
        """At least 95 of 100 digits, and each bug costs some of them."""
        right, *wrong = capstone.COSTS.values()

        assert right >= 0.95
        assert all(share < right - 0.05 for share in wrong)
        assert digits.costs() == capstone.COSTS

    def test_they_are_those_of_scikit_learn(self) -> None:
        """Every image with its label is one of the original."""
        datasets = pytest.importorskip("sklearn.datasets", reason="needs scikit-learn, which has the original")
        found = datasets.load_digits()
        pairs = zip(found.images.astype(np.uint8), found.target.tolist(), strict=True)
        known = {(image.tobytes(), label) for image, label in pairs}
        stored = zip((16 * digits.images()).astype(np.uint8), digits.labels().tolist(), strict=True)

        assert all((image.tobytes(), label) in known for image, label in stored)


class TestLent:
    """Functions for who has none."""

    @pytest.mark.parametrize("layer", LAYERS)
    def test_each_layer_is_the_reference(self, layer: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """In every layer of the network a lent function gives what the right one gives."""
        maps, weights = digits.images()[:5], digits.weights()
        for before in LAYERS[: LAYERS.index(layer)]:
            maps = run_layer(before, maps, weights)
        expected = run_layer(layer, maps, weights)
        for name in ("conv2d", "max_pool2d", "avg_pool2d"):
            monkeypatch.setattr(f"solutions.asked.network.{name}", getattr(lent, name))

        np.testing.assert_allclose(run_layer(layer, maps, weights), expected, rtol=1e-12, atol=1e-12)

    @pytest.mark.parametrize(
        "call",
        [
            lambda: lent.conv2d(np.ones((1, 8, 8, 1)), np.ones((3, 3, 1, 2))),
            lambda: lent.conv2d(np.ones((1, 8, 9, 1)), np.ones((3, 3, 1, 2)), padding="same"),
            lambda: lent.max_pool2d(np.ones((1, 4, 4, 1)), 2),
            lambda: lent.avg_pool2d(np.ones((1, 4, 2, 1)), (3, 2), padding="same"),
        ],
    )
    def test_nothing_else_is_lent(self, call: Any) -> None:
        """Another size, window, stride or padding is refused, so that it answers no earlier exercise."""
        with pytest.raises(ValueError, match=r"lent: a window of .* is not a layer of this network"):
            call()

    def test_it_is_no_answer_to_an_earlier_notebook(self) -> None:
        """It takes the arguments of the functions it stands for, and works out no window."""
        for name in ("conv2d", "max_pool2d", "avg_pool2d"):
            assert set(inspect.signature(getattr(lent, name)).parameters) <= set(
                inspect.signature(getattr(solutions, name)).parameters
            )
        assert "range(" not in inspect.getsource(lent)


class TestWords:
    """What a student reads of calls with several arrays, and of several arrays that come back."""

    @staticmethod
    def told(function: str, mistake: str) -> str:
        """The first message about a known mistake."""
        drawn = scheme(function)
        report = mark(drawn, [outcome(mistaken(function, mistake), trial) for trial in drawn.trials])
        return next(str(one.message) for one in report.behaviours if one.message)

    def test_arrays_are_told_by_their_shapes(self) -> None:
        """A tuple of weights is not written out."""
        words = " ".join(self.told("run_layer", "M11").split())

        assert "weights with shapes (3, 3, 1, 2), (2,), (2, 3, 2, 3), (3,), (24, 4), (4,) returned" in words
        assert "array(" not in words

    def test_one_of_several_arrays_is_shown(self) -> None:
        """The first one that is wrong, with its shape or its numbers."""
        numbers, shapes = (self.told("conv2d_backward", mistake) for mistake in ("N34", "N38"))

        assert "shown         array 0 of 3" in numbers
        assert "first wrong   [0, 0, 2, 0]: you have 1, expected 0" in numbers
        assert "returned      (1, 6, 5, 1)\n  expected      (1, 5, 3, 1)" in shapes


class TestMarks:
    """The notebook, marked."""

    def test_lent_functions_cost_nothing(self, course: Course) -> None:
        """Who pastes nothing gets every mark, and is told what was lent."""
        report = marked(course)

        assert report.marks == report.out_of
        assert report.remarks == ["provided by the course at no cost in marks: conv2d, max_pool2d, avg_pool2d"]

    def test_an_own_function_counts(self, course: Course) -> None:
        """A wrong one breaks its layer and the network, and no other layer."""
        report = marked(course, WRONG_POOL)
        run, whole = report.exercises[-2:]

        assert [one.name for one in run.behaviours if one.message] == ["poolings"]
        assert whole.leans_on == ("run_layer",)
        assert report.remarks == ["provided by the course at no cost in marks: conv2d, avg_pool2d"]

    def test_a_small_function_that_is_missing_hides_no_layer_without_it(self, course: Course) -> None:
        """Without `relu` the poolings keep their mark."""
        run = marked(course, without="relu").exercises[-2]

        assert {one.name: one.message is None for one in run.behaviours} == {
            "convolutions": False,
            "poolings": True,
            "last layer": True,
        }
