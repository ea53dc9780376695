"""nbgrader's settings for this course: its folders, and this grader instead of nbgrader's own.

Run nbgrader's commands in this folder: `nbgrader generate_assignment 06_pooling`, then `release_assignment`, `collect`,
`autograde` and `generate_feedback` as in any nbgrader course.
"""

c = get_config()  # noqa: F821  nbgrader gives it

c.CourseDirectory.course_id = "convolution-by-hand"
# Students' files and folders are named in the log, and names may contain terminal control codes.
c.Application.logging_config = {"formatters": {"console": {"class": "autograder.nbgrader.logs.Printable"}}}
# Students get what `autograder build` makes: it contains stubs and no solutions, so nothing needs to be removed.
c.CourseDirectory.source_directory = "release"
c.CourseDirectory.release_directory = "handed_out"
# files in the course's own folders that are not part of assignments
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc"]

# --- to students ---------------------------------------------------------------------------------------------------

c.GenerateAssignment.preprocessors = [
    "autograder.nbgrader.handing_out.ForStudents",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
]

# --- from students -------------------------------------------------------------------------------------------------

# Links are not followed, and nobody can hand in for someone else. If one account hands in for all, set
# c.ExchangeCollect.check_owner = False
c.ExchangeFactory.collect = "autograder.nbgrader.exchange.Collect"
c.ExchangeFactory.list = "autograder.nbgrader.exchange.List"
c.ExchangeFactory.release_feedback = "autograder.nbgrader.exchange.ReleaseFeedback"
c.Autograde.exporter_class = "autograder.nbgrader.reading.Submission"
c.Autograde.pre_convert_hook = "autograder.nbgrader.reading.tell_of_names"
c.Autograde.sanitize_preprocessors = ["autograder.nbgrader.reading.Complete"]
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader.preprocessors.Mark",
    "autograder.nbgrader.preprocessors.Save",
    "autograder.nbgrader.late.Late",
]
# validate a notebook once at the end, not after each of these steps
c.Submission.optimistic_validation = True

# Late penalties, as pairs (hours late, percent of the marks lost): for instance [(1, 10), (24, 50), (72, 100)]. None by
# default. Set due dates in the formgrader, or with `nbgrader db assignment add --duedate`.
c.LatePenalties.table = []
# Extra hours for a student: {"ada": {"06_pooling": 48}}.
c.LatePenalties.extensions = {}

# --- back to students, and out -------------------------------------------------------------------------------------

c.GenerateFeedback.exporter_class = "autograder.nbgrader.feedback.Feedback"
c.HTMLExporter.filters = {"markdown2html": "autograder.nbgrader.feedback.markdown2html"}
# How many of the lowest assignments to drop, with `nbgrader export --exporter=autograder.nbgrader.exporters.Totals`.
c.Totals.drop_lowest = 0
# Its marks are a bonus: students who skip it lose nothing.
c.Totals.bonus = ["11_bonus"]
