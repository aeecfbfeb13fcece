"""The one error of this package."""


class NotCarried(ValueError):
    """A model, or a step of it, that the document cannot carry exactly."""

    def __init__(self, step, why):
        self.step = step if isinstance(step, str) else type(step).__name__
        self.why = why
        super().__init__(f"{self.step}: {why}")
