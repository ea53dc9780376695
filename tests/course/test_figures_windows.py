"""Figures about windows print the numbers that their arrays make: kernels, starts, padding, channels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import assume, given, strategies

from autograder.drawing.svg import NAMESPACE
from course import figures
from course.exercises.hand import A, K, X
from course.figures import Figure, FigureError
from course.worked.pools import _layer
from solutions import avg_pool2d, max_pool2d
from solutions.asked.gray import conv2d_gray, conv2d_strided, conv2d_valid
from solutions.reference.shapes import output_sizes, same_pads
from tests.autograder.drawing.test_drawing import LARGE, groups, labels, parse, pixels, printed


def rects(figure: Figure) -> Counter[str]:
    """How often each class of rectangle is drawn."""
    return Counter(rect.get("class", "") for rect in parse(figure.svg).iter(f"{{{NAMESPACE}}}rect"))


def notes(figure: Figure) -> list[str]:
    """The small print of a figure."""
    return printed(parse(figure.svg), "note")


class TestGallery:
    """One image under several kernels."""

    def test_each_kernel_has_its_map(self) -> None:
        """Image, map and kernel are printed, map by map; a kernel need not be square."""
        figure = figures.gallery(X, {"edges": K, "pair": [[1, -1]]})

        expected = [X, conv2d_valid(X, K), K, conv2d_valid(X, np.array([[1, -1]])), [1, -1]]
        assert printed(parse(figure.svg)) == [number for array in expected for number in labels(array)]
        assert printed(parse(figure.svg), "title") == ["image", "edges", "pair"]
        assert "kernel pair (height 1, width 2)\n   1 -1\nmap of pair (height 5, width 4)\n  -1  2 -1 -2" in figure.text

    def test_kernels_are_printed_small(self) -> None:
        """Only the weights are in small print."""
        (small,) = groups(parse(figures.gallery(X, {"edges": K}).svg), "small")

        assert printed(small) == labels(K)

    def test_a_kernel_that_keeps_brightness_gives_a_picture(self) -> None:
        """Sharpening goes beyond the greys of the image, which the legend says; differences are signed."""
        image = np.zeros((13, 13))
        image[6, 6] = 1
        sharpen, edges = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]], [[1, -1]]

        sharpened = figures.gallery(image, {"sharpen": sharpen})
        assert "black 0 or less, white 1 or more" in notes(sharpened)
        assert pixels(sharpened.svg, place=1)[5, 4:7, 0].tolist() == [0, 255, 0]
        assert "orange -1, white 0, blue 1" in notes(figures.gallery(image, {"edges": edges}))

    def test_a_sum_of_weights_has_the_greys_of_so_many_images(self) -> None:
        """Twice the image is drawn as the image, with white twice as large."""
        image = np.abs(LARGE)

        assert "black 0, white 4" in notes(figures.gallery(image, {"twice": [[2]]}))

    def test_an_image_with_negative_numbers_has_signed_maps(self) -> None:
        """There, black could not be zero."""
        assert notes(figures.gallery(LARGE, {"same": [[1]]})).count("orange -2, white 0, blue 2") == 2

    def test_decimals_that_cancel_give_zero(self) -> None:
        """0.1 + 0.2 - 0.3 is 5.55e-17 to a machine."""
        figure = figures.gallery(np.ones((1, 3)), {"decimals": [[0.1, 0.2, -0.3]]})

        assert printed(parse(figure.svg)) == ["1", "1", "1", "0", "0.1", "0.2", "-0.3"]

    def test_maps_of_a_picture_are_pictures(self) -> None:
        """Where the image is too large for numbers, its maps have none, even if they would be small enough."""
        figure = figures.gallery(np.ones((13, 13)), {"edges": K})

        assert printed(parse(figure.svg)) == labels(K)
        assert "map of edges (height 11, width 11): from 0 to 0, mean 0" in figure.text

    def test_a_large_kernel_is_a_heat_map(self) -> None:
        """More than seven weights along an axis are not printed; the words have them."""
        figure = figures.gallery(LARGE, {"wide": np.ones((1, 8)), "narrow": np.ones((1, 7))})

        assert printed(parse(figure.svg)) == ["1"] * 7
        assert "kernel wide (height 1, width 8)\n  1 1 1 1 1 1 1 1\n" in figure.text


class TestWindowStarts:
    """Where windows start."""

    def test_a_dot_for_each_window(self) -> None:
        """As many dots as the strided convolution has numbers, the first and the last window outlined."""
        figure = figures.window_starts(6, 8, (3, 2), (2, 3))

        counted = rects(figure)
        assert counted["corner"] == conv2d_strided(np.ones((6, 8)), np.ones((3, 2)), (2, 3)).size
        assert (counted["window"], counted["window other"]) == (1, 1)

    def test_leftovers_are_named(self) -> None:
        """Rows and columns that no window reaches, and those it steps over."""
        words = figures.window_starts(6, 8, (3, 2), (2, 3)).text

        assert "row 5 falls in no window" in words
        assert "columns 2 and 5 fall in no window" in words
        assert "column 6 falls in no window" in figures.window_starts(6, 7, (3, 2), 2).text

    @pytest.mark.parametrize(("size", "hatched"), [((6, 7), 7 + 5), ((5, 7), 5), ((5, 6), 0)])
    def test_leftovers_are_hatched(self, size: tuple[int, int], hatched: int) -> None:
        """Each pixel of a row or a column in no window has its three stripes."""
        figure = figures.window_starts(*size, (3, 2), 2)
        (path,) = parse(figure.svg).iter(f"{{{NAMESPACE}}}path")

        assert path.get("d", "").count("M") == 3 * hatched
        assert ("Hatched" in " ".join(notes(figure))) == bool(hatched)

    def test_nothing_is_left(self) -> None:
        """The figure says that, too."""
        assert figures.window_starts(7, 7, 3, 2).text.endswith("\nevery pixel falls in a window")

    def test_notes_do_not_cover_each_other(self) -> None:
        """Each line of small print under the figure has a height of its own."""
        texts = parse(figures.window_starts(6, 8, (3, 2), (2, 3)).svg).iter(f"{{{NAMESPACE}}}text")
        heights = [float(text.get("y", "")) for text in texts if text.get("class") == "note"][1:]

        assert np.diff(heights).min() > 15

    def test_the_formula_has_these_numbers(self) -> None:
        """Picture and words count the windows with the arithmetic."""
        figure = figures.window_starts(6, 8, (3, 2), (2, 3))

        assert "height: floor((6 - 3) / 2) + 1 = 2" in notes(figure)
        assert "width: floor((8 - 2) / 3) + 1 = 3\nwindows start in rows 0, 2\n" in figure.text


class TestPadded:
    """Padding, and how often a pixel is used."""

    @pytest.mark.parametrize(
        ("padding", "expected"),
        [("valid", [1, 2, 3, 2, 1]), ("same", [4, 6, 6, 6, 4])],
    )
    def test_corners_are_used_least(self, padding: Any, expected: list[int]) -> None:
        """The first row of the counts, for 3 by 3 windows over X."""
        numbers = printed(parse(figures.padded(X, 3, padding=padding).svg))

        assert numbers[:25] == labels(X)
        assert numbers[25:30] == labels(expected)

    @pytest.mark.parametrize("padding", ["valid", "same"])
    @pytest.mark.parametrize(("kernel_size", "strides"), [((2, 3), (1, 2)), ((3, 1), (2, 3)), ((1, 2), (2, 1))])
    def test_counts_are_those_of_the_layer(
        self, padding: Any, kernel_size: tuple[int, int], strides: tuple[int, int]
    ) -> None:
        """A pixel is used as often as the sum of the output grows with it, under a kernel of ones."""
        image = X[:4]
        uses = np.zeros(image.shape)
        for place in np.ndindex(*image.shape):
            spot = np.zeros(image.shape)
            spot[place] = 1
            uses[place] = conv2d_gray(spot, np.ones(kernel_size), strides, padding).sum()
        figure = figures.padded(image, kernel_size, strides, padding)

        assert printed(parse(figure.svg))[image.size :] == labels(uses)

    def test_the_extra_pixel_comes_last(self) -> None:
        """A under windows of 3 and strides of 2 has padding at the bottom and on the right only."""
        figure = figures.padded(A, 3, 2)

        assert "padding: top 0, bottom 1 (one more), left 0, right 1 (one more)" in figure.text
        assert {"top 0", "bottom 1 (one more)", "left 0;  right 1 (one more)"} <= set(notes(figure))
        assert rects(figure)["ghost"] == 5 * 5 - 4 * 4
        assert "height: floor((0 + 4 + 1 - 3) / 2) + 1 = 2" in notes(figure)

    def test_equal_padding_has_no_extra_pixel(self) -> None:
        """One pixel all round."""
        assert "padding: top 1, bottom 1, left 1, right 1\n" in figures.padded(X, 3).text

    def test_without_padding_there_is_no_frame(self) -> None:
        """Under "valid" nothing is dashed, and nothing is called padded."""
        figure = figures.padded(X, 3, padding="valid")

        assert rects(figure)["ghost"] == 0
        assert printed(parse(figure.svg), "title") == ["image", "windows that use each pixel"]

    def test_starts_count_with_padding(self) -> None:
        """The words say where windows start, and what that counts from."""
        assert "windows start in columns 0, 2, 4 counted with padding" in figures.padded(X, 3, 2).text


class TestChannelStack:
    """Channels, slices, maps and their sum."""

    def test_maps_add_up(self) -> None:
        """The hand example: the channels X, 2X and ones under K, ones and K."""
        image = np.stack([X, 2 * X, np.ones_like(X)], axis=-1)
        kernel = np.stack([K, np.ones_like(K), K], axis=-1)
        figure = figures.channel_stack(image, kernel)

        total = [[29, 25, 22], [27, 24, 27], [23, 23, 26]]
        maps = [conv2d_valid(image[..., c], kernel[..., c]) for c in range(3)]
        rows = [array for c in range(3) for array in (image[..., c], kernel[..., c], maps[c])]
        assert printed(parse(figure.svg)) == [number for array in (*rows, total) for number in labels(array)]
        assert figure.text.endswith("sum of 3 maps (height 3, width 3)\n  29 25 22\n  27 24 27\n  23 23 26")

    def test_signs_add_from_top_to_bottom(self) -> None:
        """Each row multiplies, and the maps have a plus between them."""
        figure = figures.channel_stack(np.ones((3, 4, 3)), np.ones((2, 1, 3)))

        assert "".join(printed(parse(figure.svg), "sign")) == "+".join(["\N{MULTIPLICATION SIGN}="] * 3) + "="

    def test_a_picture_in_colour(self) -> None:
        """Large channels are heat maps on one scale, so that a dark channel looks dark."""
        picture = np.ones((13, 14, 2))
        picture[..., 1] = 0.5
        figure = figures.channel_stack(picture, np.ones((1, 1, 2)))

        assert notes(figure).count("black 0, white 1") == 4
        assert pixels(figure.svg)[0, 0].tolist() == [255, 255, 255, 255]
        assert "sum of 2 maps (height 13, width 14): from 1.5 to 1.5, mean 1.5" in figure.text

    def test_one_channel_is_enough(self) -> None:
        """Then its map is the result."""
        assert figures.channel_stack(X[..., None], K[..., None]).text.splitlines()[-4:] == [
            "the only map (height 3, width 3)",
            "   1  3 -2",
            "  -1  0  3",
            "  -1 -1  2",
        ]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: figures.gallery(X, {}), "gallery: the number of kernels is 0, but must be from 1 to 11; hand over"),
        (
            lambda: figures.gallery(X, {"large": np.ones((2, 6))}),
            "gallery: a window of shape (2, 6) does not fit",
        ),
        (
            lambda: figures.gallery(X, {"flat": [1]}),
            "gallery: flat has shape (1,), but needs axes (height, width)",
        ),
        (
            lambda: figures.gallery(np.ones((1, 2001)), {"one": [[1]]}),
            "gallery: image has shape (1, 2001), but a picture shows at most 2000",
        ),
        (
            lambda: figures.window_starts(0, 5, 1),
            "window_starts: height is 0, but must be a whole number from 1 to 40",
        ),
        (lambda: figures.window_starts(5, 41, 1), "window_starts: width is 41, but must be a whole number from 1"),
        (lambda: figures.window_starts(5, 4.0, 1), "window_starts: width is 4.0, but"),  # type: ignore[arg-type]
        (lambda: figures.window_starts(5, 4, 5), "window_starts, width: a window spans 5 pixels, but"),
        (lambda: figures.window_starts(5, 4, 1, 0), "window_starts: strides is 0, but must be 1 or more"),
        (lambda: figures.padded(X, (3, 2, 1)), "padded: kernel_size is (3, 2, 1), but"),
        (lambda: figures.padded(X, 3, padding="full"), "padding is 'full', but"),  # type: ignore[arg-type]
        (
            lambda: figures.padded(LARGE, 3),
            "padded: image has shape (13, 20), but at most 12 cells along an axis can be read",
        ),
        (
            lambda: figures.channel_stack(np.ones((5, 5, 3)), np.ones((3, 3, 2))),
            "channel_stack: kernel has shape (3, 3, 2), but must have one slice for each of the 3 channels; look at",
        ),
        (
            lambda: figures.channel_stack(np.ones((2, 2, 9)), np.ones((1, 1, 9))),
            "image has 9 channels, but 8 is the most",
        ),
        (
            lambda: figures.channel_stack(np.ones((2, 3, 1)), np.ones((3, 3, 1))),
            "a window of shape (3, 3) does not fit",
        ),
        (lambda: figures.channel_stack(X, K), "image has shape (5, 5), but needs axes (height, width, channels)"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(call: Callable[[], Figure], words: str) -> None:
    """What it is, what it must be, what to do."""
    with pytest.raises(FigureError, match=re.escape(words)):
        call()


@given(
    shape=strategies.tuples(strategies.integers(1, 9), strategies.integers(1, 9)),
    window=strategies.tuples(strategies.integers(1, 5), strategies.integers(1, 5)),
    strides=strategies.tuples(strategies.integers(1, 4), strategies.integers(1, 4)),
    padding=strategies.sampled_from(["valid", "same"]),
)
def test_the_figures_count_as_the_reference_does(
    shape: tuple[int, int], window: tuple[int, int], strides: tuple[int, int], padding: Literal["valid", "same"]
) -> None:
    """Windows, padding, maxima and means of any image are those of the layers."""
    image = np.arange(np.prod(shape), dtype=float).reshape(shape) % 7
    assume(padding == "same" or all(cells <= pixels for cells, pixels in zip(window, shape, strict=True)))
    layer = _layer(image, window, strides, padding)

    assert layer.shape == output_sizes(shape, window, strides, padding)
    assert padding == "valid" or layer.pads == same_pads(shape, window, strides)
    for pooled, pool in ((layer.largest, max_pool2d), (layer.mean, avg_pool2d)):
        np.testing.assert_allclose(pooled, pool(image[None, ..., None], window, strides, padding)[0, ..., 0])
