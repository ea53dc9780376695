"""nbgrader's settings for this course: where its folders are, and this engine in place of its own.

Run nbgrader's commands in this folder: `nbgrader generate_assignment 06_pooling`, then `release_assignment`, `collect`,
`autograde` and `generate_feedback` as in any nbgrader course.
"""

c = get_config()  # noqa: F821  nbgrader gives it

c.CourseDirectory.course_id = "convolution-by-hand"
# Files and folders of students are named in the log, and names may hold codes that steer a terminal.
c.Application.logging_config = {"formatters": {"console": {"class": "autograder.nbgrader.logs.Printable"}}}
# What `autograder build` makes is what students get: it holds stubs and no solutions, so that nothing is taken out.
c.CourseDirectory.source_directory = "release"
c.CourseDirectory.release_directory = "handed_out"
# of the course's own folders, which hold no assignments
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

# No links are followed, and nobody hands in for another; where one account does so for all, set
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
# a notebook is held against its schema once it is done, and not after each of these
c.Submission.optimistic_validation = True

# More than so many hours late costs so many percent of the marks: [(1, 10), (24, 50), (72, 100)], for instance. By
# default nothing does. Due dates are given in the formgrader, or with `nbgrader db assignment add --duedate`.
c.LatePenalties.table = []
# Hours that somebody has more: {"ada": {"06_pooling": 48}}.
c.LatePenalties.extensions = {}

# --- back to students, and out -------------------------------------------------------------------------------------

c.GenerateFeedback.exporter_class = "autograder.nbgrader.feedback.Feedback"
c.HTMLExporter.filters = {"markdown2html": "autograder.nbgrader.feedback.markdown2html"}
# How many assignments do not count, with `nbgrader export --exporter=autograder.nbgrader.exporters.Totals`.
c.Totals.drop_lowest = 0
# Its marks come on top: anyone who leaves it out loses nothing.
c.Totals.bonus = ["11_bonus"]
