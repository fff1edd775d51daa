"""What ends a run, in words that say what to do."""


class Failure(Exception):
    """Its text is for the person at the terminal."""
