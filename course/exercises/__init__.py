"""The assignments, one module each: what is asked, what is marked, which cases show it."""

from course.exercises import (
    bonus,
    capstone,
    channels_and_filters,
    from_loops_to_einsum,
    hints,
    keras_bridge,
    kernels_that_see,
    one_window,
    padding,
    pooling,
    shape_detective,
    start_here,
    stride_and_output_size,
)

TITLE = "Convolution by Hand"

ASSIGNMENTS = (
    start_here.ASSIGNMENT,
    one_window.ASSIGNMENT,
    kernels_that_see.ASSIGNMENT,
    stride_and_output_size.ASSIGNMENT,
    padding.ASSIGNMENT,
    channels_and_filters.ASSIGNMENT,
    pooling.ASSIGNMENT,
    from_loops_to_einsum.ASSIGNMENT,
    shape_detective.ASSIGNMENT,
    capstone.ASSIGNMENT,
    keras_bridge.ASSIGNMENT,
    bonus.ASSIGNMENT,
)

hints.require_used(ASSIGNMENTS)

# What notebooks import from the course. It holds no answers, and goes to students.
FOR_STUDENTS = ("figures", "data", "keras_bridge")
