"""Figures are the same bytes on every machine: the photograph, PNG files, and sums of floating-point numbers."""

from __future__ import annotations

import base64
import re
import sys
import zlib
from typing import Any

import numpy as np
import pytest

from course import figures
from course.figures import FigureError
from course.figures.numbers import settled
from course.figures.photo import FILE
from course.figures.png import data_uri
from tests.course.test_figures import K, X, parse, printed


class TestPhotograph:
    """A picture to look at."""

    @pytest.mark.parametrize(("height", "width"), [(60, 90), (100, 150), (240, 360)])
    def test_size_and_range(self, height: int, width: int) -> None:
        """Numbers from 0 to 1 with much of that range used."""
        grey, colour = figures.photograph(height), figures.photograph(height, colour=True)

        assert (grey.shape, grey.dtype) == ((height, width), np.float64)
        assert (colour.shape, colour.dtype) == ((height, width, 3), np.float64)
        for picture in (grey, colour):
            assert 0 <= picture.min() < 0.1
            assert 0.9 < picture.max() <= 1

    def test_colour_is_red_green_blue(self) -> None:
        """The sky is bluer than the roof, and brightness is the usual mixture."""
        colour, grey = figures.photograph(60, colour=True), figures.photograph(60)

        assert (colour[0, 0].argmax(), np.ptp(colour, axis=2).max() > 0.2) == (2, True)
        np.testing.assert_allclose(colour @ [0.299, 0.587, 0.114], grey, atol=1 / 256)

    def test_sums_are_exact(self) -> None:
        """Pixels are multiples of 1/256, so that no order of adding gives another sum."""
        pixels = 256 * figures.photograph(100, colour=True)

        np.testing.assert_array_equal(pixels, np.rint(pixels))

    def test_full_size_is_what_is_stored(self) -> None:
        """At 240 rows, nothing is averaged."""
        with np.load(FILE, allow_pickle=False) as stored:
            full = stored["china"]

        np.testing.assert_array_equal(figures.photograph(240, colour=True), np.rint(256 / 255 * full) / 256)

    def test_numpy_is_enough(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A student need not have scikit-learn or Pillow."""
        with_them = figures.photograph(30)
        for name in ("sklearn", "PIL"):
            monkeypatch.setitem(sys.modules, name, None)

        np.testing.assert_array_equal(figures.photograph(30), with_them)

    def test_it_is_the_photograph_of_scikit_learn(self) -> None:
        """Made anew, it differs by the rounding of a JPEG decoder at most."""
        pytest.importorskip("sklearn", reason="needs scikit-learn, which has the original")
        pytest.importorskip("PIL", reason="needs Pillow, which decodes the original")
        from course.data.make_photograph import shrunk  # noqa: PLC0415 - after the two are known to be there

        with np.load(FILE, allow_pickle=False) as stored:
            np.testing.assert_allclose(stored["china"].astype(int), shrunk().astype(int), atol=3)

    @pytest.mark.parametrize("height", [7, 241, 60.5, "60"])
    def test_a_wrong_height_is_refused(self, height: Any) -> None:
        """The range is named."""
        with pytest.raises(
            FigureError, match=r"height is .*, but has to be a whole number from 8 to 240; try height=60"
        ):
            figures.photograph(height)


class TestPictures:
    """PNG files of our own, of stored bytes."""

    @pytest.mark.parametrize("shape", [(1, 1), (3, 5), (300, 400)])
    def test_a_decoder_reads_them(self, shape: tuple[int, int]) -> None:
        """Every pixel comes back, also from a picture of more bytes than one block holds."""
        indices = np.random.default_rng(0).integers(0, 3, shape).astype(np.uint8)
        palette = np.array([[0, 0, 0], [255, 0, 0], [1, 2, 3]], np.uint8)

        stored = base64.b64decode(data_uri(indices, palette).partition(",")[2])
        kinds = re.findall(rb"IHDR|PLTE|tRNS|IDAT|IEND", stored)
        start = stored.index(b"IDAT")
        size = int.from_bytes(stored[start - 4 : start], "big")
        lines = np.frombuffer(zlib.decompress(stored[start + 4 : start + 4 + size]), np.uint8)

        assert kinds == [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"]
        np.testing.assert_array_equal(lines.reshape(shape[0], shape[1] + 1), np.pad(indices, ((0, 0), (1, 0))))


class TestRounding:
    """Printed numbers and colours do not show in which order a machine adds."""

    @pytest.mark.parametrize("noise", [-1e-16, 0.0, 1e-16])
    def test_the_last_digits_do_not_count(self, noise: float) -> None:
        """Noise is gone: at zero, at a tie between two labels, and at a tie between two colours."""
        values = np.array([1 / 9, 0.0, 0.0125, 0.5, 1.0])

        np.testing.assert_array_equal(settled(values + noise), settled(values))
        assert printed(parse(figures.arrays({"x": values + noise}).svg)) == ["0.111", "0", "0.0125", "0.5", "1"]

    def test_decimals_stay_what_they_are(self) -> None:
        """Numbers that a person has typed, the largest and the smallest, come through."""
        for typed in (
            [0.1, 0.0625, 123.456],
            [1e30, 5.25],
            [123456.0, 3e-9],
            [1e300, 1.0],
            [1e-7, 2.5e-9],
            [np.inf, np.nan, 2.5],
        ):
            np.testing.assert_array_equal(settled(np.array(typed)), typed)

    @pytest.mark.parametrize("make", [figures.arrays, lambda named: figures.gallery(named["x"], {"K": K})])
    def test_same_picture_for_noisy_numbers(self, make: Any) -> None:
        """An image with rounding errors gives the same bytes as the image itself."""
        image = np.tile(X, (3, 4)) / 4
        noise = np.random.default_rng(0).uniform(-1e-15, 1e-15, image.shape)

        assert make({"x": image + noise}) == make({"x": image})

    def test_what_is_equal_but_for_rounding_is_shown_as_equal(self) -> None:
        """A difference of rounding errors is drawn as zeros."""
        figure = figures.compare(X, X + 1e-9)

        assert figure.text.endswith("broken minus right (height 5, width 5)\n" + "\n".join(["  0 0 0 0 0"] * 5))
