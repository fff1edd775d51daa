"""Do they know this person? Five partners keep an index, are asked at once and blind, and a person of each says yes or no."""
from stage import registers
from tale.asking import ANALYST as POLICE, partner, verdict, waits
from tale.signals import RIEC, open_session
from tale.step import Step, expect

PROSECUTION, TAX, PERMITS, SMALL_TOWN = "om-007", "bd-001", "d-vergunningen", "z-vergunningen"
WEIGHING = "riec-signaalweging"


class Owner:
    """A partner with an index, and what the question to it must lead to."""

    def __init__(self, staff, desk, register, ask, asked, answered=""):
        self.staff, self.desk, self.register = staff, desk, register
        self.ask, self.asked, self.answered = ask, asked, answered

    @property
    def name(self):
        return self.register


OWNERS = (
    Owner(POLICE, "politie/informatie", "politie-informatie", ("wpg-20-3", "wpg-8", "verdachte"), "STORY-007", "STORY-008"),
    Owner(PROSECUTION, "om/parket", "om-parket", ("wjsg-39fa", "wjsg-strafvorderlijk", "verdachte"), "STORY-009", "STORY-010"),
    Owner(TAX, "belastingdienst/toezicht", "belastingdienst-toezicht", ("wgs-riec", "fiscaal", "bestuurder"), "STORY-011"),
    Owner(PERMITS, "duinrade/vergunningen", "duinrade-vergunningen", ("wgs-riec", "avg", "bestuurder"), "STORY-012"),
    Owner(SMALL_TOWN, "zilverland/vergunningen", "zilverland-vergunningen", ("wgs-riec", "avg", "bestuurder"), ""),
)
STRANGE = ("zilverland-vergunningen",)  # those whose register does not hold the person of the story


def mapping(play, owner):
    return registers.mapping_of(play.stage.state, play.stage.region.desks[owner.desk], owner.register)


def enrol(owner):
    def told(play, said):
        state = said.json
        expect(state["complete"], f"the index is not complete:\n{said.out}")
        return [f"{state['subjects']} numbers in the index; no transcryptor saw one of them."]
    return Step(f"index-{owner.name}", owner.staff, "A partner enters its register into its index, blind: both transcryptors change "
                "each number, and neither sees it.",
                lambda play: ["index", "enrol", "--register", owner.register, "--mapping", mapping(play, owner)], then=told)


def questions(case, owners):
    """One command, one question to each; known by nothing but the pseudonym of the weighing table."""
    def words(play):
        line = ["exchange", "inquire", "--case", play.notes[f"{case}-case"], "--purpose", WEIGHING]
        for owner in owners:
            line += ["--ask", ",".join((partner(play, owner.desk), *owner.ask))]
        return line + ["--pseudonym", play.notes["report-pseudonym"], "--from-domain", play.notes["report-domain"],
                       "--from-purpose", WEIGHING]
    return words


def asked(name, owners, compared):
    def keep(play, said):
        lines = []
        for owner, question in zip(owners, said.json["questions"], strict=True):
            exchange = question["exchange"]
            expect(question["provider"] == partner(play, owner.desk), f"{question['provider']} was asked")
            expect(exchange["state"] == "FORWARDED", f"{owner.name}: {exchange['state']}")
            play.notes[f"{name}-{owner.name}"] = exchange["name"]
            if compared and owner.asked:
                play.agree(owner.asked, exchange["decision"])
            lines.append(f"{question['provider'].partition('/')[2]}: {verdict(exchange)}")
        return lines
    return keep


def answer(name, owner):
    """The same act whatever the register says; who answers sees it, and says yes or no."""
    def words(play):
        return ["exchange", "answer", play.notes[f"{name}-{owner.name}"], "--register", mapping(play, owner), "--yes"]
    return words


def answered(play, said):
    expect(said.json["state"] == "ANSWERED", f"state {said.json['state']} instead of ANSWERED")
    return ["Yes or no, signed and sealed to the RIEC. The broker cannot tell which."]


def hit_read(owner):
    def told(play, said):
        hits = said.json["hits"]
        expect(len(hits) == 1, f"{len(hits)} answers about one person:\n{said.out}")
        expect(hits[0]["hit"] == (owner.name not in STRANGE), f"{owner.name} says {hits[0]['hit']}")
        return [f"{owner.desk}: {'yes, this person is known here' if hits[0]['hit'] else 'no'}."]
    return told


def recorded(play, said):
    expect(said.json["recorded_hits"], f"no hit is on record:\n{said.out}")
    return ["On record in the case: from now on content may be asked of this partner."]


def to_and_fro(name, case, owners, says, compared=True):
    """Ask, and for each partner: found in its inbox, answered, read, and put on record if it is a yes."""
    steps = [Step(name, RIEC, says, questions(case, owners), then=asked(name, owners, compared))]
    for owner in owners:
        note = f"{name}-{owner.name}"
        steps += [
            Step(f"{note}-inbox", owner.staff, "The question is in the inbox; nobody is named in it.",
                 lambda play: ["inbox", "list"], then=waits(note, "QUESTION")),
            Step(f"{note}-answer", owner.staff, "Looked up in the index; a person sees what was found and answers.",
                 answer(name, owner), scenario=owner.answered if compared else "", then=answered),
            Step(f"{note}-open", RIEC, "The RIEC reads it.",
                 lambda play, note=note: ["exchange", "open", play.notes[note]], then=hit_read(owner)),
        ]
        if owner.name not in STRANGE:
            steps.append(Step(f"{note}-record", RIEC, "It presents the signed yes to the broker.",
                              lambda play, note=note: ["exchange", "record-hit", play.notes[note]], then=recorded))
    return steps


INDEXING = [step for owner in OWNERS for step in (
    open_session(f"session-{owner.name}", owner.staff, "A partner opens a session, so that it can be asked blind."), enrol(owner))]
INQUIRY = to_and_fro("inquiry", "casus", OWNERS, "Who knows this person? The RIEC asks five partners at once, and names nobody: it does "
                     "not know who it is.")
SECOND_INQUIRY = to_and_fro("second-inquiry", "second-casus", OWNERS[:1], "For the second case the police are asked again: a hit "
                            "counts in its own case alone.", compared=False)
