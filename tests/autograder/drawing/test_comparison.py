"""The picture of a wrong answer: what is expected, what was returned, and what the first wrong cell is made of."""

from __future__ import annotations

import re
import warnings
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.drawing.comparison import comparison
from autograder.drawing.figure import Figure
from autograder.drawing.svg import NAMESPACE
from autograder.model import Evidence, Windows
from solutions import conv2d
from solutions.asked.gray import conv2d_gray, convolve
from tests.autograder.drawing.test_drawing import labels, parse, printed
from tests.strategies import law

IMAGE = np.array([[1, 4, 2, 0, 3], [2, 1, -1, 3, 1], [3, 0, 3, 2, 2], [1, 2, 0, 1, 4]])
KERNEL = np.array([[1, 0, -1], [2, 0, 1], [1, 5, -1]])
VALID = Windows("image", (3, 3), (0, 0), (1, 1), (0, 1), weights="kernel")
SAME = Windows("image", (3, 3), (-1, -1), (1, 1), (0, 1), weights="kernel")
RIGHT = conv2d_gray(IMAGE, KERNEL)
FIRST, SECOND = (0, 1), (1, 2)


def wrong(right: np.ndarray, *places: tuple[int, ...], by: float = 7) -> np.ndarray:
    """An answer that is wrong in some places only."""
    answer = np.array(right, dtype=np.float64)
    for place in places:
        answer[place] += by
    return answer


def evidence(right: Any, answer: Any, windows: Windows | None = VALID, **arguments: Any) -> Evidence:
    """A call with the hand example, or with other arguments."""
    given = arguments or {"image": IMAGE, "kernel": KERNEL}
    return Evidence(tuple(given.items()), answer, right, None, windows)


def outlines(figure: Figure) -> list[str]:
    """The classes of all outlines of a picture, in order."""
    rects = parse(figure.svg).iter(f"{{{NAMESPACE}}}rect")
    return [name for rect in rects if (name := rect.get("class", "")) in {"first", "differs", "window"}]


def area(figure: Figure, class_: str) -> tuple[float, ...]:
    """Where the first outline of a class lies in its panel: x, y, width, height."""
    rect = next(one for one in parse(figure.svg).iter(f"{{{NAMESPACE}}}rect") if one.get("class") == class_)
    return tuple(float(rect.get(name, "")) for name in ("x", "y", "width", "height"))


def lines(figure: Figure) -> list[str]:
    """The sentences under a picture, as Python writes numbers."""
    texts = parse(figure.svg).iter(f"{{{NAMESPACE}}}text")
    return [(text.text or "").replace("\N{MINUS SIGN}", "-") for text in texts if not text.get("class")]


class TestPicture:
    """Both answers, their difference, and where the first wrong cell comes from."""

    def test_all_arrays_are_drawn(self) -> None:
        """Expected, yours and difference come first, then the argument and its weights."""
        answer = wrong(RIGHT, FIRST, SECOND)
        root = parse(comparison(evidence(RIGHT, answer)).svg)

        assert printed(root, "title") == ["expected", "yours", "yours minus expected", "image", "kernel"]
        assert printed(root) == [
            number for array in (RIGHT, answer, answer - RIGHT, IMAGE, KERNEL) for number in labels(array)
        ]

    def test_the_first_wrong_cell_is_outlined_strongly_everywhere(self) -> None:
        """One thick outline in each of the three; the other wrong cells are thin, where they are wrong."""
        figure = comparison(evidence(RIGHT, wrong(RIGHT, FIRST, SECOND)))

        assert outlines(figure) == ["first", "differs", "first", "differs", "first", "window"]
        assert printed(parse(figure.svg), "strong") == labels([RIGHT[FIRST], RIGHT[FIRST] + 7, 7])
        assert "Thick: the first wrong cell. Thin: the others." in figure.text

    def test_the_cell_that_was_found_first_is_taken(self) -> None:
        """An index that was handed over decides, if the cell is wrong."""
        answer = wrong(RIGHT, FIRST, SECOND)
        places = [SECOND, (1, 1), (9, 9), (0,), None]
        shown = [
            comparison(Evidence((), answer, RIGHT, place)).text.splitlines()[1].partition(":")[0] for place in places
        ]

        assert shown == ["[1, 2]", "[0, 1]", "[0, 1]", "[0, 1]", "[0, 1]"]

    def test_the_window_lies_where_the_cell_comes_from(self) -> None:
        """At [0, 1], a window of 3 by 3 covers rows 0 to 2 and columns 1 to 3 of the image."""
        figure = comparison(evidence(RIGHT, wrong(RIGHT, FIRST)))

        assert area(figure, "window") == (38, 0, 3 * 38, 3 * 34)
        assert "Blue: the window in image, rows 0 to 2, columns 1 to 3." in figure.text

    def test_the_arithmetic_stands_under_the_picture(self) -> None:
        """The products, what they add up to, and what was returned instead."""
        figure = comparison(evidence(RIGHT, wrong(RIGHT, FIRST)))

        sentence = "[0, 1]: 4·1 + 2·0 + 0·(-1) + 1·2 + (-1)·0 + 3·1 + 0·1 + 3·5 + 2·(-1) = 22, you have 29."
        assert lines(figure) == ["1 of 6 cells is wrong.", sentence]
        assert figure.text.splitlines()[:2] == ["1 of 6 cells is wrong.", sentence]

    def test_padding_is_drawn_round_the_argument(self) -> None:
        """Under "same", 6 by 7 cells less the 4 by 5 real ones are dashed and have no number."""
        right = conv2d_gray(IMAGE, KERNEL, padding="same")
        figure = comparison(evidence(right, wrong(right, (0, 4)), SAME))
        rects = [rect.get("class") for rect in parse(figure.svg).iter(f"{{{NAMESPACE}}}rect")]

        assert rects.count("ghost") == 6 * 7 - 4 * 5
        assert "rows -1 to 1, columns 3 to 5. Dashed: padding, which counts as 0." in figure.text
        assert area(figure, "window") == (4 * 38, 0, 3 * 38, 3 * 34)

    def test_wide_padding_makes_a_heat_map(self) -> None:
        """More empty cells than can be looked through are not drawn one by one."""
        windows = Windows("x", (7,), (-6,), (1,), (0,))
        right = np.convolve(np.ones(6), np.ones(7))
        figure = comparison(evidence(right, wrong(right, (0,)), windows, x=np.ones(6)))

        assert len(list(parse(figure.svg).iter(f"{{{NAMESPACE}}}image"))) == 1
        assert printed(parse(figure.svg), "title")[3:] == ["x", "the window"]

    def test_padding_is_left_out_of_a_maximum(self) -> None:
        """The words say so, and the cells named are the real ones."""
        windows = Windows("image", (2, 2), (-1, 0), (2, 2), (0, 1), reduce="max")
        right = np.array([[4, 2], [3, 3], [2, 1]])
        figure = comparison(evidence(right, wrong(right, (0, 1)), windows))

        assert "Dashed: padding, which is left out." in figure.text
        assert "[0, 1]: the largest of 2, 0 is 2, you have 9." in figure.text

    def test_turned_weights_lie_as_they_are_multiplied(self) -> None:
        """The kernel of a true convolution is drawn turned, and its title says so."""
        right = convolve(IMAGE, KERNEL)
        windows = Windows("image", (3, 3), (0, 0), (1, 1), (0, 1), weights="kernel", flipped=True)
        root = parse(comparison(evidence(right, wrong(right, FIRST), windows)).svg)

        assert printed(root, "title")[-1] == "kernel, turned by 180°"
        assert printed(root)[-9:] == labels(KERNEL[::-1, ::-1])

    def test_cells_that_lie_apart_are_outlined_one_by_one(self) -> None:
        """A window with gaps is no block."""
        windows = Windows("image", (2, 2), (0, 0), (1, 1), (0, 1), reduce="max", dilation=(2, 3))
        right = np.array([[3, 3], [3, 4]])
        figure = comparison(evidence(right, wrong(right, (1, 0)), windows))

        assert outlines(figure).count("window") == 4
        assert "rows 1, 3, columns 0, 3." in figure.text

    def test_every_channel_of_a_window_has_its_slice_of_the_filter(self) -> None:
        """Image, channel and filter of the wrong cell are named as they are taken in NumPy."""
        rng = np.random.default_rng(0)
        x, w = rng.integers(-4, 5, (2, 4, 5, 2)), rng.integers(-4, 5, (3, 2, 2, 3))
        windows = Windows(
            "x", (1, 3, 2, 2), (0, 0, 0, 0), (1, 1, 1, 1), (0, 1, 2, None), weights="w", chosen=(None, None, None, 3)
        )
        right = conv2d(x, w)
        figure = comparison(evidence(right, wrong(right, (1, 0, 3, 2)), windows, x=x, w=w))
        root = parse(figure.svg)

        assert figure.text.startswith("1 of 48 cells is wrong. Shown: image 1, channel 2.")
        assert printed(root, "title")[3:] == ["x[1, :, :, 0]", "w[:, :, 0, 2]", "x[1, :, :, 1]", "w[:, :, 1, 2]"]
        planes = [right[1, ..., 2], wrong(right, (1, 0, 3, 2))[1, ..., 2]]
        sources = [array for c in range(2) for array in (x[1, :, :, c], w[:, :, c, 2])]
        assert printed(root)[: 2 * planes[0].size] == [number for plane in planes for number in labels(plane)]
        assert printed(root)[3 * planes[0].size :] == [number for array in sources for number in labels(array)]

    def test_weights_of_another_shape_have_their_name_only(self) -> None:
        """A kernel in one row is drawn as it lies on the window, and not called by an index that it has not."""
        figure = comparison(evidence(RIGHT, wrong(RIGHT, FIRST), image=IMAGE, kernel=KERNEL.reshape(-1)))

        assert printed(parse(figure.svg), "title")[-1] == "kernel"
        assert printed(parse(figure.svg))[-9:] == labels(KERNEL)

    def test_of_many_channels_the_first_are_drawn(self) -> None:
        """The words say how many there are."""
        x, w = np.ones((4, 4, 9)), np.ones((2, 2, 9))
        windows = Windows("x", (2, 2, 9), (0, 0, 0), (1, 1, 1), (0, 1, None), weights="w")
        figure = comparison(evidence(np.full((3, 3), 36), np.zeros((3, 3)), windows, x=x, w=w))

        assert printed(parse(figure.svg), "title")[3:] == [
            name for c in range(3) for name in (f"x[:, :, {c}]", f"w[:, :, {c}]")
        ]
        assert "The window has 9 channels; the first 3 are drawn." in figure.text

    def test_large_arrays_are_heat_maps_with_the_window_in_numbers(self) -> None:
        """Three maps and the image are pictures; window and kernel are numbers."""
        image = np.arange(20 * 30).reshape(20, 30) % 7
        right = conv2d_gray(image, KERNEL, padding="same")
        figure = comparison(evidence(right, wrong(right, (0, 29), (12, 5), (13, 7)), SAME, image=image, kernel=KERNEL))
        root = parse(figure.svg)

        assert len(list(root.iter(f"{{{NAMESPACE}}}image"))) == 4
        assert printed(root, "title")[3:] == ["image", "the window", "kernel"]
        assert printed(root) == [*labels(image[:2, 28:]), *labels(KERNEL)]
        assert outlines(figure) == ["first", "differs", "first", "differs", "first", "window", "window"]
        assert "orange -7, white 0, blue 7" in printed(root, "note")

    def test_thirteen_cells_are_a_heat_map(self) -> None:
        """The longer axis decides, as in every other figure."""
        small, large = (comparison(Evidence((), np.zeros((2, n)), np.ones((2, n)))) for n in (12, 13))

        assert len(printed(parse(small.svg))) == 3 * 24
        assert len(list(parse(large.svg).iter(f"{{{NAMESPACE}}}image"))) == 3

    @pytest.mark.parametrize("columns", [5, 60])
    def test_three_panels_stand_in_a_row(self, columns: int) -> None:
        """Numbers are printed small, and maps drawn small, before the third one goes to a new row."""
        right = np.full((4, columns), 12.25)
        root = parse(comparison(Evidence((), -right, right)).svg)
        heights = {y for text, (_, y) in placed(root) if text.get("class") == "title"}

        assert len(heights) == 1
        assert float(root.get("width", "")) <= 924

    def test_expected_and_yours_have_cells_of_one_width(self) -> None:
        """So that the same place is found in both."""
        figure = comparison(Evidence((), [[-100.25, 0]], [[1, 2]]))
        tiles = [rect for rect in parse(figure.svg).iter(f"{{{NAMESPACE}}}rect") if rect.get("class") == "first"]

        assert tiles[0].get("width") == tiles[1].get("width")

    def test_numbers_are_told_apart(self) -> None:
        """Where three decimals show no difference, more are written."""
        figure = comparison(Evidence((), [1.0, 2.00015], [1.0, 2.0001]))

        assert "[1]: expected 2.0001, you have 2.00015." in figure.text

    def test_what_counts_as_equal_is_not_outlined(self) -> None:
        """The tolerance is a share of the largest number, as it is for marks."""
        right = np.array([1000.0, 1.0, 0.0])
        answer = np.array([1000.0, 1.009, 0.02])

        assert outlines(comparison(Evidence((), answer, right))) == ["first"] * 3
        assert comparison(Evidence((), answer, right), rtol=1e-6).text.startswith("2 of 3 cells are wrong.")
        assert printed(parse(comparison(Evidence((), answer, right)).svg))[-3:] == ["0", "0", "0.02"]
        assert comparison(Evidence((), right, right)).text == "No cell differs."


class TestShapes:
    """Answers that cannot be subtracted."""

    def test_both_are_drawn_and_the_first_axis_is_named(self) -> None:
        """No difference, and no window."""
        figure = comparison(evidence(np.ones((2, 3, 2, 4)), np.zeros((2, 3, 3, 4))))

        assert figure.text.startswith(
            "The shapes differ: expected (2, 3, 2, 4), yours (2, 3, 3, 4). "
            "The first axis that differs is axis 2: expected 2, yours 3."
        )
        assert printed(parse(figure.svg), "title") == ["expected[0, :, :, 0]", "yours[0, :, :, 0]"]
        assert printed(parse(figure.svg)) == ["1"] * 6 + ["0"] * 9

    def test_another_number_of_axes(self) -> None:
        """The numbers of axes are said instead."""
        figure = comparison(Evidence((), np.zeros((2, 3)), np.ones(3)))

        assert "Expected 1 axis, yours has 2 axes." in figure.text


class TestHidden:
    """A case that students may not see."""

    def test_nothing_but_the_answer_is_shown(self) -> None:
        """One array with one outline; no expected value, no argument, no arithmetic."""
        answer = wrong(RIGHT, FIRST)
        figure = comparison(Evidence((), answer, None, FIRST))

        assert printed(parse(figure.svg), "title") == ["yours"]
        assert printed(parse(figure.svg)) == labels(answer)
        assert outlines(figure) == ["first"]
        assert lines(figure) == ["The first wrong cell is [0, 1]: you have 29."]
        assert "expected" not in figure.html

    def test_arguments_stay_hidden_even_if_they_are_handed_over(self) -> None:
        """Without an expected value, windows and arguments are not looked at."""
        figure = comparison(Evidence((("image", IMAGE), ("kernel", KERNEL)), RIGHT, None, FIRST, VALID))

        assert printed(parse(figure.svg), "title") == ["yours"]
        assert "image" not in figure.text

    def test_the_plane_of_the_wrong_cell_is_shown(self) -> None:
        """Of four axes, image and channel are named."""
        answer = np.arange(2 * 2 * 3 * 2).reshape(2, 2, 3, 2)
        figure = comparison(Evidence((), answer, None, (1, 0, 2, 1)))

        assert lines(figure)[1] == "Shown: image 1, channel 1."
        assert printed(parse(figure.svg)) == labels(answer[1, :, :, 1])

    def test_a_wrong_shape_has_no_outline(self) -> None:
        """Nothing is said of a cell, as none is known."""
        figure = comparison(Evidence((), RIGHT, None, None))

        assert (outlines(figure), lines(figure)) == ([], [])


ODD: list[Any] = [
    None,
    "text",
    [],
    [[1], [2, 3]],
    1j,
    7,
    True,
    np.bool_(0),
    np.array(2.5),
    [True, False],
    [1, 2],
    [np.nan, np.inf],
    [-np.inf, 1e308],
    [-1e308, 5e-324],
    np.array([2**63 - 1, -(2**63)]),
    np.array([1, 2], dtype=np.uint8),
    np.array([1, 2], dtype=np.float16),
    np.ones((0, 3)),
    np.zeros((0, 3)),
    np.ones((1, 2, 1, 2, 1)),
    np.zeros((1, 2, 1, 2, 1)),
    np.ones((2, 2001)),
    np.zeros((2, 2001)),
    np.ones((600, 600)),
    np.zeros((600, 600)),
    np.full((2, 13), np.nan),
    np.ones((2, 13)),
    np.zeros((1, 3, 4, 2)),
    np.full((1, 3, 4, 2), 1e-9),
]


class TestAnyAnswer:
    """Whatever was returned, there is a figure."""

    @pytest.mark.parametrize("answer", range(len(ODD)))
    def test_odd_answers(self, answer: int) -> None:
        """Each odd value against each other one, with windows that fit and with some that do not: never an error."""
        for right in ODD:
            for windows in (None, VALID, Windows("image", (1, 1), (0, 0), (1, 1), (0, None))):
                figure = comparison(evidence(right, ODD[answer], windows))

                assert figure.text
                assert "There is no picture" not in figure.text
                assert parse(figure.html).get("class") == "cbh-figure"

    @pytest.mark.parametrize(
        ("answer", "right", "words"),
        [
            (np.zeros((1, 1, 2, 1, 1)), np.ones((1, 1, 2, 1, 1)), "An array with 5 axes cannot be drawn."),
            (np.zeros((1, 2001)), np.ones((1, 2001)), "An array of shape (1, 2001) is too large to draw."),
            (np.zeros((501, 500)), np.ones((501, 500)), "An array of shape (501, 500) is too large to draw."),
        ],
    )
    def test_what_is_not_drawn_is_told(self, answer: Any, right: Any, words: str) -> None:
        """How many cells are wrong, the first one, and why there is no picture."""
        figure = comparison(Evidence((), answer, right))
        first = f"[{', '.join('0' * right.ndim)}]"

        assert figure.svg is None
        assert figure.text == f"{right.size} of {right.size} cells are wrong. {first}: expected 1, you have 0. {words}"

    def test_arguments_that_cannot_be_drawn_are_left_out(self) -> None:
        """The arithmetic still is said, and the answers are drawn."""
        windows = Windows("x", (1, 1, 1, 1, 2), (0,) * 5, (1,) * 5, (None, None, None, 0, None))
        figure = comparison(evidence([2, 2], [2, 5], windows, x=np.ones((1, 1, 1, 2, 2))))

        assert printed(parse(figure.svg), "title") == ["expected", "yours", "yours minus expected"]
        assert "[1]: 1 + 1 = 2, you have 5." in figure.text

    def test_padding_between_channels_is_told_only(self) -> None:
        """A window that reaches over the channels has no plane to lie on."""
        windows = Windows("x", (1, 1, 3), (0, 0, -1), (1, 1, 1), (0, 1, 2))
        figure = comparison(evidence(np.full((2, 2, 3), [2, 3, 2]), np.zeros((2, 2, 3)), windows, x=np.ones((2, 2, 3))))

        assert printed(parse(figure.svg), "title") == ["expected", "yours", "yours minus expected"]
        assert "[0, 0, 0]: 0 + 1 + 1 = 2, you have 0." in figure.text

    def test_what_nobody_thought_of_is_a_sentence(self) -> None:
        """Evidence that is nonsense raises nothing."""
        figure = comparison(Evidence((), np.ones(2), np.zeros(2), windows="nonsense"))  # type: ignore[arg-type]

        assert (figure.text, figure.svg) == ("There is no picture of this answer.", None)

    @law
    @given(st.data())
    def test_any_numbers(self, data: st.DataObject) -> None:
        """For any two arrays of one shape there is a well-formed picture, and no warning."""
        shape = data.draw(st.lists(st.integers(1, 14), max_size=4).filter(lambda sizes: np.prod(sizes) < 400))
        cells = st.lists(
            st.floats(width=32) | st.sampled_from([0.0, 1e300, -1e300]),
            min_size=int(np.prod(shape)),
            max_size=int(np.prod(shape)),
        )
        right, answer = (np.reshape(data.draw(cells), shape) for _ in range(2))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            figure = comparison(Evidence((), answer, right))

        assert "There is no picture" not in figure.text
        for markup in (figure.html, figure.svg or figure.html):
            assert isinstance(parse(markup), ET.Element)


FIGURES = {
    "numbers": evidence(RIGHT, wrong(RIGHT, FIRST)),
    "padding": evidence(conv2d_gray(IMAGE, KERNEL, padding="same"), np.zeros((4, 5)), SAME),
    "maps": Evidence((), np.zeros((20, 30)), np.ones((20, 30))),
    "shapes": Evidence((), RIGHT[:1], RIGHT),
    "hidden": Evidence((), RIGHT, None, FIRST),
    "names": evidence(
        RIGHT,
        wrong(RIGHT, FIRST),
        Windows("<b>&'", (3, 3), (0, 0), (1, 1), (0, 1), weights="</text>"),
        **{"<b>&'": IMAGE, "</text>": KERNEL},
    ),
}


@pytest.mark.parametrize("call", FIGURES.values(), ids=FIGURES)
class TestEveryFigure:
    """What holds for every picture of a wrong answer."""

    def test_nothing_is_requested_and_nothing_runs(self, call: Evidence) -> None:
        """No script, no handler, no address but the namespace and data in place; no id to clash on a page."""
        figure = comparison(call)

        for markup in (figure.html, figure.svg or ""):
            assert not re.search(r"https?:|//", re.sub(r"base64,[\w+/=]+", "", unquote(markup).replace(NAMESPACE, "")))
            for node in parse(markup).iter():
                assert not node.tag.endswith("script")
                assert not any(name.startswith("on") or name == "id" for name in node.attrib)

    def test_every_outline_has_its_look(self, call: Evidence) -> None:
        """The style has a rule for each class that is drawn."""
        figure = comparison(call)

        for name in {*outlines(figure), "ghost", "frame"}:
            assert f" .{name}{{" in figure.html

    def test_it_is_readable_without_the_picture(self, call: Evidence) -> None:
        """All that is printed or said is in the words, which reach screen readers and terminals."""
        figure = comparison(call)
        root = parse(figure.svg)

        assert set(printed(root)) <= set(re.findall(r"[-\w.]+", figure.text))
        assert root.get("role") == "img"
        said = " ".join(figure.text.split())
        for line in (*printed(root, "title"), *lines(figure)):
            assert line in said
        assert (parse(figure.html).findtext("details/pre") or "").strip() == figure.text.strip()

    def test_nothing_is_cut_off(self, call: Evidence) -> None:
        """Every word begins inside the picture, and ends there in a font of usual width."""
        root = parse(comparison(call).svg)
        width, height = (float(root.get(name, "")) for name in ("width", "height"))

        for text, (x, y) in placed(root):
            assert x >= 0
            assert x + (0 if text.get("class") == "number" else 5.5 * len(text.text or "")) <= width
            assert 0 <= y <= height


def placed(root: ET.Element, x: float = 0, y: float = 0) -> list[tuple[ET.Element, tuple[float, float]]]:
    """All texts of a drawing, and where they are after every move of a group."""
    found = []
    for node in root:
        move = re.fullmatch(r"translate\((\S+) (\S+)\)", node.get("transform", "translate(0 0)"))
        assert move is not None
        right, down = x + float(move[1]), y + float(move[2])
        if node.tag.endswith("text"):
            found.append((node, (right + float(node.get("x", "")), down + float(node.get("y", "")))))
        found += placed(node, right, down)
    return found
