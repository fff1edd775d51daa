"""Plays steps on a stage, one after the other, and keeps what later steps and the account need."""
import dataclasses
import json

from stage import command
from stage.failure import Failure
from tale import scenarios
from tale.step import Deed, Surprise, expect

TRIES = 5  # of a command whose broker went away


@dataclasses.dataclass
class Told:
    step: str
    desk: str
    says: str
    command: str
    lines: list


class Play:
    def __init__(self, stage, teller=lambda told: None, on_unreachable=None):
        self.stage, self.teller = stage, teller
        self.cast = {}        # who and what the registers hold for the story
        self.notes = {}       # names of exchanges and cases, by what they are in the story
        self.agreed = []      # scenarios whose decision was found equal
        self.told = []
        self._scenarios = scenarios.load()
        # What to do when the broker cannot be reached, before the same command is typed again.
        self._on_unreachable = on_unreachable

    def run(self, steps):
        for step in steps:
            self.perform(step)

    def perform(self, step):
        try:
            told = self._deed(step) if isinstance(step, Deed) else self._step(step)
        except Surprise as surprise:
            raise Failure(f"step {step.name}: {surprise}") from surprise
        self.told.append(told)
        self.teller(told)

    def agree(self, scenario, decision):
        """The decision must be the one that this scenario gives."""
        scenarios.compare(self._scenarios[scenario], decision)
        self.agreed.append(scenario)

    def _deed(self, deed):
        return Told(deed.name, "", deed.says, "", list(deed.act(self)))

    def _step(self, step):
        said = self._type(step)
        if said.code != step.code:
            raise Surprise(f"exit code {said.code} instead of {step.code}: {self._shown(said)}\n{said.out}{said.err}")
        if step.reason:
            expect(said.reason == step.reason, f"refused with {said.reason or 'nothing'} instead of {step.reason}\n{said.err}")
        if step.scenario:
            self.agree(step.scenario, decision_of(said))
        desk = self.stage.region.desk_of(step.staff)
        organisation = self.stage.region.organisations[desk.organisation]["name"]
        return Told(step.name, f"{organisation}, {desk.name} ({step.staff})", step.says, self._shown(said),
                    list(step.then(self, said)))

    def _shown(self, said):
        return shown(said.command, self.stage.state.root)

    def _type(self, step):
        for attempt in range(TRIES):
            said = self.stage.sluis.type(step.staff, *step.words(self), stdin=step.stdin(self))
            if said.code != command.UNREACHABLE or step.code == command.UNREACHABLE or self._on_unreachable is None:
                return said
            self._on_unreachable(step, attempt)
        return said


def shown(words, root):
    """A command as one would type it in the state folder: without the profile and what only scripts give."""
    words = [words[0].rpartition("/")[2], *words[3:]] if words[1:2] == ["--profile"] else list(words)
    return " ".join(word.removeprefix(f"{root}/") for word in words
                    if word not in ("--lang", "nl", "--no-input", "--output", "json"))


def decision_of(said):
    try:
        answer = json.loads(said.out)
        return answer["decision"] if "decision" in answer else answer
    except (ValueError, KeyError) as unreadable:
        raise Surprise(f"there is no decision in the answer:\n{said.out}{said.err}") from unreadable
