"""A student's code runs here, and only here; plain values come out."""
