"""What stands in for plotting, display and progress bars: whatever is done with it, the answer beside it counts."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.model import Raised, Unmarkable
from autograder.sandbox.stand_ins import Inert, Progress
from autograder.sandbox.values import UnmarkableError, plain
from tests.autograder.sandbox.test_session import GOOD, call, outcome_of, run_cells, value_of

PLOT = "import numpy as np\nimport matplotlib.pyplot as plt\n"


@pytest.mark.parametrize(
    "cell",
    [
        "counts, edges, bars = plt.hist([1])",
        "a, *b, c = plt.hist([1])\n(d, e), f = plt.hist([1])\nfor g, h in plt.lines: pass",
        "fig, (a, b) = plt.subplots(1, 2)\nfig, ((c, d), (e, f)) = plt.subplots(2, 2)\nfig, g = plt.subplots()",
        "fig, axes = plt.subplots(2, 3)\nassert axes.shape == (2, 3)\nfor axis in axes.flat: axis.plot()",
        "for axis in plt.axes: axis.plot()\nlist(plt.axes), dict(plt.axes), dict(**plt.axes), set(plt.axes)",
        "x = 1 + plt.a - 2 * plt.a / 3 // 4 % 5 ** plt.a\nx += 1\nx = -x, abs(x), round(x), divmod(x, 2), x << 1",
        "np.ones(3) * plt.a, plt.a @ np.eye(3), np.eye(3) @ plt.a, [1] + plt.a, 'a' + plt.a",
        "plt.a > 3, 3 <= plt.a, plt.a == None, plt.a & 1, not plt.a",
        "colours = plt.cm.viridis([0, 1])[:, :3] * 255\nnp.array(plt.cm.viridis(1))[:, :3] * 255",
        "np.mean(plt.a), np.concatenate([plt.a, np.ones(2)]), np.where(plt.a > 1, 0, 1), np.sqrt(plt.a)",
        "out = np.zeros(3)\nout[0] = plt.a\nout += plt.a\nnp.asarray(plt.a, dtype=float)",
        "int(plt.a), float(plt.a), complex(plt.a), len(plt.a), bool(plt.a), str(plt.a), f'{plt.a:.2f}', hash(plt.a)",
        "[1, 2][plt.a], range(plt.a), min(plt.a), next(iter(plt.a)), sum(plt.a), sorted(plt.a)",
        "class Mine(plt.Axes):\n    def __init__(self):\n        super().__init__()\n        self.x = 3\nMine().x + 3",
        "def draw(axes: plt.Axes | None = None) -> list[plt.Axes]: pass\nisinstance(3, plt.Axes)",
        "with plt.style.context('x') as y: pass\nplt.rcParams['a'] = 1\nplt.a.b = 2\ndel plt.a.b, plt.a['c']",
        "import copy, os\ncopy.deepcopy(plt.a), os.path.join(plt.a, 'x')",
        "from ipywidgets import interact\n@interact(x=(1, 5))\ndef f(x): return x\nassert interact(f)(3) == 3",
        "from google.colab import drive, files\ndrive.mount('/content/drive')\nfor name in files.upload(): pass",
        "import seaborn, pylab\nfrom mpl_toolkits.axes_grid1 import ImageGrid\nImageGrid(1)[0].plot()",
        "uploaded = !ls\nfirst, second = !ls",
        "axes = plt.figure().subplots(1, 2)\naxes[0].plot()\naxes[1].plot()\nplt.gcf().subplots().plot()",
        "import matplotlib\nfrom matplotlib import pyplot\nfrom matplotlib.pyplot import subplots\n"
        "fig, axes = subplots(2)\nfig, axes = pyplot.subplots(2)\nfig, axes = matplotlib.pyplot.subplots(2)\n"
        "axes[1].plot()",
        "while plt.get_fignums(): plt.close()\nwhile plt.a > 1: pass\nwhile not plt.a.ready(): pass",
    ],
)
def test_whatever_is_done_with_a_plot_does_no_harm(cell: str) -> None:
    """It unpacks, iterates, indexes, calculates, converts and can be inherited from."""
    done = run_cells(f"{PLOT}{cell}\n{GOOD}", calls=[call("good", 1)])

    assert [remark for remark in done.remarks if "only IPython" not in remark] == []
    assert value_of(done.calls[0]) == 2


@pytest.mark.parametrize(
    "cell",
    [
        "from tqdm import tqdm\nseen = [i for i in tqdm(range(3))]",
        "from tqdm.auto import tqdm, trange\nseen = list(trange(3, desc='x'))",
        "import tqdm.notebook\nseen = [i for i in tqdm.notebook.tqdm([0, 1, 2], total=3)]",
        "from tqdm import tqdm\nseen = []\nfor i, _ in enumerate(tqdm('abc', leave=False)): seen.append(i)",
        "from tqdm.contrib import tenumerate\nseen = [i for i, _ in tenumerate('abc', total=3)]",
        "from tqdm.contrib import tzip\nseen = [i for i, _ in tzip(range(3), 'abc')]",
        "from tqdm.contrib.concurrent import thread_map\nseen = thread_map(int, '012', max_workers=2)",
        "from tqdm import tqdm\nseen = [0, 1, 2]\nwith tqdm(total=3) as bar: bar.update(1)\ntqdm.write('x')",
    ],
)
def test_a_progress_bar_goes_through_what_it_is_given(cell: str) -> None:
    """A loop over it runs as often as without it."""
    done = run_cells(cell, names=["seen"])

    assert done.remarks == []
    assert value_of(done.values[0]).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    "value",
    ["plt.hist([1])", "[plt.gca(), 1]", "np.ones(3) * plt.gca()", "np.array(plt.gca())", "np.sum(plt.cm.viridis(1))"],
)
def test_a_plot_is_no_result(value: str) -> None:
    """What plotting gives, and what is calculated with it, is told in plain words."""
    outcome = outcome_of(f"{PLOT}def f(x):\n    return {value}")

    assert outcome == Unmarkable("the result of a plotting or display function: return the numbers instead")


@pytest.mark.parametrize("code", ["''.join([plt.a])", "open(plt)", "plt()", "[].sort(key=plt.a, y=1)", "{}[plt.a]"])
def test_no_message_names_a_stand_in(code: str) -> None:
    """Where something does go wrong, Python's own words say what a student can know."""
    outcome = outcome_of(f"{PLOT}def f(x):\n    return {code}")

    assert isinstance(outcome, Raised)
    assert "nert" not in outcome.message


def test_loops_over_stand_ins_end() -> None:
    """Each iteration has an end, so that nothing waits for one."""
    assert len([*Inert()]) == 1
    assert [*Progress([1, 2])] == [1, 2]


def test_stand_ins_are_refused_where_they_lie_in_arrays() -> None:
    """An array of them is none of numbers."""
    with pytest.raises(UnmarkableError, match="the result of a plotting or display function"):
        plain(np.asarray(Inert()), 1 << 20)
