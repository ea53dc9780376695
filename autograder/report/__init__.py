"""A Report, shown: in a terminal, and as files."""
