"""Figures print exact numbers, say them in words, and stand alone wherever they are shown."""

from __future__ import annotations

import base64
import dataclasses
import re
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest

from autograder.drawing.svg import NAMESPACE
from course import figures
from course.exercises.hand import A, K, X
from course.figures import Figure, FigureError
from solutions.asked.gray import conv2d_valid
from tests.autograder.drawing.test_drawing import LARGE, groups, labels, parse, pixels, png_chunks, printed

HOSTILE = "</text><script>alert('x')</script>&\"\x00"

DRAWN: dict[str, Callable[[], Figure]] = {
    "window_stepper": lambda: figures.window_stepper(X, K),
    "strip": lambda: figures.strip([1, 4, 2, 0, 3], [1, 0, -1]),
    "arrays": lambda: figures.arrays({"X": X, HOSTILE: LARGE, "three": np.ones((2, 3, 2))}),
    "pooling": lambda: figures.pooling(A, 3, 2, "same"),
    "compare": lambda: figures.compare(conv2d_valid(X, K), np.zeros((3, 3)), titles=(HOSTILE, "broken")),
    "try_it": lambda: figures.try_it(conv2d_valid, LARGE, K),
    "gallery": lambda: figures.gallery(LARGE, {HOSTILE: K, "large": np.ones((9, 8)), "pair": [[1, -0.5]]}),
    "window_starts": lambda: figures.window_starts(6, 8, (3, 2), (2, 3)),
    "padded": lambda: figures.padded(A, 3, 2),
    "channel_stack": lambda: figures.channel_stack(np.stack([X, 2 * X], axis=-1), np.stack([K, K.T], axis=-1)),
    "colours": lambda: figures.colours(figures.photograph(20, colour=True, of="flower"), HOSTILE),
    "einsum": lambda: figures.einsum("nyxijc,ijco->nyxo", {HOSTILE: (1, 3, 3, 3, 3, 2), "w": (3, 3, 2, 4)}),
    "shape_table": lambda: figures.shape_table([("input", (8, 8, 1), 0), (HOSTILE, (10,), 650)]),
    "receptive_field": lambda: figures.receptive_field([("conv3", 3, 1), (HOSTILE, 2, 2)]),
}

drawn = pytest.mark.parametrize("make", DRAWN.values(), ids=DRAWN)


class TestEveryFigure:
    """What holds for whatever is drawn."""

    @drawn
    def test_svg_and_html_are_well_formed(self, make: Callable[[], Figure]) -> None:
        """Both parse as XML, hostile titles included."""
        figure = make()

        assert parse(figure.svg).tag == f"{{{NAMESPACE}}}svg"
        assert parse(figure.html).get("class") == "cbh-figure"

    @drawn
    def test_nothing_is_requested_and_nothing_runs(self, make: Callable[[], Figure]) -> None:
        """No script, no handler, no address but the namespace and data in place."""
        figure = make()

        for markup in (figure.html, figure.svg or ""):
            assert not re.search(r"https?:|//", re.sub(r"base64,[\w+/=]+", "", unquote(markup).replace(NAMESPACE, "")))
            for node in parse(markup).iter():
                assert not node.tag.endswith("script")
                assert not any(name.startswith("on") for name in node.attrib)
                assert node.get("src", node.get("href", "data:")).startswith("data:")

    @drawn
    def test_same_arrays_same_figure(self, make: Callable[[], Figure]) -> None:
        """Two calls give equal figures, byte by byte."""
        assert make() == make()

    @drawn
    def test_no_ids_to_clash_on_a_page(self, make: Callable[[], Figure]) -> None:
        """A figure can be shown twice, since nothing in it has an id."""
        assert not any("id" in node.attrib for node in parse(make().html).iter())

    @drawn
    def test_every_printed_number_is_in_the_words(self, make: Callable[[], Figure]) -> None:
        """The text equivalent holds each number that the picture prints."""
        figure = make()

        assert set(printed(parse(figure.svg))) <= set(re.findall(r"[-\w.]+", figure.text))

    @drawn
    def test_the_words_reach_every_reader(self, make: Callable[[], Figure]) -> None:
        """Picture, fallback picture and the folded text all carry the text equivalent."""
        figure = make()
        page = parse(figure.html)
        spoken = " ".join(figure.text.replace("\0", "\N{REPLACEMENT CHARACTER}").split()).split(" ")[-1]

        assert parse(figure.svg).get("role") == "img"
        assert parse(figure.svg).get("aria-label", "").endswith(spoken)
        assert page.find("img") is not None
        assert page.find("img").get("alt", "").endswith(spoken)  # type: ignore[union-attr]
        assert (page.findtext("details/pre") or "").endswith(spoken)

    @drawn
    def test_an_untrusted_notebook_keeps_the_static_picture(self, make: Callable[[], Figure]) -> None:
        """Without style and svg, the live part is hidden and the picture of the img is the static SVG."""
        figure = make()
        live, plain = parse(figure.html).find("div"), parse(figure.html).find("img")

        assert live is not None
        assert live.get("hidden") is not None
        assert plain is not None
        assert unquote(plain.get("src", "").removeprefix("data:image/svg+xml;charset=utf-8,")) == figure.svg

    @drawn
    def test_a_notebook_shows_all_three_forms(self, make: Callable[[], Figure]) -> None:
        """Jupyter's hooks return html, svg and words."""
        figure = make()

        assert (figure._repr_html_(), figure._repr_svg_(), repr(figure)) == (figure.html, figure.svg, figure.text)

    def test_a_figure_is_frozen(self) -> None:
        """A figure cannot be changed once drawn."""
        with pytest.raises(dataclasses.FrozenInstanceError, match="text"):
            figures.strip([1], [1]).text = ""  # type: ignore[misc]

    @pytest.mark.parametrize("title", [HOSTILE, "a < b & c"])
    def test_titles_are_shown_as_typed(self, title: str) -> None:
        """A title is text, never markup; only what XML cannot hold is replaced."""
        figure = figures.arrays({title: X})

        assert printed(parse(figure.svg), "title") == [title.replace("\0", "\N{REPLACEMENT CHARACTER}")]


class TestWindowStepper:
    """The window on its way over an image."""

    def test_first_products_and_their_sum(self) -> None:
        """The static picture prints image, kernel, output and the products of the first window, which sum to 1."""
        root = parse(figures.window_stepper(X, K).svg)

        expected = [X, K, conv2d_valid(X, K), [[1, 0, 0], [4, 0, -1], [0, 0, -3]]]
        assert printed(root) == [number for array in expected for number in labels(array)]
        assert "1 + 0 + 0 + 4 + 0 \N{MINUS SIGN} 1 + 0 + 0 \N{MINUS SIGN} 3 = 1" in "".join(root.itertext())

    def test_every_window_has_its_step(self) -> None:
        """Step by step, products and sum are those of a kernel that is not square, on an image that is not."""
        image, kernel = np.arange(12).reshape(3, 4) ** 2, np.array([[2, -1, 3]])
        root = parse(figures.window_stepper(image, kernel).html)
        output = conv2d_valid(image, kernel)

        for step, (row, column) in enumerate(np.ndindex(3, 2), start=1):
            (shown,) = groups(root, f"step-{step}")
            assert printed(shown) == labels(image[row : row + 1, column : column + 3] * kernel)
            assert "".join(shown.itertext()).endswith(f"= {output[row, column]:g}")
            assert [printed(number) for number in groups(root, f"from-{step}")] == [labels(output[row, column])]

    def test_one_button_for_each_window(self) -> None:
        """The buttons name place and sum, the first is chosen, and each has the rule that shows its step."""
        figure = figures.window_stepper(X, K)
        buttons = list(parse(figure.html).iter("input"))

        assert [button.get("checked") for button in buttons] == ["checked"] + [None] * 8
        assert buttons[5].get("aria-label") == "row 1, column 2: sum 3"
        assert "input:nth-of-type(9):checked~svg .step-9" in figure.html
        assert "input:nth-of-type(n+9):checked~svg .from-9" in figure.html

    def test_words_tell_every_step(self) -> None:
        """The text holds products and sum of each window."""
        lines = figures.window_stepper(X, K).text.splitlines()

        assert "window at row 0, column 0: products [1 0 0] [4 0 -1] [0 0 -3], sum 1" in lines
        assert "window at row 2, column 2: products [3 0 -1] [2 0 0] [0 0 -2], sum 2" in lines

    def test_a_long_sum_is_shortened(self) -> None:
        """Where the terms would not fit in a line, only the result is printed."""
        root = parse(figures.window_stepper(np.full((4, 5), 0.125), np.full((4, 5), 0.25)).svg)

        assert "sum = 0.625" in "".join(root.itertext())


def strip_lines(figure: Figure) -> list[list[str | None]]:
    """Where the numbers of each line of a strip stand, without its sum: values, weights, then products."""
    lines = [
        group for group in parse(figure.svg).iter(f"{{{NAMESPACE}}}g") if group.get("transform") == "translate(84 0)"
    ]
    return [[node.get("x") for node in line.iter(f"{{{NAMESPACE}}}text")] for line in lines]


def test_strip_prints_products_under_their_values() -> None:
    """Each place has a line of products and its sum, further right by one cell."""
    figure = figures.strip([1, 4, 2, 0, 3], [1, 0, -1])

    expected = [[1, 4, 2, 0, 3], [1, 0, -1], [1, 0, -2], [-1], [4, 0, 0], [4], [2, 0, -3], [-1]]
    assert printed(parse(figure.svg)) == [number for line in expected for number in labels(line)]
    assert "place 2: products [2 0 -3], sum -1" in figure.text
    values, *products = strip_lines(figure)
    assert products[1:] == [values[place : place + 3] for place in range(3)]


class TestPooling:
    """The windows of a pooling layer."""

    def test_maximum_average_and_count(self) -> None:
        """The hand example: A, its maxima, its means, four real cells in each window."""
        figure = figures.pooling(A)

        results = ["6", "2", "2", "5", "3.5", "1.25", "1.25", "3.5", "4", "4", "4", "4"]
        assert printed(parse(figure.svg)) == labels(A) + results
        assert printed(parse(figure.svg), "strong") == ["2", "6", "2", "2", "5", "2"]

    def test_border_windows_count_real_cells_only(self) -> None:
        """Under "same", the windows at the edge hold fewer real cells, and their means show it."""
        figure = figures.pooling(A, pool_size=3, strides=2, padding="same")

        numbers = printed(parse(figure.svg))
        assert numbers[16:] == ["6", "5", "5", "5", "2.667", "2.167", "2", "3.5", "9", "6", "6", "4"]
        assert "padding top 0, bottom 1, left 0, right 1" in figure.text
        assert figure.text.endswith("real cells in each window (height 2, width 2)\n  9 6\n  6 4")

    def test_padding_is_drawn_empty(self) -> None:
        """3 by 3 windows over A under "same" start one cell before it, and pads are dashed tiles without a number."""
        root = parse(figures.pooling(A, pool_size=3, padding="same").svg)
        rects = [rect.get("class") for rect in root.iter(f"{{{NAMESPACE}}}rect")]

        assert rects.count("ghost") == 6 * 6 - 4 * 4
        assert rects.count("window") == 4
        assert printed(root)[-4:] == ["4", "4", "4", "4"]

    def test_windows_that_overlap_are_told_apart(self) -> None:
        """The first and the last are outlined, and a dot marks the start of each."""
        root = parse(figures.pooling(X, pool_size=(2, 3), strides=(1, 2)).svg)
        rects = [rect.get("class") for rect in root.iter(f"{{{NAMESPACE}}}rect")]

        assert [rects.count(name) for name in ("window", "window other", "corner")] == [1, 1, 8]

    def test_leftover_cells_lie_outside_all_windows(self) -> None:
        """Of 5 columns, two windows of 2 leave one out, whose number is never bold."""
        figure = figures.pooling(X, pool_size=(5, 2))

        assert "real cells in each window (height 1, width 2)\n  10 10" in figure.text
        assert printed(parse(figure.svg), "strong") == ["4", "3"]


class TestTryIt:
    """A student's function, which may be in any state."""

    def test_input_and_result(self) -> None:
        """The first argument as it was before the call, and what came back."""

        def spoil(image: np.ndarray[Any, Any], *, by: int) -> np.ndarray[Any, Any]:
            image *= by
            return image

        figure = figures.try_it(spoil, np.array([1, 2]), by=3)

        assert printed(parse(figure.svg), "title") == ["input", "spoil returned"]
        assert printed(parse(figure.svg)) == ["1", "2", "3", "6"]

    def test_a_stub_is_not_solved_yet(self) -> None:
        """NotImplementedError is no failure, only work to come."""

        def window_sum(patch: object) -> object:
            raise NotImplementedError(patch)

        figure = figures.try_it(window_sum, X)

        assert (figure.text, figure.svg) == ("not solved yet: window_sum", None)
        assert "".join(parse(figure.html).find("p").itertext()) == figure.text  # type: ignore[union-attr]

    def test_an_error_is_a_sentence(self) -> None:
        """Type and message, escaped, without a traceback."""

        def broken(image: object) -> object:
            raise ValueError(f"<b>{len(str(image))}</b>")

        figure = figures.try_it(broken, 7)

        assert figure.text == "broken stopped with ValueError: <b>1</b>"
        assert "<b>" not in figure.html
        assert "Traceback" not in figure.html

    @pytest.mark.parametrize(
        ("result", "words"),
        [
            (None, "answer returned None. Does it end in `return ...`?"),
            ("valid", "answer returned str 'valid'"),
            (np.zeros((2, 3, 3, 1)), "answer returned an array of shape (2, 3, 3, 1) and dtype float64"),
            ([[1], [2, 3]], "answer returned list [[1], [2, 3]]"),
            ("a" * 300, "answer returned str '" + "a" * 176 + "..."),
        ],
    )
    def test_what_cannot_be_drawn_is_described(self, result: object, words: str) -> None:
        """A result that is no picture is named, shortened where it is long."""

        def answer() -> object:
            return result

        assert figures.try_it(answer).text == words

    def test_other_first_arguments(self) -> None:
        """A word as first argument is left out; a partial function has a name, too."""

        class Model:
            def __call__(self, name: str) -> list[int]:
                return [len(name)]

        figure = figures.try_it(Model(), "box")

        assert printed(parse(figure.svg), "title") == ["Model returned"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: figures.arrays({}), "arrays: there is nothing to draw. Pass {title: array}."),
        (lambda: figures.arrays({"x": ["a"]}), "arrays: x holds text. Pass an array of real numbers."),
        (lambda: figures.arrays({"x": [1j]}), "arrays: x holds complex numbers. Pass an array of real numbers."),
        (lambda: figures.arrays({"x": [[1], [2, 3]]}), "arrays: x has rows of different lengths. Make all"),
        (
            lambda: figures.arrays({"x": np.ones((2, 3, 3, 1))}),
            "arrays: x has shape (2, 3, 3, 1), but a figure shows one",
        ),
        (
            lambda: figures.arrays({"x": np.ones((1,) * 5)}),
            "arrays: x has shape (1, 1, 1, 1, 1), but needs axes ()",
        ),
        (lambda: figures.arrays({"x": np.ones((0, 3))}), "arrays: x is empty: its shape is (0, 3). Check"),
        (lambda: figures.arrays({"x": np.ones((2, 2, 33))}), "arrays: there are 33 planes, but at most 32"),
        (
            lambda: figures.arrays({"x": np.ones((1, 2001))}),
            "arrays: x has shape (1, 2001), but a picture shows at most 2000",
        ),
        (
            lambda: figures.compare(1, np.ones((1, 2001))),
            "compare: broken has shape (1, 2001), but a picture shows at most 2000",
        ),
        (lambda: figures.compare([], [1]), "compare: right is empty: its shape is (0,)."),
        (
            lambda: figures.window_stepper([1, 2], K),
            "window_stepper: image has shape (2,), but needs axes (height",
        ),
        (
            lambda: figures.window_stepper(np.ones((3, 13)), K),
            "image has shape (3, 13), but at most 12 cells along an axis",
        ),
        (lambda: figures.window_stepper(K, X), "a window of shape (5, 5) does not fit into shape (3, 3). Take a"),
        (lambda: figures.strip(X, [1]), "strip: values has shape (5, 5), but needs axes (length,). Take a slice"),
        (lambda: figures.strip(np.ones(17), [1]), "strip: values has shape (17,), but at most 16 cells along an axis"),
        (lambda: figures.strip([1], [1, 2]), "strip: a window of shape (2,) does not fit into shape (1,)"),
        (lambda: figures.pooling(A, 5), "spans 5 pixels, but"),
        (lambda: figures.pooling(A, 0), "pooling: pool_size is 0, but"),
        (lambda: figures.pooling(A, "two"), "pooling: pool_size is 'two', but"),
        (lambda: figures.pooling(A, padding="full"), "padding is 'full', but"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(call: Callable[[], Figure], words: str) -> None:
    """What it is, what it must be, what to do."""
    with pytest.raises(FigureError, match=re.escape(words)):
        call()


class TestColours:
    """A picture in colour, and its channels."""

    def test_colours_are_those_of_the_array(self) -> None:
        """The first picture has the pixels as bytes; the others say how much there is of each colour."""
        image = np.zeros((3, 14, 3))
        image[0, 0], image[2, 1] = (1, 0, 0), (0.2, 0.4, 0.6)
        figure = figures.colours(image, "two pixels")
        root = parse(figure.svg)
        address = next(root.iter(f"{{{NAMESPACE}}}image")).get("href", "").removeprefix("data:image/png;base64,")
        chunks = dict(png_chunks(base64.b64decode(address)))
        drawn = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), dtype=np.uint8).reshape(3, 1 + 3 * 14)[:, 1:]

        assert drawn.reshape(3, 14, 3)[[0, 2, 1], [0, 1, 5]].tolist() == [[255, 0, 0], [51, 102, 153], [0, 0, 0]]
        assert printed(root, "title") == ["two pixels", "channel 0, red", "channel 1, green", "channel 2, blue"]
        assert [pixels(figure.svg, 1 + channel)[2, 1, 0] for channel in range(3)] == [49, 103, 152]
        assert "channel 2, blue (height 3, width 14): from 0 to 0.6" in figure.text

    @pytest.mark.parametrize(
        ("image", "words"),
        [
            (np.zeros((3, 4)), "needs axes"),
            (np.zeros((3, 4, 2)), "needs 3 channels"),
            (np.full((3, 4, 3), 255), "divide bytes by 255"),
            (np.full((3, 4, 3), np.nan), "are not colours"),
            (np.zeros((3, 2001, 3)), "at most 2000 cells along an axis"),
        ],
    )
    def test_what_is_no_colour_is_refused(self, image: np.ndarray[Any, Any], words: str) -> None:
        """With what is wrong and what to do."""
        with pytest.raises(FigureError, match=words):
            figures.colours(image)
