"""The hand exercises' functions give what a person works out on paper, and are the 4-D reference."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solutions import ShapeError
from solutions.asked import gray
from solutions.reference import loops
from tests.strategies import PADDINGS, halves, image_sizes, law, pairs, spelled

X = [[1, 2, 0, 1, 3], [4, 1, 1, 0, 2], [0, 2, 3, 1, 1], [1, 0, 2, 2, 0], [3, 1, 0, 1, 2]]
K = [[1, 0, -1], [1, 0, -1], [1, 0, -1]]
A = [[1, 3, 2, 0], [4, 6, 1, 2], [0, 2, 5, 3], [1, 2, 2, 4]]
ONES = [[1, 1, 1]] * 3
SOBEL = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]


def test_the_first_window_by_hand() -> None:
    """The products of the top-left window of X with K add up to 1, a plain number."""
    total = gray.window_sum(np.array(X)[:3, :3], K)

    assert total == 1
    assert type(total) is float


@pytest.mark.parametrize(
    ("kernel", "expected"),
    [
        (K, [[1, 3, -2], [-1, 0, 3], [-1, -1, 2]]),
        (ONES, [[14, 11, 12], [14, 12, 12], [12, 12, 12]]),
        ([[1, -1]], [[-1, 2, -1, -2], [3, 0, 1, -2], [-2, -1, 2, 0], [1, -2, 0, 2], [2, 1, -1, -1]]),
        ([list(row) for row in zip(*K, strict=True)], [[-2, -3, -1], [3, -2, -1], [1, 4, 2]]),
        (SOBEL, [[4, 4, -3], [-4, 1, 5], [-2, -3, 4]]),
    ],
)
def test_conv2d_valid_by_hand(kernel: Any, expected: Any) -> None:
    """X with K, ones, a row, K transposed and Sobel."""
    np.testing.assert_array_equal(gray.conv2d_valid(X, kernel), expected)


def test_convolve_by_hand() -> None:
    """K turned by 180 degrees is -K, and so all signs flip."""
    np.testing.assert_array_equal(gray.convolve(X, K), [[-1, -3, 2], [1, 0, -3], [1, 1, -2]])


@pytest.mark.parametrize(
    ("strides", "expected"),
    [
        (2, [[1, -2], [-1, 2]]),
        ((2, 1), [[1, 3, -2], [-1, -1, 2]]),
        ((1, 2), [[1, -2], [-1, 3], [-1, 2]]),
        (3, [[1]]),
    ],
)
def test_conv2d_strided_by_hand(strides: Any, expected: Any) -> None:
    """X with K in steps of two, of three, and along one axis only."""
    np.testing.assert_array_equal(gray.conv2d_strided(X, K, strides), expected)


@pytest.mark.parametrize(
    ("image", "kernel", "strides", "expected"),
    [
        (X, K, 1, [[-3, 4, 2, -4, 1], [-5, 1, 3, -2, 2], [-3, -1, 0, 3, 3], [-3, -1, -1, 2, 4], [-1, 2, -2, 0, 3]]),
        (X, K, 2, [[-3, 2, 1], [-3, 0, 3], [-1, -2, 3]]),
        (X, K, 3, [[1, 2], [2, 3]]),
        (A, K, 2, [[-3, 8], [-6, 7]]),
    ],
)
def test_conv2d_gray_same_by_hand(image: Any, kernel: Any, strides: int, expected: Any) -> None:
    """X and A with K under "same"."""
    np.testing.assert_array_equal(gray.conv2d_gray(image, kernel, strides, "same"), expected)


def test_an_even_kernel_pads_after() -> None:
    """[[1, -1], [0, 2]] under "same" on X sees one row more at the bottom, and one column at the right."""
    maps = gray.conv2d_gray(X, [[1, -1], [0, 2]], 1, "same")

    assert maps[0].tolist() == [1, 4, -1, 2, 3]
    assert maps[-1].tolist() == [2, 1, -1, -1, 2]


@law
@given(st.data(), pairs(1, 3), pairs(1, 3), PADDINGS)
def test_gray_agrees_with_loops(
    data: st.DataObject, kernel_size: tuple[int, int], strides: tuple[int, int], padding: str
) -> None:
    """One gray image is a batch of one with one channel."""
    image = data.draw(halves(*data.draw(image_sizes(kernel_size, padding))))
    kernel = data.draw(halves(*kernel_size))

    maps = gray.conv2d_gray(image, kernel, data.draw(spelled(strides)), padding)

    expected = loops.conv2d(image[None, :, :, None], kernel[:, :, None, None], strides=strides, padding=padding)
    np.testing.assert_array_equal(maps, expected[0, :, :, 0], strict=True)


def test_convolve_with_an_uneven_kernel() -> None:
    """Both axes are flipped: an impulse gives the kernel back."""
    impulse = np.zeros((3, 5))
    impulse[1, 2] = 1
    kernel = np.arange(6.0).reshape(2, 3)

    np.testing.assert_array_equal(gray.convolve(impulse, kernel)[:, :3], kernel)


def test_pad2d_frames_one_image() -> None:
    """Each side of an image gets its own number of rows or columns."""
    padded = gray.pad2d([[1, 2, 3]], ((0, 1), (2, 0)), 9)

    assert padded.tolist() == [[9, 9, 1, 2, 3], [9, 9, 9, 9, 9]]


def test_float32_stays_float32() -> None:
    """float32 in gives float32 out, lists and integers give float64."""
    image, kernel = np.ones((4, 5), np.float32), np.ones((2, 3), np.float32)

    assert gray.conv2d_valid(image, kernel).dtype == np.float32
    assert gray.convolve(image, kernel).dtype == np.float32
    assert gray.pad2d(image, ((1, 0), (0, 1))).dtype == np.float32
    assert gray.conv2d_valid(X, K).dtype == np.float64


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: gray.window_sum(np.ones((3, 2)), np.ones((2, 3))),
            "window_sum: patch has shape (3, 2), but kernel has shape (2, 3); cut the patch to the size of the kernel",
        ),
        (
            lambda: gray.conv2d_valid(np.ones((3, 2, 1)), K),
            "conv2d_valid: image has shape (3, 2, 1), but it must have 2 axes, (height, width); add or drop an axis",
        ),
        (
            lambda: gray.conv2d_valid(X, [1, 2]),
            "conv2d_valid: kernel has shape (2,), but it must have 2 axes, (i, j); add or drop an axis",
        ),
        (
            lambda: gray.conv2d_strided([[1, 2]], K, 2),
            "conv2d_strided, height: a window spans 3 pixels, but the image has 1 pixel; "
            'take a smaller window or padding="same"',
        ),
        (
            lambda: gray.pad2d([1, 2], ((0, 0), (0, 0))),
            "pad2d: image has shape (2,), but it must have 2 axes, (height, width); add or drop an axis",
        ),
    ],
)
def test_what_does_not_fit_is_named(call: Any, words: str) -> None:
    """An error says which function was called, what is, what is right, and what to do."""
    with pytest.raises(ShapeError) as caught:
        call()

    assert str(caught.value) == words
