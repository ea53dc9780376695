"""Times `solutions.conv2d` against the matrix product of the same size, and against torch where it is installed.

Run it from the top of the repository, with or without a file for the table:

    python -m tests.benchmarks.reference --out results/reference.md

A run needs about 10 s. The cases are timed in turn within every round, so that a busy machine slows all alike.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# They tune NumPy's matrix product for another processor and can halve its speed; they count when NumPy loads.
if __name__ == "__main__":
    os.environ.pop("OPENBLAS_CORETYPE", None)
    os.environ.pop("OPENBLAS_L2_SIZE", None)
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from solutions import conv2d, windows

# Of our time over that of the matrix product, and over torch's.
MEDIAN_BAR, WORST_BAR, TORCH_BAR = 1.5, 2.2, 3.0


@dataclass(frozen=True)
class Case:
    """A convolution of square images with square kernels, "valid", float32."""

    n: int
    size: int
    c: int
    k: int
    o: int
    stride: int

    def __str__(self) -> str:
        """Name the case as the table does."""
        return f"{self.n} x {self.size}x{self.size}x{self.c}, {self.k}x{self.k} -> {self.o}, stride {self.stride}"


CASES = [
    Case(8, 56, 64, 3, 64, 1),
    Case(1, 224, 3, 7, 64, 2),
    Case(32, 32, 16, 3, 32, 1),
    Case(4, 14, 256, 3, 256, 1),
    Case(1, 427, 3, 3, 8, 1),
]


def contenders(case: Case) -> dict[str, Callable[[], Any]]:
    """The functions to be timed on one case, by name; their results have been seen to agree."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(case.n, case.size, case.size, case.c)).astype(np.float32)
    w = rng.normal(size=(case.k, case.k, case.c, case.o)).astype(np.float32)
    patches = windows(x, case.k, case.stride).reshape(-1, case.k * case.k * case.c)
    matrix = w.reshape(-1, case.o)
    functions: dict[str, Callable[[], Any]] = {
        "gemm": lambda: patches @ matrix,
        "ours": lambda: conv2d(x, w, strides=case.stride),
    }
    if importlib.util.find_spec("torch"):
        functions["torch"] = torch_conv2d(x, w, case.stride)
    expected = functions["gemm"]()
    for function in functions.values():
        np.testing.assert_allclose(np.asarray(function()).reshape(expected.shape), expected, rtol=1e-3, atol=1e-3)
    return functions


def torch_conv2d(x: np.ndarray, w: np.ndarray, stride: int) -> Callable[[], Any]:
    """torch's conv2d on one thread, images and filters stored channels last, as it is fastest."""
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    images = torch.from_numpy(x).permute(0, 3, 1, 2)
    filters = torch.from_numpy(w).permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last)

    def run() -> Any:
        with torch.inference_mode():
            return torch.nn.functional.conv2d(images, filters, stride=stride).permute(0, 2, 3, 1)

    return run


def medians(functions: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """The median milliseconds of each function, timed in turn."""
    times: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            start = time.perf_counter()
            function()
            times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(values) for name, values in times.items()}


def row(case: Case, times: dict[str, float]) -> str:
    """One line of the table."""
    gemm, ours = times["gemm"], times["ours"]
    torch = f"{times['torch']:.2f} | {ours / times['torch']:.2f}" if "torch" in times else "torch not installed | -"
    return f"| {case} | {gemm:.2f} | {ours:.2f} | {ours / gemm:.2f} | {torch} |"


def ratios(rows: Iterable[dict[str, float]], peer: str) -> list[float]:
    """Our time over a peer's, smallest first; none where the peer is not installed."""
    return sorted(times["ours"] / times[peer] for times in rows if peer in times)


def are_bars_met(rows: Sequence[dict[str, float]]) -> bool:
    """Median and worst ratio to the matrix product, and the worst one to torch."""
    gemm, torch = ratios(rows, "gemm"), ratios(rows, "torch")
    return statistics.median(gemm) <= MEDIAN_BAR and gemm[-1] <= WORST_BAR and max(torch, default=0) <= TORCH_BAR


def machine() -> str:
    """The matrix product that ran: NumPy, its BLAS, the kernel it chose, its threads."""
    blas = next(library for library in threadpool_info() if library["user_api"] == "blas")
    return (
        f"NumPy {np.__version__}, {blas['internal_api']} {blas['version']}, "
        f"kernel {blas['architecture']}, threads {blas['num_threads']}"
    )


def table(rows: dict[Case, dict[str, float]], rounds: int) -> str:
    """The whole report, in Markdown."""
    gemm, torch = ratios(rows.values(), "gemm"), ratios(rows.values(), "torch")
    against_torch = f"at most {torch[-1]:.2f} times torch" if torch else "torch not installed"
    met = "met" if are_bars_met([*rows.values()]) else "missed"
    lines = [
        f"{machine()}; median of {rounds}.",
        "",
        f"The median case takes {statistics.median(gemm):.2f} times the matrix product, the worst {gemm[-1]:.2f}; "
        f"{against_torch}.",
        f"Bars: {MEDIAN_BAR:g}, {WORST_BAR:g} and {TORCH_BAR:g}; {met}.",
        "",
        "| case | GEMM ms | ours ms | ours / GEMM | torch ms | ours / torch |",
        "|---|---|---|---|---|---|",
        *(row(case, times) for case, times in rows.items()),
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, and write it to a file if one is named; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, help="a file for the table")
    parser.add_argument("--rounds", type=int, default=60, help="how often each function is timed")
    options = parser.parse_args(arguments)
    with threadpool_limits(1):
        rows = {case: medians(contenders(case), options.rounds) for case in CASES}
        report = table(rows, options.rounds)
    sys.stdout.write(report)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(report)
    return int(not are_bars_met([*rows.values()]))


if __name__ == "__main__":
    sys.exit(main())
