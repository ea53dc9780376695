"""Figures about layers count right: einsum letters, shapes and parameters, receptive fields."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from autograder.drawing.svg import NAMESPACE
from course import figures
from course.figures import Figure, FigureError
from tests.autograder.drawing.test_drawing import parse, printed

CONV = ("nyxijc,ijco->nyxo", {"patches": (1, 3, 3, 3, 3, 2), "w": (3, 3, 2, 4)})
DIGITS = [
    ("input", (8, 8, 1), 0),
    ("Conv2D 8, 3x3", (8, 8, 8), 80),
    ("MaxPool 2", (4, 4, 8), 0),
    ("dense", 10, 1290),
]


def boxes(figure: Figure, class_: str) -> list[dict[str, str]]:
    """The rectangles of this class."""
    return [rect.attrib for rect in parse(figure.svg).iter(f"{{{NAMESPACE}}}rect") if rect.get("class") == class_]


def letter_columns(figure: Figure) -> dict[str, set[str]]:
    """Where the boxes of each letter stand."""
    columns: dict[str, set[str]] = {}
    for group in parse(figure.svg).iter(f"{{{NAMESPACE}}}g"):
        for text in group.findall(f"{{{NAMESPACE}}}text"):
            if text.get("class") == "letter":
                columns.setdefault(text.text or "", set()).add(group.get("transform", ""))
    return columns


class TestEinsum:
    """Letters as boxes."""

    def test_letters_and_sizes(self) -> None:
        """Each array has its letters in its own order, with their sizes; the output gets its own."""
        root = parse(figures.einsum(*CONV).svg)

        assert printed(root, "title") == ["patches", "w", "output"]
        assert "".join(printed(root, "letter")) == "nyxijc" + "ijco" + "nyxo"
        assert printed(root) == [*"133332", *"3324", *"1334"]

    def test_summed_letters_differ_in_form_and_words(self) -> None:
        """A dashed box and a sigma for i, j and c in both arrays, and a word for every letter."""
        figure = figures.einsum(*CONV)

        assert len(boxes(figure, "window")) == 8
        assert len(boxes(figure, "window other")) == 6
        assert printed(parse(figure.svg), "note").count("\N{N-ARY SUMMATION}") == 6
        assert [re.findall(rf"^(\w), size \d: {role}$", figure.text, re.M) for role in ("kept", "summed")] == [
            ["n", "y", "x", "o"],
            ["i", "j", "c"],
        ]

    @pytest.mark.parametrize(
        ("letters", "shapes", "words"),
        [
            (*CONV, "output: 36 numbers, each a sum of 18 products (over i 3, j 3, c 2)"),
            ("ij->", {"x": (2, 1)}, "output: 1 number, each a sum of 2 products (over i 2, j 1)"),
            ("i , j -> ij", {"x": (2,), "y": (3,)}, "output: 6 numbers; nothing is summed"),
            ("ik,k->i", {"x": (2000, 1), "y": (1,)}, "output: 2,000 numbers, each a sum of 1 product (over k 1)"),
            (",i->i", {"x": (), "y": (3,)}, "output: 3 numbers; nothing is summed"),
        ],
    )
    def test_the_work_is_counted(self, letters: str, shapes: dict[str, Any], words: str) -> None:
        """As many numbers and products as NumPy makes."""
        result = np.einsum(letters, *map(np.ones, shapes.values()))
        products = re.search(r"of (\d+) product", words)

        assert figures.einsum(letters, shapes).text.endswith(words)
        assert result.size == int(words.split()[1].replace(",", ""))
        assert set(np.ravel(result)) == {float(products[1]) if products else 1.0}

    def test_equal_letters_stand_under_each_other(self) -> None:
        """Where the order of letters allows it."""
        assert {len(places) for places in letter_columns(figures.einsum(*CONV)).values()} == {1}

    def test_other_orders_are_kept(self) -> None:
        """Axes that change places are drawn in the order of each array."""
        figure = figures.einsum("hwc->chw", {"x": (4, 5, 3)})

        assert "".join(printed(parse(figure.svg), "letter")) == "hwc" + "chw"
        assert letter_columns(figure)["h"] != letter_columns(figure)["c"]
        assert "output: letters c h w, shape (3, 4, 5)" in figure.text

    def test_an_output_without_letters(self) -> None:
        """A sum over everything is one number."""
        figure = figures.einsum("ij->", {"x": (2, 3)})

        assert "one number" in "".join(parse(figure.svg).itertext())
        assert "output: letters none, shape ()" in figure.text


class TestShapeTable:
    """Layers as a table."""

    def test_rows(self) -> None:
        """Words, shape, how many numbers that is, and parameters."""
        cells = [text.text or "" for text in parse(figures.shape_table(DIGITS).svg).iter(f"{{{NAMESPACE}}}text")]

        assert cells[:4] == ["layer", "shape", "numbers", "parameters"]
        assert cells[8:12] == ["Conv2D 8, 3x3", "(8, 8, 8)", "512", "80"]
        assert cells[16:20] == ["dense", "(10,)", "10", "1,290"]
        assert cells[-2:] == ["parameters in all", "1,370"]

    def test_bars_are_in_proportion(self) -> None:
        """The longest bar is the largest number, and nothing has no bar."""
        figure = figures.shape_table(DIGITS)

        numbers, parameters = (
            [float(bar["width"]) for bar in boxes(figure, class_)] for class_ in ("positive", "negative")
        )
        assert numbers == pytest.approx([110 * count / 512 for count in (64, 512, 128, 10)], abs=1e-3)
        assert parameters == pytest.approx([110 * 80 / 1290, 110], abs=1e-3)

    def test_words(self) -> None:
        """The table as lines, with the total."""
        assert figures.shape_table(DIGITS).text.splitlines()[2:] == [
            "MaxPool 2: shape (4, 4, 8), numbers 128, parameters 0",
            "dense: shape (10,), numbers 10, parameters 1,290",
            "parameters in all: 1,370",
        ]

    def test_layers_without_parameters(self) -> None:
        """Nothing is divided by zero."""
        assert boxes(figures.shape_table([("none", (0, 3), 0)]), "positive") == []


class TestReceptiveField:
    """What one pixel sees."""

    @pytest.mark.parametrize(
        ("layers", "seen"),
        [
            ([("conv3", 3, 1), ("pool2", 2, 2), ("conv3", 3, 1), ("pool2", 2, 2)], [3, 4, 8, 10]),
            ([("conv3", 3, 1), ("pool3", 3, 3), ("conv3", 3, 1)], [3, 5, 11]),
            ([("skip", 1, 3), ("pair", 2, 1)], [1, 4]),
        ],
    )
    def test_pixels_seen(self, layers: list[tuple[str, int, int]], seen: list[int]) -> None:
        """After each layer, in picture and words."""
        figure = figures.receptive_field(layers)

        expected = [f"{name} sees {count}" for (name, _, _), count in zip(layers, seen, strict=True)]
        assert printed(parse(figure.svg), "note")[:-1] == expected
        assert [int(count) for count in re.findall(r"sees (\d+) pixel", figure.text)] == seen

    def test_the_cone_ends_in_the_pixels_seen(self) -> None:
        """Ten input pixels, eight, four, two, and one at the top, counted from the top of the picture."""
        figure = figures.receptive_field([("conv3", 3, 1), ("pool2", 2, 2), ("conv3", 3, 1), ("pool2", 2, 2)])
        levels = Counter(float(box["y"]) for box in boxes(figure, "tile"))

        assert [levels[y] for y in sorted(levels)] == [1, 2, 4, 8, 10]
        assert len(boxes(figure, "window")) == 4

    def test_bars_are_as_long_as_what_they_stand_for(self) -> None:
        """In input pixels, which lie side by side."""
        figure = figures.receptive_field([("conv3", 3, 1), ("pool2", 2, 2)])
        bars = [re.search(r"h([\d.]+)m", path.get("d", "")) for path in parse(figure.svg).iter(f"{{{NAMESPACE}}}path")]
        lengths = [float(bar[1]) + 2 for bar in bars if bar]
        inputs = sorted(float(box["x"]) for box in boxes(figure, "tile"))[-4:]

        assert {round(right - left, 3) for left, right in pairwise(inputs)} >= {lengths[0] / 3}
        assert lengths == [3 * lengths[0] / 3, 4 * lengths[0] / 3]

    def test_how_far_neighbours_are_apart(self) -> None:
        """Strides multiply."""
        assert figures.receptive_field([("a", 2, 2), ("b", 2, 3), ("c", 1, 1)]).text.splitlines()[1:] == [
            "after a (window 2, stride 2): sees 2 pixels, and its neighbour starts 2 pixels further on",
            "after b (window 2, stride 3): sees 4 pixels, and its neighbour starts 6 pixels further on",
            "after c (window 1, stride 1): sees 4 pixels, and its neighbour starts 6 pixels further on",
        ]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: figures.einsum("ij,jk", {"x": (1, 2), "y": (2, 3)}),
            "einsum: letters is 'ij,jk', but must be letters",
        ),
        (
            lambda: figures.einsum("i...->i", {"x": (1, 2)}),
            "einsum: letters is 'i...->i', but must be letters, commas",
        ),
        (lambda: figures.einsum("ij->i->j", {"x": (1, 2)}), "one arrow; write it as in 'ij,jk->ik'"),
        (lambda: figures.einsum("ij,jk->ik", {"x": (1, 2)}), "has letters for 2 arrays, but the arrays are 1; write"),
        (
            lambda: figures.einsum("ij->i", {"x": (1, 2, 3)}),
            "einsum: x has shape (1, 2, 3), but 'ij' has 2 letters; write",
        ),
        (
            lambda: figures.einsum("ij,jk->ik", {"x": (1, 2), "y": (3, 4)}),
            "einsum: j has size 3 in y, but 2 before; give axes of different sizes different letters",
        ),
        (lambda: figures.einsum("ii->i", {"x": (2, 3)}), "einsum: i has size 3 in x, but 2 before"),
        (
            lambda: figures.einsum("ij->ik", {"x": (1, 2)}),
            "the output is 'ik', but must hold letters from before the",
        ),
        (
            lambda: figures.einsum("ij->ii", {"x": (1, 2)}),
            "the output is 'ii', but must hold letters from before the",
        ),
        (lambda: figures.einsum("i->i", {"x": 3}), "einsum: the shape of x is 3, but must be whole"),  # type: ignore[dict-item]
        (
            lambda: figures.einsum("i->i", {"x": (0,)}),
            "einsum: the shape of x is (0,), but must be whole numbers, 1 or",
        ),
        (
            lambda: figures.shape_table([]),
            "shape_table: the number of rows is 0, but must be from 1 to 24; hand over",
        ),
        (lambda: figures.shape_table([("a", (1,), 0)] * 25), "shape_table: the number of rows is 25, but"),
        (lambda: figures.shape_table([("a", (1,))]), "a row is ('a', (1,)), but must be (words,"),  # type: ignore[list-item]
        (
            lambda: figures.shape_table([("a", (-1,), 0)]),
            "shape_table: a row is ('a', (-1,), 0), but must be (words,",
        ),
        (lambda: figures.shape_table([("a", "bc", 0)]), "shape_table: a row is ('a', 'bc', 0), but must be (words,"),
        (lambda: figures.receptive_field([]), "receptive_field: the number of layers is 0, but must be from 1 to 24"),
        (
            lambda: figures.receptive_field([("a", 0, 1)]),
            "receptive_field: a layer is ('a', 0, 1), but must be (name,",
        ),
        (lambda: figures.receptive_field([3]), "receptive_field: a layer is 3, but must be (name,"),  # type: ignore[list-item]
        (
            lambda: figures.receptive_field([("a", 65, 1)]),
            "receptive_field: one output pixel sees 65, but 64 is the most",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(call: Callable[[], Figure], words: str) -> None:
    """What it is, what it must be, what to do."""
    with pytest.raises(FigureError, match=re.escape(words)):
        call()


class TestBars:
    """Shares of a whole."""

    def test_lengths_and_words(self) -> None:
        """Bars are as long as their shares, each with its number, and the text says the same."""
        figure = figures.bars({"all right": 1.0, "a bug": 0.25})
        right, wrong = boxes(figure, "positive") + boxes(figure, "negative")

        assert float(wrong["width"]) == float(right["width"]) / 4
        texts = {text.text for text in parse(figure.svg).iter(f"{{{NAMESPACE}}}text")}

        assert texts == {"all right", "100.0%", "a bug", "25.0%"}
        assert figure.text == "all right: 100.0%\na bug: 25.0%"

    @pytest.mark.parametrize(
        ("shares", "words"),
        [
            ({}, "the number of shares is 0, but must be from 1 to 24"),
            ({"a bug": 25}, "a bug is 25, but must be from 0 to 1; divide by the whole"),
        ],
    )
    def test_what_is_no_share_is_refused(self, shares: dict[str, float], words: str) -> None:
        """The range is named."""
        with pytest.raises(FigureError, match=words):
            figures.bars(shares)
