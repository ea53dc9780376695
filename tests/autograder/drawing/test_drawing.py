"""The drawing kit: arrays as numbers or heat maps, two arrays and their difference, PNG files, rounding."""

from __future__ import annotations

import base64
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from autograder.drawing import style
from autograder.drawing.panels import arrays, compare, given_and_returned
from autograder.drawing.png import data_uri
from autograder.drawing.svg import NAMESPACE
from autograder.numbers import settled
from autograder.report import fragment
from course.exercises.hand import K, X

LARGE = np.linspace(-1, 2, 13 * 20).reshape(13, 20)


def parse(markup: str | None) -> ET.Element:
    """Read a figure's own markup."""
    assert markup is not None
    return ET.fromstring(markup)  # noqa: S314 - written by the code under test


def printed(root: ET.Element, class_: str = "number") -> list[str]:
    """The numbers that a drawing prints, in order, as Python reads them."""
    texts = root.iter(f"{{{NAMESPACE}}}text")
    found = [text.text or "" for text in texts if class_ in text.get("class", "").split()]
    return [number.replace("\N{MINUS SIGN}", "-") for number in found]


def labels(array: Any) -> list[str]:
    """The whole numbers of an array as a figure prints them."""
    return [f"{value:g}" for value in np.ravel(array)]


def groups(root: ET.Element, class_: str) -> list[ET.Element]:
    """The groups of a drawing with this class."""
    return [group for group in root.iter(f"{{{NAMESPACE}}}g") if class_ in group.get("class", "").split()]


def pixels(markup: str | None, place: int = 0) -> np.ndarray[Any, Any]:
    """Decode one heat map of a figure, the first by default: red, green, blue, opacity."""
    image = list(parse(markup).iter(f"{{{NAMESPACE}}}image"))[place]
    chunks = dict(png_chunks(base64.b64decode(image.get("href", "").removeprefix("data:image/png;base64,"))))
    width, height = struct.unpack(">2I", chunks[b"IHDR"][:8])
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), dtype=np.uint8).reshape(height, 1 + width)
    assert set(lines[:, 0]) == {0}
    indices = lines[:, 1:]
    colours = np.frombuffer(chunks[b"PLTE"], dtype=np.uint8).reshape(-1, 3)[indices]
    assert chunks[b"tRNS"] == b"\0"
    return np.concatenate([colours, np.where(indices == 0, 0, 255)[..., None]], axis=-1)


def png_chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Take a PNG apart, its check sums checked."""
    place = 8
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        data = png[place + 8 : place + 8 + length]
        assert struct.unpack(">I", png[place + 8 + length : place + 12 + length]) == (zlib.crc32(kind + data),)
        yield kind, data
        place += length + 12


class TestArrays:
    """Arrays side by side."""

    def test_small_arrays_are_numbers(self) -> None:
        """Every number is printed, with three decimals at most, four if that is all of it."""
        figure = arrays({"thirds": [[1 / 3, -2 / 3], [1 / 16, 0.1 + 0.2]], "long": [1234567.0, 2.5e-5]})

        assert printed(parse(figure.svg)) == ["0.333", "-0.667", "0.0625", "0.3", "1.23e+06", "2.5e-05"]
        assert "thirds (height 2, width 2)" in figure.text

    def test_what_is_no_number_is_shown(self) -> None:
        """Cells hold nan and inf as NumPy has them; minus zero is zero."""
        root = parse(arrays({"odd": [float("nan"), float("inf"), -float("inf"), -0.0]}).svg)

        assert printed(root) == ["nan", "inf", "-inf", "0"]

    def test_sign_is_a_colour_and_a_character(self) -> None:
        """Blue and orange tiles differ, and so do the printed numbers."""
        root = parse(arrays({"signs": [2, -2, 0]}).svg)
        tiles = [(rect.get("class"), rect.get("fill-opacity")) for rect in root.iter(f"{{{NAMESPACE}}}rect")]

        assert tiles[1:] == [("positive", "0.480"), ("negative", "0.480"), ("tile", None)]

    def test_twelve_cells_are_numbers_and_thirteen_a_heat_map(self) -> None:
        """The longer axis decides."""
        small, large = arrays({"x": np.ones((2, 12))}), arrays({"x": np.ones((2, 13))})

        assert len(printed(parse(small.svg))) == 24
        assert pixels(large.svg).shape == (2, 13, 4)

    def test_pictures_are_grey_from_zero(self) -> None:
        """Without negative numbers, 0 is black and the largest is white."""
        picture = np.zeros((13, 14))
        picture[0, 1], picture[12, 0] = 0.5, 0.25
        figure = arrays({"picture": picture})

        assert pixels(figure.svg)[[0, 0, 12, 1], [0, 1, 0, 1]].tolist() == [
            [0, 0, 0, 255],
            [255, 255, 255, 255],
            [128, 128, 128, 255],
            [0, 0, 0, 255],
        ]
        assert "black 0, white 0.5" in "".join(parse(figure.svg).itertext())
        assert "picture (height 13, width 14): from 0 to 0.5, mean 0.004" in figure.text

    def test_signed_maps_are_orange_white_blue(self) -> None:
        """Zero is white, and equal distances from it are equally deep."""
        signed = np.zeros((13, 14))
        signed[0, :4] = -2, 1, np.nan, 2
        figure = arrays({"signed": signed})

        assert pixels(figure.svg)[0, :5].tolist() == [
            [179, 84, 4, 255],
            [134, 168, 204, 255],
            [0, 0, 0, 0],
            [20, 86, 156, 255],
            [255, 255, 255, 255],
        ]
        assert "orange \N{MINUS SIGN}2, white 0, blue 2; clear: 1 not finite" in "".join(parse(figure.svg).itertext())

    def test_channels_have_a_panel_each(self) -> None:
        """(1, height, width, channels) and (height, width, channels) are drawn channel by channel."""
        x = np.arange(12).reshape(1, 2, 3, 2)

        for array in (x, x[0]):
            root = parse(arrays({"x": array}).svg)
            assert printed(root, "title") == ["x, channel 0", "x, channel 1"]
            assert printed(root) == labels(np.moveaxis(x[0], -1, 0))

    def test_equal_colours_are_equal_numbers(self) -> None:
        """A picture without contrast is as grey as its number is beside others; signed maps are apart."""
        stripes = np.tile([1.0, 0, 0, 0, 0], (3, 4))
        figure = arrays({"even": np.full((3, 20), 0.2), "stripes": stripes, "edges": stripes * -3})
        even, striped, edges = (pixels(figure.svg, place) for place in range(3))

        assert even[0, 0].tolist() == [49, 49, 49, 255]
        assert striped[0, :2].tolist() == [[255, 255, 255, 255], [0, 0, 0, 255]]
        assert edges[0, :2].tolist() == [[179, 84, 4, 255], [255, 255, 255, 255]]
        assert "".join(parse(figure.svg).itertext()).count("black 0, white 1") == 2

    def test_what_comes_back_is_as_bright_as_it_is(self) -> None:
        """What a function returned has the colours of what it got, if these hold it, and else its own."""
        given = np.tile([1.0, 0.5], (3, 8))
        for returned, colours in (
            (given / 2, "black 0, white 1"),
            (given * 2, "black 0, white 2"),
            (given - 1, "orange"),
        ):
            figure = given_and_returned({"input": given}, {"returned": returned})

            assert colours in "".join(parse(figure.svg).itertext()).partition("returned")[2]

    def test_many_feature_maps_are_heat_maps(self) -> None:
        """Eight maps of 8 by 8 would be too many numbers; a small kernel beside them keeps its own."""
        figure = arrays({"maps": np.ones((8, 8, 8)), "kernel": K})

        assert printed(parse(figure.svg)) == labels(K)
        assert "maps, channel 7 (height 8, width 8): from 1 to 1, mean 1" in figure.text

    def test_many_panels_go_on_in_a_new_row(self) -> None:
        """A figure is not wider than a notebook."""
        root = parse(arrays({str(i): X for i in range(6)}).svg)

        assert float(root.get("width", "")) <= 924
        assert float(root.get("height", "")) > 450


class TestCompare:
    """Two arrays and what differs."""

    def test_wrong_cells_are_outlined(self) -> None:
        """Only the cells that differ, in the broken array and in the difference; the rest is rounding."""
        right = np.array([[1.0, 3, -2], [-1, 0, 3]])
        broken = right + np.array([[0, 0, 1e-9], [0, 5, 0]])
        figure = compare(right, broken)
        rects = [rect.get("class") for rect in parse(figure.svg).iter(f"{{{NAMESPACE}}}rect")]

        assert rects.count("wrong") == 2
        assert printed(parse(figure.svg), "strong") == ["5", "5"]
        assert figure.text.startswith("1 of 6 cells differs. The first, row 1, column 1: right 0, broken 5.\n")

    def test_equal_arrays(self) -> None:
        """Nothing is outlined, nan included."""
        figure = compare([[1.0, np.nan]], [[1.0, np.nan]])

        assert figure.text.startswith("No cell differs.")
        assert 'class="wrong"' not in (figure.svg or "")

    def test_shapes_that_differ_are_not_subtracted(self) -> None:
        """Both arrays are drawn, and their shapes are named."""
        figure = compare(np.ones((2, 3)), np.zeros((2, 1)), titles=("Keras", "yours"))

        assert figure.text.startswith("The shapes differ: Keras (2, 3), yours (2, 1).")
        assert printed(parse(figure.svg), "title") == ["Keras", "yours"]

    @pytest.mark.parametrize(
        ("place", "shown"), [((1, 0, 2, 3), "Shown: image 1, channel 3."), ((0, 2, 3), "Shown: channel 3.")]
    )
    def test_the_plane_that_differs_is_shown(self, place: tuple[int, ...], shown: str) -> None:
        """Of batches and channels, the first plane with a difference is drawn."""
        right = np.zeros((2, 2, 3, 4)[-len(place) :])
        broken = right.copy()
        broken[place] = 7
        figure = compare(right, broken)

        assert shown in figure.text
        assert "row 0, column 2: right 0, broken 7" in figure.text
        assert printed(parse(figure.svg), "strong") == ["7", "7"]

    def test_one_outline_around_all_that_is_wrong_in_a_heat_map(self) -> None:
        """A block in the corner of a large array is outlined once in each of the two maps."""
        broken = LARGE.copy()
        broken[10:, 18:] += 1
        figure = compare(LARGE, broken)
        outlines = [r for r in parse(figure.svg).iter(f"{{{NAMESPACE}}}rect") if r.get("class") == "wrong"]

        assert figure.text.startswith("6 of 260 cells differ.")
        assert [(r.get("x"), r.get("y"), r.get("width"), r.get("height")) for r in outlines] == [
            ("286", "158", "36", "52")
        ] * 2

    def test_two_numbers(self) -> None:
        """Rank 0 is drawn, too."""
        assert compare(1, 3).text.startswith("1 of 1 cell differs. The first, row 0, column 0: right 1, broken 3")


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
        assert printed(parse(arrays({"x": values + noise}).svg)) == ["0.111", "0", "0.0125", "0.5", "1"]

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

    def test_what_is_equal_but_for_rounding_is_shown_as_equal(self) -> None:
        """A difference of rounding errors is drawn as zeros."""
        figure = compare(X, X + 1e-9)

        assert figure.text.endswith("broken minus right (height 5, width 5)\n" + "\n".join(["  0 0 0 0 0"] * 5))


def test_rules_begin_with_the_element_that_brings_them() -> None:
    """Every selector is about what stands beside its own style element, which is named after its rules."""
    rules = style.PAGE + style.DRAWING + style.PAPER + style.steps(3) + fragment.STYLE
    page = parse(style.sheet(rules))
    name = page.get("class", "")
    inside = re.sub(r"@media[^{]*{(.*)}", r"\1", page.text or "")
    selectors = [one for block in re.findall(r"([^{}]*){[^{}]*}", inside) for one in block.strip().split(",")]

    assert len(selectors) > 50
    assert [one for one in selectors if not one.startswith(f"style.{name}~")] == []
    assert style.sheet(rules) == style.sheet(rules)
    assert parse(style.sheet(rules + "&p{margin:0}")).get("class") != name


def test_the_kit_needs_numpy_only() -> None:
    """Importing all of it loads no file of another library: no matplotlib, no course, no solutions."""
    code = (
        "import sys, numpy; before = set(sys.modules); import autograder.drawing.comparison; "
        "print(*(name for name in set(sys.modules) - before if getattr(sys.modules[name], '__file__', None)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    loaded = {name.partition(".")[0] for name in done.stdout.split()}

    assert "autograder" in loaded
    assert {name for name in loaded - {"autograder", "numpy"} if not name.startswith("_sysconfig")} <= (
        sys.stdlib_module_names
    )
