"""Folders and archives as learning-management systems hand them out, and as somebody may forge them."""

from __future__ import annotations

import io
import os
import re
import struct
import tarfile
import tempfile
import tracemalloc
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from autograder.commands import autograder
from autograder.errors import UsageError
from autograder.handed_in import archive, folder, members, owners
from autograder.handed_in.archive import Room
from autograder.handed_in.folder import HandedIn, opened
from tests.autograder.conftest import SCALE, TOTAL, notebook_text
from tests.strategies import law

RIGHT = notebook_text(SCALE, TOTAL).encode()
GOOD = "bao/scaling/scaling.ipynb"


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip file with these files in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return made.getvalue()


def tarred(files: Mapping[str, bytes], mode: str = "w", *extra: tarfile.TarInfo) -> bytes:
    """A tar file with these files, and entries of other kinds."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as packed:  # type: ignore[call-overload]
        for one in extra:
            packed.addfile(one)
        for name, data in files.items():
            one = tarfile.TarInfo(name)
            one.size = len(data)
            packed.addfile(one, io.BytesIO(data))
    return made.getvalue()


def unpacked_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The same files as a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, to see what is left in it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def look(tmp_path: Path, temporary: Path) -> Iterator[Callable[..., HandedIn]]:
    """Writes an archive and opens it; afterwards nothing but the archive is there, and outside is as it was."""
    outside = tmp_path / "outside.ipynb"
    outside.write_bytes(b"mine")

    def write_and_look(data: bytes, name: str = "class.zip") -> HandedIn:
        path = tmp_path / name
        path.write_bytes(data)
        with opened(path, ["scaling"]) as found:
            for item in found.items:
                assert item.path.is_relative_to(temporary)
                assert item.path.is_file()
                assert not item.path.is_symlink()
        return found

    before = set(Path("/tmp").iterdir()) - {tmp_path}  # noqa: S108  to see that nothing was put there
    yield write_and_look
    assert list(temporary.iterdir()) == []
    assert outside.read_bytes() == b"mine"
    assert {path.name.partition(".")[0] for path in tmp_path.iterdir()} <= {
        "temporary",
        "outside",
        "class",
        "class (1)",
    }
    assert not [path for path in set(Path("/tmp").iterdir()) - before if "evil" in path.name]  # noqa: S108


def students(found: HandedIn) -> list[str]:
    """Whose notebooks were found."""
    return sorted(item.student for item in found.items)


# --- who is who ---------------------------------------------------------------------------------------------------

LAYOUTS = {
    "nbgrader": (["ada/scaling/scaling.ipynb", GOOD], ["ada", "bao"]),
    "plain folders": (["ada/scaling.ipynb", "bao/homework.ipynb"], ["ada", "bao"]),
    "Moodle": (
        [
            "Ada Lovelace_12345_assignsubmission_file_/scaling.ipynb",
            "Ada Lovelace_12345_assignsubmission_onlinetext_/onlinetext.html",
            "Ada Lovelace_777_assignsubmission_file_/deep/er/scaling.ipynb",
            "Bảo Lê_12346_assignsubmission_file/scaling.ipynb",
            "Ada Lovelace_12345_assignsubmission_file_666_assignsubmission_file_/scaling.ipynb",
        ],
        [
            "Ada Lovelace_12345",
            "Ada Lovelace_12345_assignsubmission_file_666",
            "Ada Lovelace_777",
            "Bảo Lê_12346",
        ],
    ),
    "Moodle without folders": (
        [
            "Ada_12345_assignsubmission_file_scaling.ipynb",
            "Mallory_666_assignsubmission_file_x_attempt_Ada_12345_2026-01-02-03-04-05_scaling.ipynb",
            "Ada_12345_assignsubmission_file_6_assignsubmission_file_scaling.ipynb",
        ],
        ["Ada_12345", "Ada_12345_assignsubmission_file_6_assignsubmission_file_scaling.ipynb", "Mallory_666"],
    ),
    "Canvas": (
        [
            "lovelaceada_12345_67890_scaling.ipynb",
            "lebao_LATE_12346_67891_scaling-1.ipynb",
            "lebao_LATE_12346_67892_report.pdf",
            "mallory_666_67893_lovelaceada_12345_67890_scaling.ipynb",
            "trudy_667_67894_x_attempt_lovelaceada_12345_2026-01-02-03-04-05_scaling.ipynb",
            "zed_668_67895_lovelaceada_12345_assignsubmission_file_scaling.ipynb",
        ],
        ["lebao_12346", "lovelaceada_12345", "mallory_666", "trudy_667", "zed_668"],
    ),
    "Blackboard": (
        [
            "01_attempt_jdoe_2026-01-02-03-04-05_file.ipynb",
            "01_attempt_jdoe_2026-01-02-03-04-05.txt",
            "01_attempt_j_roe_2026-01-02-03-04-05_x_attempt_jdoe_2027-01-02-03-04-05_file.ipynb",
        ],
        ["j_roe", "jdoe"],
    ),
    "Blackboard, the other order": (
        [
            "HW_1_jdoe_attempt_2026-01-02-03-04-05_file.ipynb",
            "HW_1_a_roe_attempt_2026-01-02-03-04-05_file.ipynb",
            "HW_1_b_roe_attempt_2026-01-02-03-04-05_file.ipynb",
        ],
        ["HW_1_a_roe_attempt", "HW_1_b_roe_attempt", "jdoe"],
    ),
    "Canvas, names hidden": (
        [
            "anon_Ab1cD_67890_scaling.ipynb",
            "anon_00abc_67892_scaling.ipynb",
            "LATE_anon_xY2zz_67891_scaling.ipynb",
            "anon_777_67893_lebao_12346_67891_scaling.ipynb",
        ],
        ["anon_00abc", "anon_777", "anon_Ab1cD", "anon_xY2zz"],
    ),
    "Canvas, short numbers": (
        ["lovelaceada_4_7_scaling.ipynb", "lebao_LATE_5_8_scaling-1.ipynb", "cleo_6_9_hw_1_2.ipynb"],
        ["cleo_6", "lebao_5", "lovelaceada_4"],
    ),
    "Canvas, groups": (
        ["team_a_12345_67893_scaling.ipynb", "team_b_LATE_12346_67894_scaling.ipynb"],
        ["team_a_12345", "team_b_12346"],
    ),
    "numbers that are no Canvas's": (["hw_1_2_ada.ipynb", "hw_1_2_bao.ipynb"], ["hw_1_2_ada", "hw_1_2_bao"]),
    "one student": (["scaling/scaling.ipynb"], ["class"]),
    "one student, any name": (["homework.ipynb"], ["class"]),
    "one student, a copy": (["scaling.ipynb", "scaling-Copy1.ipynb"], ["class", "class"]),
    "one student, notes": (["scaling.ipynb", "data/x.csv", "scaling.py"], ["class", "class"]),
    "side by side": (["ada.ipynb", "bao.ipynb", "cleo (2).ipynb"], ["ada", "bao", "cleo (2)"]),
    "side by side, numbered": (["group-1.ipynb", "group-2.ipynb"], ["group-1", "group-2"]),
    "side by side, a homework": (["hw1_ada.ipynb", "hw1_bao_le.ipynb"], ["ada", "bao_le"]),
    "side by side, an assignment": (
        ["ada_scaling.ipynb", "scaling-bao (1).ipynb", "Copy of scaling 1234567.ipynb", "dan_scaling.py"],
        ["1234567", "ada", "bao", "dan"],
    ),
    "side by side, and folders": ([GOOD, "ada.ipynb"], ["ada", "bao"]),
    "assignment above students": (["scaling/ada/scaling.ipynb", "scaling/bao/x.ipynb"], ["ada", "bao"]),
    "assignment above files": (["scaling/ada.ipynb", "scaling/bao.ipynb"], ["ada", "bao"]),
    "assignment above Canvas": (
        ["scaling/ada_12345_67890_x.ipynb", "scaling/bao_12346_67891_x.ipynb"],
        ["ada_12345", "bao_12346"],
    ),
    "Gradescope": (["assignment_31_export/submission_7/scaling.ipynb"], ["submission_7"]),
    "hidden things": ([GOOD, "__MACOSX/bao/._scaling.ipynb", "bao/.ipynb_checkpoints/a.ipynb", ".DS_Store"], ["bao"]),
    "nobody for another": (["mallory/ada/scaling/scaling.ipynb", "ada/scaling/scaling.ipynb"], ["ada", "mallory"]),
    "nobody by a name": (["mallory/lovelaceada_12345_67890_scaling.ipynb", GOOD], ["bao", "mallory"]),
    "other endings": (["ada/scaling.ipynb.txt", "bao/scaling.IPYNB", "cleo/scaling.py"], ["ada", "bao", "cleo"]),
}


@pytest.mark.parametrize("packed", ["folder", "zip", "tar.gz", "wrapped", "downloaded twice"])
@pytest.mark.parametrize(("names", "expected"), LAYOUTS.values(), ids=LAYOUTS.keys())
def test_students_are_known_by_their_paths(
    look: Callable[..., HandedIn], tmp_path: Path, packed: str, names: list[str], expected: list[str]
) -> None:
    """A folder and an archive of it name the same students, with a folder around all of it or without."""
    files = dict.fromkeys(names, RIGHT)
    wrapped = {f"class/{name}": RIGHT for name in names}
    if packed == "folder":
        with opened(unpacked_folder(tmp_path / "class", files), ["scaling"]) as found:
            pass
    elif packed == "tar.gz":
        found = look(tarred(files, "w:gz"), "class.tar.gz")
    elif packed == "zip":
        found = look(zipped(files))
    else:
        found = look(zipped(wrapped), "class.zip" if packed == "wrapped" else "class (1).zip")

    assert students(found) == expected
    assert (found.troubles, found.remarks) == ([], [])


@pytest.mark.parametrize(
    "nested", ["ada.zip", "ada/work.zip", "ada/deep/er/work.tgz", "ada.tar", "ADA_77777_88888_x.zip"]
)
def test_each_student_may_have_an_archive(look: Callable[..., HandedIn], tmp_path: Path, nested: str) -> None:
    """What lies in it is its owner's, whatever its folders are called; in a folder and in an archive."""
    inside = {"zoe/scaling/scaling.ipynb": RIGHT, "data.csv": b"1"}
    packed = zipped(inside) if nested.endswith("zip") else tarred(inside, "w:gz" if nested.endswith("tgz") else "w")
    files = {nested: packed, GOOD: RIGHT}

    found = look(zipped(files))
    with opened(unpacked_folder(tmp_path / "class", files), ["scaling"]) as in_folder:
        pass

    assert students(found) == students(in_folder) == sorted(["ADA_77777" if nested[0] == "A" else "ada", "bao"])
    assert (found.troubles, in_folder.troubles) == ([], [])


def test_the_last_attempt_counts(look: Callable[..., HandedIn]) -> None:
    """Canvas numbers what is handed in again, and Blackboard dates it; the earlier ones are named."""
    canvas = ["ada_12345_111_scaling-2.ipynb", "ada_12345_999_scaling.ipynb", "ada_12345_222_scaling-10.ipynb"]
    other = ["ada_12345_333_lab-1.ipynb", "ada_12345_334_lab-2.ipynb"]
    board = [f"01_attempt_jdoe_2026-01-0{day}-03-04-05_{name}.ipynb" for day, name in ((2, "z"), (3, "a"), (3, "b"))]

    found = look(zipped(dict.fromkeys([*canvas, *other, *board], RIGHT)))

    assert sorted(item.path.name for item in found.items) == sorted([canvas[2], *other, *board[1:]])
    assert len(found.remarks) == 3
    assert all("the last one was graded" in one for one in found.remarks)
    assert found.troubles == []


def test_who_has_handed_in_no_notebook_is_named(look: Callable[..., HandedIn]) -> None:
    """With what there is instead; files that are nobody's are not."""
    files = {"ada/a.pdf": b"", "ada/b.docx": b"", "x_12345_678_essay.html": b"", "readme.txt": b"", GOOD: RIGHT}

    found = look(zipped(files))

    assert students(found) == ["bao"]
    assert [one.partition(": ")[2] for one in found.troubles] == [
        "ada handed in no notebook, only a.pdf, b.docx; ask for the .ipynb file",
        "x_12345 handed in no notebook, only x_12345_678_essay.html; ask for the .ipynb file",
    ]


def test_a_folder_that_may_not_be_a_students_is_named(look: Callable[..., HandedIn]) -> None:
    """All in one folder of another name is one student's work, if each assignment is in it once."""
    found = look(zipped({"work/part1/scaling.ipynb": RIGHT, "work/part2/notes.ipynb": b"{}"}))

    assert students(found) == ["work", "work"]
    assert [one.partition(": ")[2] for one in found.remarks] == [
        "everything is in one folder, so it was graded as the work of one student, work"
    ]


UNCLEAR = {
    "the same name, numbered": ["scaling.ipynb", "scaling (1).ipynb", "scaling (2).ipynb"],
    "in the assignment's folder": ["scaling/scaling.ipynb", "scaling/scaling-1.ipynb"],
    "students in a folder": ["work/ada/scaling.ipynb", "work/bao/scaling.ipynb"],
    "files in a folder": ["work/ada.ipynb", "work/bao.ipynb"],
    "students in folders of assignments": ["hw1/ada/a.ipynb", "hw1/bao/a.ipynb", "hw2/ada.ipynb", "hw2/bao.ipynb"],
}


@pytest.mark.parametrize("is_packed", [True, False], ids=["zip", "folder"])
@pytest.mark.parametrize("names", UNCLEAR.values(), ids=UNCLEAR.keys())
def test_several_peoples_notebooks_are_never_one_students(
    look: Callable[..., HandedIn], tmp_path: Path, names: list[str], *, is_packed: bool
) -> None:
    """Where names do not say whose is what, nothing is marked, and the layouts that are read are listed."""
    files = dict.fromkeys(names, RIGHT)

    def look_in_folder() -> None:
        with opened(unpacked_folder(tmp_path / "class", files), ["scaling"]):
            pass

    with pytest.raises(UsageError) as refusal:
        look(zipped(files)) if is_packed else look_in_folder()

    said = str(refusal.value)
    assert "the names do not say whose notebooks these are" in said
    assert "<assignment>/<student>/<notebook>.ipynb" in said
    assert f"Found: {sorted(names)[0]}" in said


@pytest.mark.parametrize(
    "names", [["ada/draft.ipynb", "ada/final.ipynb"], ["ada/v1/scaling.ipynb", "ada/v2/scaling.ipynb"]]
)
def test_a_folder_of_several_stops_nobody_else(look: Callable[..., HandedIn], names: list[str]) -> None:
    """Where other folders are students', one with several notebooks of one assignment is named, and none is chosen."""
    found = look(zipped(dict.fromkeys([*names, GOOD], RIGHT)))

    assert students(found) == ["bao"]
    (trouble,) = found.troubles
    assert f": ada contains several notebooks for one assignment ({names[0]}, {names[1]}), and their names" in trouble


def test_a_copy_beside_the_notebook_is_its_students(look: Callable[..., HandedIn]) -> None:
    """The one that is named as the assignment is marked, whatever lies beside it or below."""
    names = ["ada/scaling.ipynb", "ada/scaling-Copy1.ipynb", "ada/old/scaling.ipynb", "ada/notes.ipynb"]

    found = look(zipped(dict.fromkeys([*names, GOOD], RIGHT)))

    assert students(found) == ["ada"] * 4 + ["bao"]
    assert found.troubles == []


def test_parts_of_one_students_work_are_no_people(tmp_path: Path) -> None:
    """Folders with a notebook for each of several assignments are students'."""
    files = {f"{name}/part{number}.ipynb": RIGHT for name in ("ada", "bao") for number in (1, 2)}

    with opened(unpacked_folder(tmp_path / "class", files), ["scaling"], answers=lambda path: path.stem) as found:
        pass

    assert students(found) == ["ada", "ada", "bao", "bao"]


def test_a_folder_from_drive_is_what_its_archive_is_called_after(look: Callable[..., HandedIn], tmp_path: Path) -> None:
    """Drive adds the time to an archive's name; the folder in it is no student."""
    path = tmp_path / "class-20260131T101500Z-1-001.zip"
    path.write_bytes(zipped({"class/ada.ipynb": RIGHT, "class/bao.ipynb": RIGHT}))

    with opened(path, ["scaling"]) as found:
        pass

    assert students(found) == ["ada", "bao"]
    path.unlink()


def test_several_paths_are_one_class(tmp_path: Path) -> None:
    """Notebooks, scripts, folders and archives, each named on its own; what is named twice is marked once."""
    folder = unpacked_folder(
        tmp_path,
        {
            "a.ipynb": RIGHT,
            "b.py": b"x = 1",
            "class/cleo/scaling.ipynb": RIGHT,
            "dan/scaling/scaling.ipynb": RIGHT,
            "emil/x.ipynb": RIGHT,
            "farah.zip": zipped({"scaling.ipynb": RIGHT}),
        },
    )
    names = ["a.ipynb", "b.py", "class", "dan/scaling/scaling.ipynb", "emil/x.ipynb", "farah.zip", "dan"]

    with opened([folder / name for name in names], ["scaling"]) as found:
        pass

    assert students(found) == ["a", "b", "cleo", "dan", "emil", "farah"]
    assert (found.troubles, found.remarks) == ([], [])


def test_a_path_that_holds_nothing_is_named_beside_others(tmp_path: Path) -> None:
    """An empty folder and an empty archive among several paths; the rest is marked."""
    folder = unpacked_folder(tmp_path, {"ada/scaling.ipynb": RIGHT, "bao.zip": zipped({})})
    (folder / "cleo").mkdir()

    with opened([folder / "ada", folder / "bao.zip", folder / "cleo"], ["scaling"]) as found:
        pass

    assert students(found) == ["ada"]
    assert [Path(one.partition(": ")[0]).name for one in found.troubles] == ["bao.zip", "cleo"]
    assert all("no .ipynb file found" in one for one in found.troubles)


def test_copies_named_one_by_one_are_not_one_students(tmp_path: Path) -> None:
    """Two files of one folder and one assignment, and no name in either."""
    folder = unpacked_folder(tmp_path, {"scaling.ipynb": RIGHT, "scaling (1).ipynb": RIGHT})

    with (
        pytest.raises(UsageError, match="the names do not say whose"),
        opened([folder / "scaling.ipynb", folder / "scaling (1).ipynb"], ["scaling"]),
    ):
        pass


# --- who has no notebook ------------------------------------------------------------------------------------------

PLACEHOLDER = ": a cloud drive's placeholder, not the file itself; download it from the drive, or ask for it"
HIDDEN = ": only hidden or temporary files; ask for the .ipynb file"
NOTHING = {
    ".ipynb_checkpoints/scaling-checkpoint.ipynb": "handed in no notebook, only .ipynb_checkpoints: Jupyter's "
    "automatic backup, which is not graded; ask for the .ipynb file next to .ipynb_checkpoints",
    "scaling/.ipynb_checkpoints/scaling-checkpoint.ipynb": "handed in no notebook, only .ipynb_checkpoints: Jupyter's",
    ".scaling.ipynb.icloud": f"handed in no notebook, only .scaling.ipynb.icloud{PLACEHOLDER}",
    "scaling.ipynb.cloud": f"handed in no notebook, only scaling.ipynb.cloud{PLACEHOLDER}",
    "scaling.ipynb.nextcloud": f"handed in no notebook, only scaling.ipynb.nextcloud{PLACEHOLDER}",
    "scaling.ipynb.crdownload": "handed in no notebook, only scaling.ipynb.crdownload: an unfinished download; "
    "download it again",
    "scaling.ipynb.lnk": "handed in no notebook, only scaling.ipynb.lnk: a link, not the file itself; ask for the "
    ".ipynb file",
    "~$scaling.ipynb": f"handed in no notebook, only ~$scaling.ipynb{HIDDEN}",
    ".DS_Store": f"handed in no notebook, only .DS_Store{HIDDEN}",
    "Thumbs.db": f"handed in no notebook, only Thumbs.db{HIDDEN}",
    "essay.pdf": "handed in no notebook, only essay.pdf; ask for the .ipynb file",
    "": "handed in an empty folder; ask for the .ipynb file",
    "scaling/": "handed in an empty folder; ask for the .ipynb file",
}


@pytest.mark.parametrize("pack", ["folder", "zip", "tar"])
@pytest.mark.parametrize("above", ["", "scaling/"], ids=["student", "assignment above"])
@pytest.mark.parametrize(("name", "said"), NOTHING.items(), ids=NOTHING.keys())
def test_nobody_is_passed_over_in_silence(
    look: Callable[..., HandedIn], tmp_path: Path, pack: str, above: str, name: str, said: str
) -> None:
    """A student without a notebook is named, with what was found and what to do."""
    files = {f"{above}{GOOD}": RIGHT, f"{above}dan/{name}": b"x", ".DS_Store": b"", "__MACOSX/dan/._x": b""}
    if pack == "folder":
        folder = unpacked_folder(tmp_path / "class", {name: data for name, data in files.items() if name[-1] != "/"})
        (folder / above / "dan" / name if name.endswith("/") else folder / above / "dan").mkdir(
            parents=True, exist_ok=True
        )
        with opened(folder, ["scaling"]) as found:
            pass
    elif pack == "zip":
        found = look(zipped(files))
    else:
        folders = [tar_entry(name.rstrip("/"), tarfile.DIRTYPE) for name in files if name[-1] == "/"]
        found = look(
            tarred({name: data for name, data in files.items() if name[-1] != "/"}, "w", *folders), "class.tar"
        )

    assert students(found) == ["bao"]
    (trouble,) = found.troubles
    assert f": dan {said}" in trouble


@pytest.mark.parametrize(
    ("files", "inside"),
    [({}, "nothing"), ({"report.pdf": b""}, "report.pdf"), ({".ipynb_checkpoints/a.ipynb": b""}, ".ipynb_checkpoints")],
    ids=["nothing", "a report", "a checkpoint"],
)
def test_an_archive_without_a_notebook_is_named(
    look: Callable[..., HandedIn], files: dict[str, bytes], inside: str
) -> None:
    """With what it holds instead."""
    found = look(zipped({"dan/work.zip": zipped(files), GOOD: RIGHT}))

    assert students(found) == ["bao"]
    (trouble,) = found.troubles
    assert f": dan handed in no notebook, only work.zip, which contains {inside}" in trouble


@pytest.mark.parametrize("others", [["hw1_ada.ipynb", "hw1_bao.ipynb"], ["hw1_ada.zip", "hw1_bao.zip"]])
def test_another_file_side_by_side_is_its_students(look: Callable[..., HandedIn], others: list[str]) -> None:
    """A report instead of a notebook names its student; a report beside one, or a list, says nothing."""
    packed = zipped({"scaling.ipynb": RIGHT})
    files = {name: packed if name.endswith("zip") else RIGHT for name in others}

    found = look(zipped({**files, "hw1_ada.pdf": b"", "cleo.pdf": b"", "readme.txt": b"", "grades.csv": b""}))

    assert len(students(found)) == 2
    (trouble,) = found.troubles
    assert ": cleo handed in no notebook, only cleo.pdf; ask for the .ipynb file" in trouble


def test_a_placeholder_side_by_side_is_its_students(look: Callable[..., HandedIn]) -> None:
    """It stands for a file, whose name says whose it is."""
    found = look(zipped({".ada.ipynb.icloud": b"bplist00", "bao.ipynb": RIGHT, "cleo.ipynb.part": b"{"}))

    assert students(found) == ["bao"]
    assert [re.search(r": (\w+) handed in no", one)[1] for one in found.troubles] == ["ada", "cleo"]  # type: ignore[index]


def test_a_placeholder_beside_a_notebook_is_named(look: Callable[..., HandedIn]) -> None:
    """One assignment of two has not come; a placeholder beside its own file says nothing."""
    files = {
        GOOD: RIGHT,
        "bao/.other.ipynb.icloud": b"",
        "bao/scaling/.scaling.ipynb.icloud": b"",
        "ada/a.ipynb": RIGHT,
    }

    found = look(zipped(files))

    assert students(found) == ["ada", "bao"]
    (trouble,) = found.troubles
    assert ": bao handed in another notebook, and .other.ipynb.icloud: a cloud drive's" in trouble


def test_a_student_alone_without_a_notebook_is_named(tmp_path: Path) -> None:
    """Whose own folder is marked and holds a checkpoint only."""
    folder = unpacked_folder(tmp_path / "dan", {".ipynb_checkpoints/scaling-checkpoint.ipynb": RIGHT})

    with opened(folder, ["scaling"]) as found:
        pass

    assert found.items == []
    assert [": dan handed in no notebook, only .ipynb_checkpoints" in one for one in found.troubles] == [True]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada", "ada"), ("Zoë", unicodedata.normalize("NFD", "Zoë"))],
)
def test_names_that_some_systems_treat_as_the_same_are_reported(
    look: Callable[..., HandedIn], tmp_path: Path, one: str, other: str
) -> None:
    """Two students stay two, and somebody is asked to look; in a folder and in an archive."""
    files = {f"{one}/scaling.ipynb": RIGHT, f"{other}/scaling.ipynb": RIGHT, "bao/A.ipynb": RIGHT, "bao/a.ipynb": RIGHT}

    found = look(zipped(files))

    assert students(found) == sorted([one, other, "bao", "bao"])
    assert len([one for one in found.remarks if "differ only in case or accents; they were graded" in one]) == 2
    assert len({item.path for item in found.items}) == 4


def test_links_and_locked_folders_are_named(tmp_path: Path) -> None:
    """A folder is not followed elsewhere, and what cannot be looked into is not passed over in silence."""
    folder = unpacked_folder(tmp_path / "class", {GOOD: RIGHT})
    secret = unpacked_folder(tmp_path / "secret", {"scaling/scaling.ipynb": RIGHT, "a.zip": zipped({"x.ipynb": RIGHT})})
    (folder / "ada").symlink_to(secret)
    (folder / "cleo.zip").symlink_to(secret / "a.zip")
    os.mkfifo(folder / "dan.zip")
    (folder / "emil.ipynb").mkdir()

    with opened(folder, ["scaling"]) as found:
        pass

    assert students(found) == ["bao", "emil"]
    assert [re.sub("^.*/", "", one) for one in sorted(found.troubles)] == [
        "ada: a link to a folder; skipped. Give the folder itself",
        "cleo.zip: not a plain file; skipped. Ask for the archive itself",
        "dan.zip: not a plain file; skipped. Ask for the archive itself",
        "class: cleo handed in no notebook, only cleo.zip; ask for the .ipynb file",
        "class: dan handed in no notebook, only dan.zip; ask for the .ipynb file",
    ]


# --- attacks ------------------------------------------------------------------------------------------------------


def tar_entry(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    """An entry that is no file."""
    one = tarfile.TarInfo(name)
    one.type, one.linkname = kind, target
    return one


@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../evil.ipynb", "path leads out of the archive"),
        ("ada/../../outside.ipynb", "path leads out of the archive"),
        ("ada/scaling/../../../../../../tmp/evil.ipynb", "path leads out of the archive"),
        ("/tmp/evil.ipynb", "absolute path"),  # noqa: S108  nothing is to be there afterwards
        ("//tmp/evil.ipynb", "absolute path"),
        ("C:\\evil.ipynb", "absolute path"),
        ("..\\..\\evil.ipynb", "path leads out of the archive"),
        ("\\\\server\\evil.ipynb", "absolute path"),
        ("..", "path leads out of the archive"),
        ("../evil.txt", "path leads out of the archive"),
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(
    look: Callable[..., HandedIn], pack: Callable[[Mapping[str, bytes]], bytes], name: str, words: str
) -> None:
    """By name; all others are marked, and nothing outside is written."""
    found = look(pack({name: b"evil", GOOD: RIGHT}), "class.zip" if pack is zipped else "class.tar")

    assert students(found) == ["bao"]
    assert [words in one and "skipped" in one for one in found.troubles] == [True]


@pytest.mark.parametrize("mode", ["w", "w:gz"])
@pytest.mark.parametrize(
    ("kind", "target"),
    [
        (tarfile.SYMTYPE, "/etc/passwd"),
        (tarfile.SYMTYPE, "../bao/scaling/scaling.ipynb"),
        (tarfile.LNKTYPE, "/etc/passwd"),
        (tarfile.LNKTYPE, GOOD),
        (tarfile.CHRTYPE, ""),
        (tarfile.BLKTYPE, ""),
        (tarfile.FIFOTYPE, ""),
    ],
)
def test_links_and_devices_in_a_tar_file_are_refused(
    look: Callable[..., HandedIn], kind: bytes, target: str, mode: str
) -> None:
    """By name, and nobody's file is handed in as one's own."""
    found = look(
        tarred({GOOD: RIGHT}, mode, tar_entry("mallory/scaling.ipynb", kind, target)),
        "class.tar" if mode == "w" else "class.tgz",
    )

    assert students(found) == ["bao"]
    assert ["mallory/scaling.ipynb: a link or a device" in one for one in found.troubles] == [True]


def test_a_link_to_a_folder_is_not_written_through(look: Callable[..., HandedIn], tmp_path: Path) -> None:
    """A link first and a file below it then, the oldest trick there is."""
    link = tar_entry("mallory", tarfile.SYMTYPE, str(tmp_path))

    found = look(tarred({"mallory/evil.ipynb": RIGHT, GOOD: RIGHT}, "w", link), "class.tar")

    assert students(found) == ["bao", "mallory"]
    assert not (tmp_path / "evil.ipynb").exists()
    assert ["/mallory: a link or a device" in one for one in found.troubles] == [True]


def test_a_link_in_a_zip_file_is_refused(look: Callable[..., HandedIn]) -> None:
    """Info-ZIP keeps links as files whose text is the target."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        link = zipfile.ZipInfo("mallory/scaling.ipynb")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
        packed.writestr(GOOD, RIGHT)

    found = look(made.getvalue())

    assert students(found) == ["bao"]
    assert ["a link or a device" in one for one in found.troubles] == [True]


def patched(data: bytes, name: str, *, local: Mapping[int, bytes], central: Mapping[int, bytes]) -> bytes:
    """A zip file with other bytes in the headers of one file, at these places."""
    changed = bytearray(data)
    starts = [(data.index(name.encode()) - 30, local), (data.rindex(name.encode()) - 46, central)]
    for start, changes in starts:
        for place, new in changes.items():
            changed[start + place : start + place + len(new)] = new
    return bytes(changed)


def long(number: int) -> bytes:
    """A number as it stands in a header."""
    return struct.pack("<L", number)


def test_a_bomb_is_refused_before_anything_is_unpacked(
    look: Callable[..., HandedIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its headers, and by name; the rest of the class is marked."""
    written: list[str] = []
    write = archive._write
    monkeypatch.setattr(archive, "_write", lambda one, *rest: (written.append(one.name), write(one, *rest))[1])

    found = look(zipped({"mallory/scaling.ipynb": bytes(30 << 20), GOOD: RIGHT}))

    assert students(found) == ["bao"]
    assert written == [GOOD]
    assert "unpacks to over 200 times its size, like a zip bomb; skipped" in found.troubles[0]


def test_a_bomb_whose_header_lies_is_stopped(look: Callable[..., HandedIn]) -> None:
    """A header that promises little is held to it."""
    data = zipped({"mallory/scaling.ipynb": bytes(30 << 20), GOOD: RIGHT})
    lie = long(1000)

    found = look(patched(data, "mallory/scaling.ipynb", local={22: lie}, central={24: lie}))

    assert students(found) == ["bao"]
    assert ["mallory/scaling.ipynb: cannot be unpacked (Bad CRC" in one for one in found.troubles] == [True]


@pytest.mark.parametrize("pack", ["zip", "tar", "tar.gz"])
def test_too_much_in_all_is_refused_before_anything_is_unpacked(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch, pack: str
) -> None:
    """The whole archive, with what it would need and what there is."""
    files = {f"s{number}/scaling.ipynb": os.urandom(1 << 20) for number in range(4)}
    data = zipped(files) if pack == "zip" else tarred(files, "w" if pack == "tar" else "w:gz")
    path = tmp_path / f"class.{pack}"
    path.write_bytes(data)
    monkeypatch.setattr(archive, "_write", lambda *_: pytest.fail("something was unpacked"))
    monkeypatch.setattr(folder, "ROOM_OF_ALL", Room(3 << 20, 100))

    with pytest.raises(UsageError, match=r"unpacks to 4 files and 4 MiB, more than|\(too large\)"), opened(path):
        pass
    assert list(temporary.iterdir()) == []


def test_room_that_runs_out_while_unpacking_ends_it(tmp_path: Path) -> None:
    """What is written is counted again, whatever the headers say."""
    (tmp_path / "class.zip").write_bytes(zipped({"a.ipynb": os.urandom(3 << 20)}))
    room = Room(1 << 30, 10)
    with members.members_of(tmp_path / "class.zip", 1 << 30, 10) as (one,):
        room.size = 2 << 20
        fault = archive._write(one, tmp_path / "out" / "a.ipynb", room)

    assert fault is not None
    assert "larger than its header says" in fault
    assert list((tmp_path / "out").iterdir()) == []


def test_entries_without_end_are_not_listed(look: Callable[..., HandedIn], monkeypatch: pytest.MonkeyPatch) -> None:
    """A tar file of nothing but headers ends when it has more of them than files may be unpacked."""
    monkeypatch.setattr(folder, "ROOM_OF_ALL", Room(1 << 20, 100))

    with pytest.raises(UsageError, match=r"cannot read the archive \(too large\)"):
        look(tarred({f"{number}.txt": b"" for number in range(200)}), "class.tar")


@pytest.mark.parametrize("ending", ["tar.gz", "tgz"])
def test_a_tar_bomb_is_not_unpacked_to_its_end(look: Callable[..., HandedIn], ending: str) -> None:
    """300 MB of zeros are refused when their headers are seen, or when they have grown too far."""
    huge = tarfile.TarInfo("mallory/x.bin")
    huge.size = 300 << 20
    squeezer = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = squeezer.compress(huge.tobuf())
    for _ in range(300):
        data += squeezer.compress(bytes(1 << 20))
    data += squeezer.flush()
    tracemalloc.start()

    with pytest.raises(UsageError, match=r"cannot read the archive \(too large\)"):
        look(data, f"class.{ending}")

    assert tracemalloc.get_traced_memory()[1] < 20 << 20
    tracemalloc.stop()


def test_a_header_of_many_megabytes_is_not_read(look: Callable[..., HandedIn]) -> None:
    """An extended header may promise any size, and would be read at once."""
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 1 << 40

    with pytest.raises(UsageError, match=r"cannot read the archive \(too large\)"):
        look(header.tobuf(tarfile.GNU_FORMAT) + bytes(10240), "class.tar")


def test_files_that_lie_over_each_other_are_refused(look: Callable[..., HandedIn]) -> None:
    """The bomb in which one compressed core serves a thousand files is known by its sizes."""
    data = zipped({"a/scaling.ipynb": os.urandom(50_000), GOOD: RIGHT})
    start = data.index(b"PK\1\2")
    end = data.index(b"PK\5\6")
    entry = data[start : data.index(b"PK\1\2", start + 4)]
    entries = b"".join(entry.replace(b"a/scaling", b"%c/scaling" % letter) for letter in range(97, 123))
    tail = data[end : end + 8] + struct.pack("<HHLLH", 26, 26, len(entries), start, 0)

    with pytest.raises(UsageError, match="overlapping files"):
        look(data[:start] + entries + tail)


@pytest.mark.parametrize("size", [9 << 20, 0xFFFFFFFF])
def test_a_list_of_files_without_end_is_not_read(look: Callable[..., HandedIn], size: int) -> None:
    """`zipfile` reads all of it into memory at once."""
    data = zipped({GOOD: RIGHT})
    end = data.index(b"PK\5\6")

    with pytest.raises(UsageError, match="list of files too long"):
        look(data[: end + 12] + long(size) + data[end + 16 :])


def test_a_bomb_in_a_students_archive_takes_nobodys_room(
    look: Callable[..., HandedIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A student's archive has a room of its own, and counts in that of all."""
    monkeypatch.setattr(folder, "ROOM_OF_ONE", Room(2 << 20, 3))
    large = zipped({f"{number}.ipynb": os.urandom(1 << 20) for number in range(3)})
    many = zipped({f"{number}.ipynb": RIGHT for number in range(4)})
    files = {"mallory.zip": large, "trudy.zip": many, "ada.zip": zipped({"scaling.ipynb": RIGHT}), GOOD: RIGHT}

    found = look(zipped(files))

    assert students(found) == ["ada", "bao"]
    assert sum("unpacks to" in one and "Nothing was unpacked" in one for one in found.troubles) == 2


def test_archives_in_students_archives_stay_packed(look: Callable[..., HandedIn]) -> None:
    """One level is enough for anybody; the one that is too deep is named."""
    deep = zipped({"scaling.ipynb": RIGHT, "more.zip": zipped({"scaling.ipynb": RIGHT})})

    found = look(zipped({"ada.zip": deep, GOOD: RIGHT}))

    assert students(found) == ["ada", "bao"]
    assert ["class.zip/ada.zip/more.zip: an archive inside an archive" in one for one in found.troubles] == [True]


def test_traversal_in_a_students_archive_is_refused(look: Callable[..., HandedIn]) -> None:
    """One level down the same holds: nobody writes into another's folder."""
    attack = {"../../class/bao/scaling/scaling.ipynb": b"evil", "scaling.ipynb": RIGHT}

    found = look(zipped({"mallory.zip": zipped(attack), GOOD: RIGHT}))

    assert students(found) == ["bao", "mallory"]
    assert ["class.zip/mallory.zip/../.." in one and "path leads out" in one for one in found.troubles] == [True]


def test_encrypted_files_are_refused(look: Callable[..., HandedIn]) -> None:
    """By name; what is not encrypted is marked."""
    data = zipped({"mallory/scaling.ipynb": RIGHT, GOOD: RIGHT})

    found = look(patched(data, "mallory/scaling.ipynb", local={6: b"\1"}, central={8: b"\1"}))

    assert students(found) == ["bao"]
    assert ["encrypted; skipped" in one for one in found.troubles] == [True]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 99])
def test_rare_ways_to_compress_are_refused(look: Callable[..., HandedIn], method: int) -> None:
    """Some take as much memory as their header asks for."""
    data = zipped({"mallory/scaling.ipynb": RIGHT, GOOD: RIGHT})
    way = struct.pack("<H", method)

    found = look(patched(data, "mallory/scaling.ipynb", local={8: way}, central={10: way}))

    assert students(found) == ["bao"]
    assert ["compressed with an unsupported method" in one for one in found.troubles] == [True]


def test_damage_inside_an_archive_costs_one_file(look: Callable[..., HandedIn]) -> None:
    """A file whose bytes are wrong is named, and so is one with another name in its own header."""
    data = zipped({"mallory/scaling.ipynb": RIGHT, "trudy/scaling.ipynb": RIGHT, GOOD: RIGHT})
    place = data.index(b"mallory/scaling.ipynb") + len("mallory/scaling.ipynb")
    damaged = data[:place] + b"\xff" * 20 + data[place + 20 :]

    found = look(damaged.replace(b"trudy", b"bao/x", 1))

    assert students(found) == ["bao"]
    assert sorted(re.findall("class.zip/(.*?): cannot be unpacked", "\n".join(found.troubles))) == [
        "mallory/scaling.ipynb",
        "trudy/scaling.ipynb",
    ]


def test_a_file_that_is_a_folder_as_well_costs_itself(look: Callable[..., HandedIn]) -> None:
    """What cannot lie side by side is named; a name of 300 letters as well."""
    files = {"ada": b"", "ada.ipynb": RIGHT, "ada.ipynb/scaling.ipynb": RIGHT, "x" * 300 + ".ipynb": RIGHT, GOOD: RIGHT}

    found = look(zipped(files))

    assert "bao" in students(found)
    assert sum("cannot be unpacked" in one or "name too long" in one for one in found.troubles) == 2


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_files_of_one_name_the_last_counts(look: Callable[..., HandedIn]) -> None:
    """As every other program unpacks it; and that is said."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr(GOOD, b"first")
        packed.writestr(GOOD, RIGHT)

    found = look(made.getvalue())

    assert students(found) == ["bao"]
    assert ["in the archive twice; the last copy was used" in one for one in found.troubles] == [True]


@pytest.mark.parametrize(
    ("name", "is_marked", "student", "is_told"),
    [
        ("Zoë".encode(), True, "Zoë", False),
        ("Zoë".encode(), False, "Zoë", False),
        ("Zoë".encode("cp437"), False, "Zoë", True),
        ("Zoë".encode("latin-1"), False, "Zoδ", True),
    ],
)
def test_zip_names_in_other_encodings(
    look: Callable[..., HandedIn], name: bytes, *, is_marked: bool, student: str, is_told: bool
) -> None:
    """UTF-8 is seen even where it is not marked; what may be wrong is told."""
    data = zipped({f"{'Q' * len(name)}/scaling.ipynb": RIGHT, GOOD: RIGHT})
    if is_marked:
        flag = b"\0\x08"
        data = patched(data, "Q" * len(name), local={6: flag}, central={8: flag})

    found = look(data.replace(b"Q" * len(name), name))

    assert students(found) == sorted([student, "bao"])
    assert ["its name is not in UTF-8" in one for one in found.remarks] == [True] * is_told


def test_tar_names_in_other_encodings(look: Callable[..., HandedIn]) -> None:
    """A name that is no UTF-8 is marked under one that can be written, and told."""
    data = tarred({os.fsdecode(b"Zo\xeb/scaling.ipynb"): RIGHT, GOOD: RIGHT})

    found = look(data, "class.tar")

    assert students(found) == ["Zo\\xeb", "bao"]
    assert ["its name is not in UTF-8" in one for one in found.remarks] == [True]


@pytest.mark.parametrize("name", ["class.zip", "class.tar", "class.tar.gz", "class.tgz"])
@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"x" * 2000, b"\0" * 512, zipped({GOOD: RIGHT})[:-9]]
)
def test_what_is_no_archive_is_wrong_usage(look: Callable[..., HandedIn], name: str, data: bytes) -> None:
    """A sentence, whatever the bytes are."""
    with pytest.raises(UsageError, match=r"cannot read the archive|no \.ipynb files? found"):
        look(data, name)


def test_what_is_no_archive_costs_its_student_only(look: Callable[..., HandedIn]) -> None:
    """A student's broken archive is named; so is who has nothing else."""
    found = look(zipped({"ada.zip": b"PK\x03\x04", "cleo.tgz": b"\x1f\x8b", GOOD: RIGHT}))

    assert students(found) == ["bao"]
    assert sum("cannot read the archive" in one for one in found.troubles) == 2
    assert sum("handed in no notebook" in one for one in found.troubles) == 2


@law
@given(st.data())
def test_any_damage_to_an_archive_ends_in_words(data: st.DataObject) -> None:
    """Bytes changed anywhere: students are found or a sentence is, and nothing lies outside."""
    pack = data.draw(st.sampled_from(["class.zip", "class.tar", "class.tgz"]))
    files = {"ada/scaling.ipynb": RIGHT, GOOD: RIGHT}
    pack_up = {"class.zip": zipped, "class.tar": tarred, "class.tgz": lambda files: tarred(files, "w:gz")}[pack]
    whole = bytearray(pack_up(files))
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=6)):
        whole[place] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / pack
        path.write_bytes(bytes(whole))
        try:
            with opened(path, ["scaling"]) as found:
                assert all(item.path.is_file() for item in found.items)
        except UsageError as error:
            assert str(error).startswith(str(path))  # noqa: PT017  either way is right
        assert [one.name for one in Path(folder).iterdir()] == [pack]


@law
@given(st.text(st.sampled_from("ab_-./\\1234567890"), max_size=60), st.text(st.characters(codec="utf-8"), max_size=20))
def test_a_students_words_decide_nothing(uploaded: str, extra: str) -> None:
    """Whatever a student calls a file, what Canvas or Blackboard put before it decides."""
    names = [f"mallory_66666_77777_{uploaded}{extra}", f"01_attempt_mal_2026-01-02-03-04-05_{uploaded}{extra}"]
    known = owners.Owners("root", frozenset())
    known.learn([(name,) for name in names], [(name,) for name in names])

    assert known.of((names[1],)) == "mal"
    assert known.of((names[0],)) == ("mallory_66666" if uploaded + extra else "root")


# --- the command --------------------------------------------------------------------------------------------------


def test_a_class_in_an_archive_is_marked(
    course_folder: Path, tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Marks for all who can be marked, a sentence for all else with the archive's name, exit 1, and nothing left."""
    monkeypatch.setenv("COLUMNS", "200")
    path = tmp_path / "class.zip"
    stranger = notebook_text("x = 1", assignment=None).encode()
    files = {
        "Ada L_12345_assignsubmission_file_/scaling.ipynb": RIGHT,
        "Bo_12346_assignsubmission_file_/work.zip": zipped({"a/scaling.ipynb": RIGHT}),
        "Cy_12347_assignsubmission_file_/no\nted.ipynb": stranger,
        "../evil.ipynb": RIGHT,
    }
    path.write_bytes(zipped(files))
    words = ["grade", str(path), "--course", str(course_folder), "--out", str(tmp_path / "out"), "--workers", "1"]

    result = CliRunner().invoke(autograder, words)

    assert result.exit_code == 1
    assert re.search(r"Ada L_12345 .* 10 ", result.stdout)
    assert re.search(r"Bo_12346 .* 10 ", result.stdout)
    assert f"not graded: {path}/../evil.ipynb: path leads out of the archive" in result.stderr
    assert (
        f"not graded: {path}/Cy_12347_assignsubmission_file_/no\N{REPLACEMENT CHARACTER}ted.ipynb: not an assignment"
        in result.stderr
    )
    assert str(temporary) not in result.output
    assert list(temporary.iterdir()) == []
    assert not (tmp_path / "evil.ipynb").exists()


def test_nothing_is_left_when_the_grader_fails(tmp_path: Path, temporary: Path) -> None:
    """The folder goes, whatever is raised while it is used; nobody else may look into it."""
    (tmp_path / "class.zip").write_bytes(zipped({GOOD: RIGHT}))

    with pytest.raises(KeyboardInterrupt):
        _open_and_fail(tmp_path / "class.zip", temporary)
    assert list(temporary.iterdir()) == []


def _open_and_fail(path: Path, temporary: Path) -> None:
    with opened(path):
        (folder,) = temporary.iterdir()
        assert folder.stat().st_mode & 0o777 == 0o700
        raise KeyboardInterrupt


@law
@given(st.lists(st.text(st.characters(codec=None), max_size=4), min_size=2, max_size=20, unique=True))
def test_no_two_names_are_shown_alike(names: list[str]) -> None:
    """Else one student's folder would be merged with another's; what is shown can be written, on one line."""
    shown = [owners.printable(name) for name in names]

    assert len(set(shown)) == len(names)
    assert all(name.isprintable() and name.encode() for name in shown if name)


@pytest.mark.parametrize(
    ("one", "other"), [("ada\x1b", "ada\x1c"), ("ada\n", "ada\u2028"), (os.fsdecode(b"ad\xe9"), r"ad\xe9")]
)
def test_folders_of_unprintable_names_stay_apart(tmp_path: Path, one: str, other: str) -> None:
    """Each is a student of its own."""
    for name in (one, other):
        path = tmp_path / name / "scaling" / "scaling.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(RIGHT)

    with opened(tmp_path, ["scaling"]) as found:
        assert len({item.student for item in found.items}) == 2


def test_names_without_end_are_left_out(look: Callable[..., HandedIn]) -> None:
    """A path of thousands of folders, and a name of thousands of endings, are not gone through again and again."""
    found = look(zipped({"ada/" * 8000 + "x.ipynb": RIGHT, "x" + ".ipynb" * 8000: RIGHT, GOOD: RIGHT}))

    assert students(found) == ["bao"]
    assert sum("name too long for a file" in one for one in found.troubles) == 2


def test_sentences_have_an_end(tmp_path: Path, course_folder: Path) -> None:
    """One student's archive of a thousand bad names does not fill a terminal."""
    path = tmp_path / "ada.zip"
    path.write_bytes(zipped({f"../{number}.ipynb": RIGHT for number in range(1000)}))

    result = CliRunner().invoke(
        autograder, ["grade", str(path), "--course", str(course_folder), "--out", str(tmp_path / "out")]
    )

    assert result.stderr.count("not graded: ") == 200
    assert "and 800 more like these" in result.stderr
