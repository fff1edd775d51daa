"""A signal that names nobody: from supervision to OOV, from two towns to the RIEC's weighing table, where it recurs."""
import json

from tale.asking import OOV, answer, case_of, new_case, partner, received, released, remember, verdict, waits
from tale.step import Step, expect

SUPERVISOR, SECOND_TOWN, RIEC, ACCOUNT_MANAGER = "f-toezicht", "f-oov-b", "f-riec-bureau", "f-riec-accountmanager"
SIGNAL = ("sig-thema", "sig-feiten", "p-naam", "pand-adres", "sig-locatie")
REPORT = ("sig-thema", "sig-feiten", "p-naam", "sig-datum")


def session_told(play, said):
    expect(said.json["live"], f"the session is not open:\n{said.out}")
    return [f"Open until {said.json['end_time'][:10]}, renewed by itself from {said.json['renewal_time'][:10]}."]


def open_session(name, staff, says):
    return Step(name, staff, says, lambda play: ["session", "open"], then=session_told)


def disclose(purpose, basis, fields, regime, category, setting, to, from_=lambda play: ()):
    """Announces; the content follows when this desk answers."""
    def words(play):
        line = ["disclose", "create", "--to", partner(play, to), "--purpose", purpose, "--basis", basis]
        for field in fields:
            line += ["--field", field]
        return line + ["--regime", regime, "--category", category, *setting(play), *from_(play)]
    return words


def from_register(name, desk, register):
    """Sends from its own register; whom it is about goes in over standard input."""
    def words(play):
        return [*answer(name, desk, register)(play), "--subject-file", "-"]
    return words


def from_values(name):
    return lambda play: ["exchange", "answer", play.notes[name], "--values", "-", "--yes"]


def known(play, staff, pseudonym):
    """What this desk holds under that pseudonym."""
    said = play.stage.sluis.type(staff, "pseudonym", "list")
    expect(said.code == 0, said.err)
    rows = [row for row in said.json["pseudonyms"] if row["pseudonym"] == pseudonym]
    expect(len(rows) == 1, f"{len(rows)} rows of {pseudonym}:\n{said.out}")
    return rows[0]


def received_unnamed(name, fields, staff):
    """As received; the person in it has a pseudonym, kept for later steps with its domain."""
    told = received(name, fields)

    def check(play, said):
        lines = told(play, said)
        pseudonym = play.notes[f"{name}-values"]["p-naam"]
        expect(pseudonym.startswith("P-"), f"the name is {pseudonym}")
        play.notes[f"{name}-pseudonym"], play.notes[f"{name}-domain"] = pseudonym, known(play, staff, pseudonym)["domain"]
        return lines
    return check


def passed_on(play):
    """OOV sends on what it got, and the person by the pseudonym that it knows."""
    values = play.notes["signal-values"]
    return json.dumps({"regime": "avg", "subject_category": "bestuurder", "values": {
        "sig-thema": values["sig-thema"], "sig-feiten": values["sig-feiten"], "sig-datum": "2026-11",
        "p-naam": {"subjects": [{"pseudonym": play.notes["signal-pseudonym"]}]}}})


def as_known_here(play):
    return ("--from-domain", play.notes["signal-domain"], "--from-purpose", "signaal-intake")


def same_person(play, said):
    """Both reports came under one pseudonym, which is another one than OOV's."""
    lines = received_unnamed("second-report", REPORT, RIEC)(play, said)
    first, second = play.notes["report-pseudonym"], play.notes["second-report-pseudonym"]
    expect(first == second, f"the same person is {first} and {second} at one table")
    expect(first != play.notes["signal-pseudonym"], "two desks have one pseudonym for a person")
    return lines + [f"The RIEC does not know who {second} is. It sees that this is the one that Waterveen reported."]


def recurs(play, said):
    row = next(row for row in said.json["pseudonyms"] if row["pseudonym"] == play.notes["report-pseudonym"])
    expect((row["reports"], row["reporters"]) == ("2", "2"), f"seen {row['reports']} times, of {row['reporters']} desks")
    return [f"{row['pseudonym']}: reported {row['reports']} times, by {row['reporters']} desks."]


def recurrence(play):
    return json.dumps({"regime": "avg", "subject_category": "bestuurder", "values": {"sig-herhaling": "2"}})


STEPS = [
    open_session("oov-session", OOV, "OOV opens a session: a key to receive pseudonyms with. Each transcryptor makes half of it."),
    Step("signal", SUPERVISOR, "A supervisor tells OOV of the same town what she saw.",
         disclose("signaal-intake", "avg-6-1-e+gemeentewet-172", SIGNAL, "avg", "bewoner", new_case("signaal"), "waterveen/oov"),
         scenario="STORY-001", then=remember("signal")),
    Step("signal-send", SUPERVISOR, "She sends it from her register. The name leaves as a pseudonym: both transcryptors change "
         "it on its way, and neither sees it.",
         from_register("signal", "waterveen/toezicht", "waterveen-toezicht"), stdin=lambda play: play.cast["subject_bsn"],
         then=released),
    Step("signal-inbox", OOV, "It waits for OOV.", lambda play: ["inbox", "list"], then=waits("signal", "DELIVERY")),
    Step("signal-open", OOV, "OOV opens it: what was seen, and a pseudonym in place of the name.",
         lambda play: ["exchange", "open", play.notes["signal"]], then=received_unnamed("signal", SIGNAL, OOV)),
    open_session("riec-session", RIEC, "The RIEC opens a session too."),
    Step("report", OOV, "OOV reports the signal to the RIEC. It lands on the weighing table of this quarter.",
         disclose("riec-signaalweging", "wgs-riec", REPORT, "avg", "bestuurder", case_of("signal"), "riec/bureau", as_known_here),
         scenario="STORY-003", then=remember("report")),
    Step("report-send", OOV, "OOV never knew the name; it passes on the pseudonym, which becomes the RIEC's own.",
         from_values("report"), stdin=passed_on, then=released),
    Step("report-open", RIEC, "The RIEC opens it.", lambda play: ["exchange", "open", play.notes["report"]],
         then=received_unnamed("report", REPORT, RIEC)),
    Step("second-report", SECOND_TOWN, "A second town reports a signal. It knows the person, by number.",
         disclose("riec-signaalweging", "wgs-riec", REPORT, "avg", "bestuurder", new_case("signaal"), "riec/bureau"),
         scenario="STORY-004", then=remember("second-report")),
    Step("second-report-send", SECOND_TOWN, "It sends from its own register.",
         from_register("second-report", "duinrade/oov", "duinrade-oov"), stdin=lambda play: play.cast["subject_bsn"],
         then=released),
    Step("second-report-open", RIEC, "The RIEC opens it: the unknown person is there already.",
         lambda play: ["exchange", "open", play.notes["second-report"]], then=same_person),
    Step("weighing-table", RIEC, "What the RIEC sees of its weighing table.",
         lambda play: ["pseudonym", "list", "--domain", play.notes["report-domain"]], then=recurs),
    Step("recurrence", RIEC, "It tells its account manager how often, and nothing more.",
         disclose("riec-signaalweging", "wgs-riec", ("sig-herhaling",), "avg", "bestuurder", new_case("weging"),
                  "riec/accountmanager"),
         scenario="STORY-005", then=remember("recurrence")),
    Step("recurrence-send", RIEC, "The count goes, sealed.", from_values("recurrence"), stdin=recurrence, then=released),
    Step("recurrence-open", ACCOUNT_MANAGER, "The account manager reads it.",
         lambda play: ["exchange", "open", play.notes["recurrence"]], then=received("recurrence", ("sig-herhaling",))),
]
