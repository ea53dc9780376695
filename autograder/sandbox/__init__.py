"""Run students' code, here and nowhere else; plain values come out."""
