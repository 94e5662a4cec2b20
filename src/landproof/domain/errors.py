"""Errors that teach: what happened, where, and what to do."""

from landproof.domain.messages import Message


class LandproofError(Exception):
    """Something that the user can mend; the message says where, what and what to do."""

    def __init__(self, sentence: str, /, **values: object) -> None:
        self.message = Message(sentence, {name: str(value) for name, value in values.items()})
        super().__init__(str(self.message))


class UsageError(LandproofError):
    """The command was called in a way it cannot follow (exit code 2)."""


class UnreadableInput(LandproofError):
    """A file, case or layer that cannot be read as what it should be (exit code 3)."""


class Unwritable(LandproofError):
    """A case or file that cannot be written: a full disk, or no right to write (exit code 3)."""
