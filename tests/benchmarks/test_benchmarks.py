"""What benchmarks reckon with, not what they measure."""

from __future__ import annotations

import sys

import pytest

from course.exercises import ASSIGNMENTS
from tests.benchmarks import cluster, growth, measured, nbgrader, reference, throughput
from tests.benchmarks.classes import VARIETY, is_wrong, variety
from tests.benchmarks.measured import Cost
from tests.benchmarks.peers import PeerError

ONE_WINDOW = next(one for one in ASSIGNMENTS if one.name == throughput.NAME)


def rows(*sizes: tuple[int, float, int]) -> list[growth.Row]:
    """Classes of these sizes, with seconds and bytes."""
    return [growth.Row(number, Cost(wall, wall, memory, ""), Cost(0, 0, 0, "")) for number, wall, memory in sizes]


def test_growth_leaves_out_the_start() -> None:
    """A start of two seconds is no part of what one more submission takes."""
    linear = rows((100, 3.0, 100), (1_000, 12.0, 105), (10_000, 102.0, 115))
    worse = rows((100, 3.0, 100), (1_000, 12.0, 105), (10_000, 147.0, 130))

    assert (growth.growth(linear), growth.growth(worse)) == (pytest.approx(1.0), pytest.approx(1.5))
    assert (growth.memory(linear), growth.memory(worse)) == (pytest.approx(1.15), pytest.approx(1.3))


@pytest.mark.parametrize(
    ("ours", "torch", "met"),
    [
        ((1.0, 1.5, 2.2), 1.0, True),
        ((1.0, 1.6, 2.2), 1.0, False),
        ((1.0, 1.5, 2.3), 1.0, False),
        ((1.0, 1.5, 2.2), 0.7, False),
    ],
    ids=["all met", "median too slow", "worst too slow", "torch too far ahead"],
)
def test_each_bar_of_the_reference_counts(ours: tuple[float, ...], torch: float, met: bool) -> None:
    """The median and the worst ratio to the matrix product, and the worst ratio to torch."""
    times = [{"gemm": 1.0, "ours": ratio, "torch": torch} for ratio in ours]

    assert reference.are_bars_met(times) is met


def test_the_model_divides_workers_and_nothing_else() -> None:
    """More cores help the workers alone."""
    costs = cluster.Costs(worker=0.02, parent=0.001, scheduler=0.002, size=1000)

    one, many = (costs.seconds(1_000, cores, network=1e6) for cores in (1, 100))

    assert one["workers"] == pytest.approx(20.0)
    assert many["workers"] == pytest.approx(0.2)
    assert {part: seconds for part, seconds in one.items() if part != "workers"} == {
        part: seconds for part, seconds in many.items() if part != "workers"
    }
    assert one["the scheduler"] == pytest.approx(2.0)


@pytest.mark.parametrize(("student", "marks"), [(0, 9.0), (1, 10.0)], ids=["a right one", "a wrong one"])
def test_wrong_marks_stop_a_measurement(student: int, marks: float) -> None:
    """Nobody is timed who fails."""
    given = {f"student{number:06}": 4.0 if is_wrong(number) else 10.0 for number in range(VARIETY)}
    throughput.require_right("a grader", given)

    with pytest.raises(PeerError, match="its time does not count"):
        throughput.require_right("a grader", {**given, f"student{student:06}": marks})


def test_wrong_marks_in_a_gradebook_stop_a_measurement() -> None:
    """In nbgrader as well."""
    given = {f"student{number:06}": 4.0 if is_wrong(number) else 10.0 for number in range(VARIETY)}
    nbgrader.require_right("a way", given, 10.0)

    with pytest.raises(RuntimeError, match="student000001 has 10 of 10, but that is not right"):
        nbgrader.require_right("a way", {**given, "student000001": 10.0}, 10.0)


def test_ways_to_fill_a_gradebook_are_compared_by_submission() -> None:
    """A large class is no slower way for being large."""
    ways = [("own", 16, 16.0), ("ours", 16, 4.0), ("few", 16, 2.0), ("many", 1600, 16.0)]

    assert nbgrader.ratios([nbgrader.Row(way, number, wall, wall) for way, number, wall in ways]) == {
        "autograde": 4.0,
        "gradebook": 100.0,
    }


def test_a_class_has_variety() -> None:
    """Sixteen students write at least six different answers, and four of them a wrong one."""
    written = variety(ONE_WINDOW)

    assert len({tuple(sorted(answers.items())) for answers in written}) >= 6
    assert sum(is_wrong(student) for student in range(VARIETY)) == 4


def test_a_command_that_fails_is_told() -> None:
    """Its time would be no time for anything."""
    with pytest.raises(RuntimeError, match="exit status 3"):
        measured.run([sys.executable, "-c", "import sys; sys.exit(3)"])
