"""A step of the story: who types what, what must come of it, and what is told of it."""
import dataclasses
import typing

from stage import command


@dataclasses.dataclass(frozen=True)
class Step:
    """One `sluis` command of one person."""
    name: str
    staff: str
    says: str                                        # what happens, in words for anybody
    words: typing.Callable                           # play -> what is typed after `sluis --profile DIR`
    code: int = command.OK                           # exit code that it must have
    reason: str = ""                                 # the machine's word for the error that it must bring
    scenario: str = ""                               # id in tests/scenarios/story.jsonl whose decision it must equal
    stdin: typing.Callable = lambda play: None       # play -> what goes to its standard input
    then: typing.Callable = lambda play, said: ()    # (play, said) -> lines to tell; checks and remembers


@dataclasses.dataclass(frozen=True)
class Deed:
    """Something that is no command of a desk, such as somebody trying to read a file."""
    name: str
    says: str
    act: typing.Callable                             # play -> lines to tell; raises Surprise


class Surprise(Exception):
    """A step brought about something else than it must."""


def expect(condition, what):
    if not condition:
        raise Surprise(what)
