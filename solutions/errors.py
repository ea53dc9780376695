"""The error of everything in `solutions`."""


class ShapeError(ValueError):
    """Sizes or options that do not fit together: where, what is, what has to be, and what to do about it."""

    def __init__(self, where: str, found: str, wanted: str, remedy: str) -> None:
        """Keep the four parts, so that a caller can say more exactly where."""
        super().__init__(where, found, wanted, remedy)

    def __str__(self) -> str:
        """Put the parts into one line."""
        return "{}: {}, but {}; {}".format(*self.args)
