"""After the hit: police and OM contribute, and people around the person of the case meet under one pseudonym."""
import re

from tale.asking import ANALYST as POLICE, answer, ask, remember, released, verdict, waits
from tale.casus import ANALYST, case_phase
from tale.hits import PROSECUTION
from tale.signals import open_session
from tale.step import Step, expect

PSEUDONYM = re.compile(r"P-[0-9A-Z]{4}-[0-9A-Z]{4}")
OF_POLICE, OF_PROSECUTION = ("ant-politiemelding", "net-relaties"), ("ant-verdenking", "net-relaties")


def people_in(play, name, said):
    """Who stands in the answer as related; kept for later steps."""
    values = {entry["field"]: entry["value"] for entry in said.json["values"]}
    people = set(PSEUDONYM.findall(values["net-relaties"]))
    expect(people, f"nobody stands in net-relaties: {values['net-relaties']}")
    play.notes[f"{name}-people"] = people
    return [f"{field}: {value}" for field, value in values.items()]


def contribution(name):
    return lambda play, said: people_in(play, name, said)


def meet(play, said):
    """The one whom both know has one pseudonym in this case."""
    lines = people_in(play, "from-om", said)
    both = play.notes["from-police-people"] & play.notes["from-om-people"]
    expect(len(both) == 1, f"{len(both)} people occur in both contributions")
    play.notes["third-person-pseudonym"] = both.pop()
    return lines + [f"{play.notes['third-person-pseudonym']} occurs with the police and with the OM. Neither told the other."]


def apart(play, said):
    lines = people_in(play, "from-police-again", said)
    known = play.notes["from-police-people"] | play.notes["from-om-people"]
    expect(not known & play.notes["from-police-again-people"], "a pseudonym of the first case occurs in the second")
    return lines + ["The same people, under other pseudonyms: the two cases cannot be laid side by side."]


def contribute(name, staff, desk, register, question, says, case="casus", told=None, scenarios=("", "")):
    basis, fields, regime = question
    return [
        Step(name, ANALYST, says, ask("riec-casus", basis, fields, regime, "verdachte", case_phase(case), desk),
             stdin=lambda play: play.cast["subject_bsn"], scenario=scenarios[0], then=remember(name)),
        Step(f"{name}-inbox", staff, "The question is in the inbox.", lambda play: ["inbox", "list"],
             then=waits(name, "QUESTION")),
        Step(f"{name}-answer", staff, "A person looks it up and releases; related persons leave as pseudonyms of this case alone.",
             answer(name, desk, register), scenario=scenarios[1], then=released),
        Step(f"{name}-open", ANALYST, "The analyst opens it.", lambda play: ["exchange", "open", play.notes[name]],
             then=told or contribution(name)),
    ]


POLICE_QUESTION = ("wpg-20-3", OF_POLICE, "wpg-8")
PROSECUTION_QUESTION = ("wjsg-39fa", OF_PROSECUTION, "wjsg-strafvorderlijk")

STEPS = [
    open_session("analyst-session", ANALYST, "The RIEC's analyst opens a session."),
    *contribute("from-police", POLICE, "politie/informatie", "politie-informatie", POLICE_QUESTION,
                "In the open case, with a hit on record, the analyst asks the police for reports and related persons.",
                scenarios=("STORY-015", "STORY-016")),
    *contribute("from-om", PROSECUTION, "om/parket", "om-parket", PROSECUTION_QUESTION,
                "And the OM, for suspicions and related persons.", told=meet, scenarios=("STORY-017", "STORY-018")),
    *contribute("from-police-again", POLICE, "politie/informatie", "politie-informatie", POLICE_QUESTION,
                "In the second case the same question goes to the police.", case="second-casus", told=apart),
]
