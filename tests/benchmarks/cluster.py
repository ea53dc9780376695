"""What a cluster costs: the same class by local workers and by Dask's, and what a million submissions would take.

Run it from the top of the repository, with or without a file for the table:

    python -m tests.benchmarks.cluster --out results/cluster.md

Scheduler and workers are processes on this machine, so that four of them share its cores. A run needs a minute or two.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import distributed

from autograder.course import versions
from autograder.course.folder import Course, load_course
from autograder.grading import batch
from autograder.grading.class_run import ClassRun
from autograder.grading.cluster import connected
from autograder.grading.worker import Settings
from autograder.handed_in.folder import find
from autograder.report import results
from tests.benchmarks.classes import submissions, write
from tests.benchmarks.measured import machine

ROOT = Path(__file__).resolve().parents[2]
NAME = "06_pooling"
NUMBER = 400
WORKERS = (1, 2, 4)
PATIENCE = 60
MILLION, MACHINES, CORES = 1_000_000, 100, 16
NETWORK = 10e9 / 8  # bytes in a second that the grader's machine is given in the model


@dataclass(frozen=True)
class Row:
    """One class by so many workers: seconds on this machine's own, and by Dask's; and CPU seconds by Dask's."""

    workers: int
    local: float
    cluster: float
    parent: float
    scheduler: float

    @property
    def lost(self) -> float:
        """The share of the cluster's time that local workers do not need."""
        return 1 - self.local / self.cluster


@dataclass(frozen=True)
class Costs:
    """What one submission costs.

    Attributes:
        worker: seconds of one core.
        parent: CPU seconds of the grader that reads, hands out and writes.
        scheduler: CPU seconds of the scheduler.
        size: bytes that travel, there and back.
    """

    worker: float
    parent: float
    scheduler: float
    size: float

    def seconds(self, number: int, cores: int, network: float) -> dict[str, float]:
        """What each part would need for so many submissions, if it were the only one; the longest one binds."""
        return {
            "workers": number * self.worker / cores,
            "the grader that reads, hands out and writes": number * self.parent,
            "the scheduler": number * self.scheduler,
            "the network": number * self.size / network,
        }


def main() -> int:
    """Print the table, and write it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="write the table there, too")
    out: Path | None = parser.parse_args().out
    course = load_course(ROOT / "course")
    assignment = course.find(NAME)
    assert assignment is not None
    with tempfile.TemporaryDirectory() as name:
        folder = write(submissions(course, assignment), NAME, NUMBER, Path(name, "submitted"))
        rows = [_row(course, folder, Path(name, f"{workers} workers"), workers) for workers in WORKERS]
        size = sum(file.stat().st_size for place in (folder, Path(name, "1 workers")) for file in place.rglob("*.*"))
    costs = Costs(rows[0].local / NUMBER, rows[0].parent / NUMBER, rows[0].scheduler / NUMBER, size / NUMBER)
    text = table(rows, costs)
    print(text)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text + "\n", encoding="utf-8")
    return 0


def _row(course: Course, folder: Path, out: Path, workers: int) -> Row:
    print(f"{workers} workers ...", file=sys.stderr)
    settings = Settings(course.folder, versions.of(course), 7, course.limits)
    local, _ = _mark(course, folder, out.with_name("local"), settings, batch.local(workers))
    with _cluster(workers) as (address, scheduler), connected(address, settings) as pool:
        _mark(course, folder, out.with_name("first"), settings, pool)  # so that every worker has its mark schemes
        before = _cpu(scheduler)
        cluster, parent = _mark(course, folder, out, settings, pool)
        return Row(workers, local, cluster, parent, _cpu(scheduler) - before)


def _mark(course: Course, folder: Path, out: Path, settings: Settings, pool: batch.Pool) -> tuple[float, float]:
    """Mark a class anew; wall and CPU seconds of this process."""
    with results.opened(out) as held:
        run = ClassRun(course, settings, held, again=True)
        start, cpu = time.monotonic(), time.process_time()
        run.run(find(folder), pool)
        took = time.monotonic() - start, time.process_time() - cpu
        if len(run.summaries()) != NUMBER:
            raise RuntimeError(f"{folder}: {run.troubles[:1]}, but all {NUMBER} have to be marked")
        return took


@contextlib.contextmanager
def _cluster(workers: int) -> Iterator[tuple[str, int]]:
    """A scheduler with workers; its address and its process."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as processes:
        told = Path(name, "scheduler.json")

        def start(*words: str) -> int:
            environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
            here = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")
            command = [sys.executable, "-m", "dask", *words, "--no-dashboard", *here]
            process = processes.enter_context(
                subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)  # noqa: S603
            )
            processes.callback(process.terminate)
            return process.pid

        scheduler = start("scheduler", "--port", "0", "--scheduler-file", str(told))
        end = time.monotonic() + PATIENCE
        while not told.exists() and time.monotonic() < end:
            time.sleep(0.05)
        address = json.loads(told.read_text())["address"]
        for _ in range(workers):
            start("worker", address, "--nthreads", "1", "--no-nanny")
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(workers, PATIENCE)
        yield address, scheduler


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def table(rows: Sequence[Row], costs: Costs) -> str:
    """The rows, the costs of one submission, and the model."""
    cores = MACHINES * CORES
    needed = costs.seconds(MILLION, cores, NETWORK)
    first, second = sorted(needed, key=lambda part: -needed[part])[:2]
    return "\n".join(
        [
            f"{machine()}; Dask {distributed.__version__}, scheduler and workers on the same machine. {NUMBER} "
            f"submissions of notebook {NAME[:2]}; local workers start and compute their mark schemes within that time, "
            "Dask's workers have done so before.",
            "",
            "| workers | local: s | Dask: s | lost to Dask | CPU of the grader: s | CPU of the scheduler: s |",
            "|---|---|---|---|---|---|",
            *(
                f"| {row.workers} | {row.local:.1f} | {row.cluster:.1f} | {row.lost:.0%} | {row.parent:.2f} | "
                f"{row.scheduler:.2f} |"
                for row in rows
            ),
            "",
            f"A model, not a measurement: {MILLION:,} submissions on {MACHINES} machines of {CORES} cores. One "
            f"submission takes {costs.worker * 1000:.1f} ms of a worker's core, {costs.parent * 1000:.2f} ms of the "
            f"grader that reads, hands out and writes, {costs.scheduler * 1000:.2f} ms of the scheduler, and "
            f"{costs.size / 1024:.0f} KiB of data, over a network of {NETWORK * 8 / 1e9:g} Gbit/s. Each part "
            "alone would need, as number x cost / how many of it there are:",
            "",
            "| part | minutes |",
            "|---|---|",
            *(f"| {part} | {seconds / 60:.1f} |" for part, seconds in needed.items()),
            "",
            f"The first bottleneck is {first}, the second {second}. Several graders, each with its own scheduler, part "
            "of the class and results folder, share the load of everything except the workers.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
