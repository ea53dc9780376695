"""nbgrader's settings for this course: where its folders are, and this engine in place of its own.

Run nbgrader's commands in this folder: `nbgrader generate_assignment 06_pooling`, then `release_assignment`, `collect`,
`autograde` and `generate_feedback` as in any nbgrader course.
"""

c = get_config()  # noqa: F821  nbgrader gives it

c.CourseDirectory.course_id = "convolution-by-hand"
# What `autograder build` makes is what students get: it holds stubs and no solutions, so that nothing is taken out.
c.CourseDirectory.source_directory = "release"
c.CourseDirectory.release_directory = "handed_out"
# of the course's own folders, which hold no assignments
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc"]
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
]
# a check that a student has deleted comes back, and carries its marks
c.OverwriteCells.add_missing_cells = True
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader.preprocessors.Mark",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "autograder.nbgrader.preprocessors.Comment",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
