"""From the weighing table to a case: the pseudonym is promoted, and is another one in every case."""
from tale import hits
from tale.asking import ask, remember, verdict
from tale.signals import RIEC
from tale.step import Step, expect

LEADER, ANALYST = "riec-003", "f-riec-analist"


def opened(name):
    def keep(play, said):
        play.notes[f"{name}-case"] = said.json["name"]
        return [f"{said.json['name']}, phase {said.json['phase']}."]
    return keep


def phase_told(play, said):
    return [f"Phase {said.json['phase']}."]


def open_case(name, phase="weging", says="The RIEC opens a case for it."):
    return Step(name, RIEC, says, lambda play: ["case", "create", "--phase", phase], then=opened(name))


def advance(name, case, phase, says):
    return Step(name, RIEC, says, lambda play: ["case", "advance", play.notes[f"{case}-case"], "--phase", phase],
                then=phase_told)


def promote(case):
    return lambda play: ["promote", "create", "--case", play.notes[f"{case}-case"], "--from-domain",
                         play.notes["report-domain"], "--regime", "avg", "--category", "bestuurder"]


def approve(name):
    return lambda play: ["exchange", "approve", play.notes[name], "--role", "casusregisseur"]


def approved(play, said):
    return [verdict(said.json)]


def move(name):
    return lambda play: ["exchange", "answer", play.notes[name], "--pseudonym", play.notes["report-pseudonym"], "--yes"]


def moved(play, said):
    expect(said.json["state"] == "ANSWERED", f"state {said.json['state']} instead of ANSWERED")
    return ["Both transcryptors moved it; nobody learned who it is."]


def another(name, case):
    """The person has a new pseudonym in this case, unlike any other that this desk knows."""
    def check(play, said):
        promoted = known_in(play, play.notes[f"{case}-case"])
        expect(promoted["promoted_from"] == play.notes["report-pseudonym"], f"promoted from {promoted['promoted_from']}")
        taken = {value for key, value in play.notes.items() if key.endswith("-pseudonym")}
        expect(promoted["pseudonym"] not in taken, f"{promoted['pseudonym']} is known elsewhere")
        play.notes[f"{name}-pseudonym"] = promoted["pseudonym"]
        return [f"In this case the person is {promoted['pseudonym']}; at the weighing table {promoted['promoted_from']}."]
    return check


def known_in(play, case):
    said = play.stage.sluis.type(RIEC, "pseudonym", "list", "--case", case)
    expect(said.code == 0, said.err)
    rows = said.json["pseudonyms"]
    expect(len(rows) == 1, f"{len(rows)} rows:\n{said.out}")
    return rows[0]


def case_phase(case):
    return lambda play: ("--case", play.notes[f"{case}-case"])


def promotion(name, case, says, scenarios=("", "")):
    """Ask, approve, move, open."""
    return [
        Step(name, RIEC, says, promote(case), scenario=scenarios[0], then=remember(name)),
        Step(f"{name}-approve", LEADER, "The case leader records the decision of the participants.", approve(name),
             scenario=scenarios[1], then=approved),
        Step(f"{name}-move", RIEC, "The pseudonym moves to the case, without any field about the person.", move(name),
             then=moved),
        Step(f"{name}-open", RIEC, "The RIEC takes it in.", lambda play: ["exchange", "open", play.notes[name]],
             then=another(name, case)),
    ]


STEPS = [
    *hits.INDEXING,
    open_case("casus"),
    advance("casus-asks", "casus", "bevraging", "The case goes on to the phase in which partners are asked."),
    *hits.INQUIRY,
    *promotion("promotion", "casus", "The RIEC wants to bring the unknown person into the case. The decision of the "
               "participants is not on record yet.", ("STORY-013", "STORY-014")),
    advance("casus-open", "casus", "casus", "The case is open."),
    open_case("second-casus"),
    advance("second-casus-asks", "second-casus", "bevraging", "It goes on to the same phase."),
    *hits.SECOND_INQUIRY,
    *promotion("second-promotion", "second-casus", "The same unknown person is brought into a second case."),
    advance("second-casus-open", "second-casus", "casus", "The second case is open too."),
    open_case("third-casus", "casus", "A third case, in which nobody was asked for a yes or no."),
    Step("hit-first", ANALYST, "The RIEC's analyst asks the police for content there, before anybody established a hit.",
         ask("riec-casus", "wpg-20-3", ("ant-politiemelding", "net-relaties"), "wpg-8", "verdachte", case_phase("third-casus"),
             "politie/informatie"),
         stdin=lambda play: play.cast["subject_bsn"], code=3, then=remember("hit-first")),
]
