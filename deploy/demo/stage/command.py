"""`sluis` as one person of one desk types it: under the desk's own user, with that person's profile."""
import dataclasses
import json

from stage import desks, run

# Exit codes of the command line (architecture §12).
OK, FAULT, USAGE, DENIED, LOG_IN, NOT_FOUND, VERIFICATION, UNREACHABLE = range(8)


@dataclasses.dataclass
class Said:
    command: list
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def reason(self):
        """The machine's word for what went wrong; empty if nothing did."""
        try:
            return json.loads(self.err)["error"]["code"]
        except (ValueError, KeyError, TypeError):
            return ""


class Commander:
    def __init__(self, state, region):
        self.state, self.region = state, region

    def type(self, staff, *words, language="nl", form="json", stdin=None, desk=None, profile=None):
        """Runs it and returns what it said, whatever the code."""
        desk = desk or self.region.desk_of(staff)
        profile = profile or desks.profile_of(self.state, desk, staff)
        command = [self.state.sluis, "--profile", profile, *words, "--lang", language, "--no-input"]
        if form:
            command += ["--output", form]
        done = run.run(run.as_user(desk.uid, command), stdin=stdin, cwd=self.state.desk(desk))
        return Said([str(word) for word in command], done.returncode, done.stdout, done.stderr)
