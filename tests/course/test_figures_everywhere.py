"""Figures are the same bytes on every machine: the photograph, PNG files, and sums of floating-point numbers."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from course import figures
from course.exercises.hand import K, X
from course.figures import FigureError
from course.figures.photo import FOLDER, STORED


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

    @pytest.mark.parametrize(("of", "height"), [("temple", 240), ("flower", 120)])
    def test_full_size_is_what_is_stored(self, of: str, height: int) -> None:
        """At its full height, nothing is averaged."""
        file, name = STORED[of]
        with np.load(FOLDER / file, allow_pickle=False) as stored:
            full = stored[name]

        np.testing.assert_array_equal(figures.photograph(height, colour=True, of=of), np.rint(256 / 255 * full) / 256)

    def test_channels_of_the_flower_differ(self) -> None:
        """The flower is bright in red and the leaves are not; nothing of it is mostly blue."""
        red, _, blue = np.moveaxis(figures.photograph(60, colour=True, of="flower"), -1, 0)

        assert red[30, 43] - blue[30, 43] > 0.4
        assert blue[30, 5] - red[30, 5] > 0.1

    def test_there_are_two(self) -> None:
        """Another name is refused, with those that there are."""
        with pytest.raises(FigureError, match=r"of is 'cat', but must be one of 'temple', 'flower'"):
            figures.photograph(of="cat")

    def test_numpy_is_enough(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A student need not have scikit-learn or Pillow."""
        with_them = figures.photograph(30)
        for name in ("sklearn", "PIL"):
            monkeypatch.setitem(sys.modules, name, None)

        np.testing.assert_array_equal(figures.photograph(30), with_them)

    @pytest.mark.parametrize("of", STORED)
    def test_it_is_the_photograph_of_scikit_learn(self, of: str) -> None:
        """Made anew, it differs by the rounding of a JPEG decoder at most."""
        pytest.importorskip("sklearn", reason="needs scikit-learn, which has the original")
        pytest.importorskip("PIL", reason="needs Pillow, which decodes the original")
        from course.data.make_photograph import shrunk  # noqa: PLC0415 - after the two are known to be there

        file, name = STORED[of]
        with np.load(FOLDER / file, allow_pickle=False) as stored:
            np.testing.assert_allclose(stored[name].astype(int), shrunk(of).astype(int), atol=3)

    @pytest.mark.parametrize("height", [7, 241, 60.5, "60"])
    def test_a_wrong_height_is_refused(self, height: Any) -> None:
        """The range is named."""
        with pytest.raises(FigureError, match=r"height is .*, but must be a whole number from 8 to 240; try height=60"):
            figures.photograph(height)


class TestRounding:
    """Printed numbers and colours do not show in which order a machine adds."""

    @pytest.mark.parametrize("make", [figures.arrays, lambda named: figures.gallery(named["x"], {"K": K})])
    def test_same_picture_for_noisy_numbers(self, make: Any) -> None:
        """An image with rounding errors gives the same bytes as the image itself."""
        image = np.tile(X, (3, 4)) / 4
        noise = np.random.default_rng(0).uniform(-1e-15, 1e-15, image.shape)

        assert make({"x": image + noise}) == make({"x": image})
