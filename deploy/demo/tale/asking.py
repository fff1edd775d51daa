"""Asking and answering: what OOV may ask, its own permit desk, the police, and how the answer gets home."""
from stage import registers
from tale.step import Step, expect

OOV, ANALYST, PERMITS = "f-oov", "pol-014", "f-vergunningen"


def partner(play, desk):
    return play.stage.region.desks[desk].party


def remember(name):
    """Keeps the exchange, and the case if it is the first in it, for later steps."""
    def keep(play, said):
        exchange = said.json
        play.notes[name] = exchange["name"]
        play.notes.setdefault(f"{name}-case", exchange["case"])
        return [verdict(exchange)]
    return keep


def verdict(exchange):
    decision = exchange["decision"]
    if decision["outcome"] == "PERMITTED":
        forms = ", ".join(f"{entry['field']} as {entry['form']}" for entry in decision["fields"])
        return (f"Permitted ({', '.join(decision['deciding_rules'])}): {forms}; to be kept {decision['retention']} at most, "
                f"passing on: {decision['onward']}.")
    if decision["outcome"] == "NEEDS_APPROVAL":
        needs = "; ".join(f"{need['count']} x {' or '.join(need['roles'])} ({need['condition']})"
                          for need in decision["approvals_needed"])
        return f"Not by itself: a person must approve first. Needed: {needs}."
    rules = ", ".join(decision["deciding_rules"]) or "no rule permits it"
    return f"Refused ({rules}): {decision['reason_en']}\n\"{decision['reason_nl']}\""


def ask(purpose, basis, fields, regime, category, setting, to, kind="bsn"):
    def words(play):
        line = ["request", "create", "--to", partner(play, to), "--purpose", purpose, "--basis", basis]
        for field in fields:
            line += ["--field", field]
        return line + ["--regime", regime, "--category", category, *setting(play), "--verified", "--subject-kind", kind,
                       "--subject-file", "-"]
    return words


def new_case(phase):
    return lambda play: ("--new-case", phase)


def case_of(name):
    return lambda play: ("--case", play.notes[f"{name}-case"])


def waits(name, event):
    """The inbox must hold this exchange, with this event."""
    def check(play, said):
        entries = [entry for entry in said.json["entries"] if entry["exchange"]["name"] == play.notes[name]]
        expect(any(entry["event"] == event for entry in entries),
               f"the inbox does not hold {play.notes[name]} as {event}:\n{said.out}")
        exchange = entries[-1]["exchange"]
        return [f"In the inbox: {event.lower()}, {exchange['action']} for {exchange['purpose']}, fields "
                f"{', '.join(exchange['fields'])}."]
    return check


def answerable(fields):
    def check(play, said):
        forms = {entry["field"]: entry["form"] for entry in said.json["answerable"]}
        expect(forms == fields, f"may leave as {forms} instead of {fields}")
        return ["If this person releases: " + ", ".join(f"{field} as {form}" for field, form in forms.items()) + "."]
    return check


def answer(name, desk, register):
    def words(play):
        mapping = registers.mapping_of(play.stage.state, play.stage.region.desks[desk], register)
        return ["exchange", "answer", play.notes[name], "--register", mapping, "--yes"]
    return words


def released(play, said):
    exchange = said.json
    expect(exchange["state"] == "ANSWERED", f"state {exchange['state']} instead of ANSWERED")
    return ["Released, sealed to the asking desk. " + verdict(exchange)]


def received(name, fields):
    """The values stay in the play's memory for tests; what is told of them is for the terminal of this demo."""
    def check(play, said):
        values = {entry["field"]: entry["value"] for entry in said.json["values"]}
        expect(sorted(values) == sorted(fields), f"received {sorted(values)} instead of {sorted(fields)}")
        play.notes[f"{name}-values"] = values
        return [f"{field}: {value}" for field, value in values.items()]
    return check


def options_told(play, said):
    options = said.json["options"]
    expect(options, "there is nothing that OOV may ask")
    providers = sorted({unit for option in options for unit in option["provider_units"]})
    lines = [f"{len(options)} rules let this desk ask something, of {len(providers)} kinds of desk. Of the police:"]
    for option in options:
        if "politie/informatie" in option["provider_units"]:
            lines.append(f"{option['rule']} {option['title']} (for {', '.join(option['purposes'])})")
    return lines


POLICE_FIELDS = ("p-naam", "pand-adres", "ant-politiemelding")
POLICE_FORMS = {"p-naam": "exact", "pand-adres": "exact", "ant-politiemelding": "generalised"}
PERMIT_FIELDS = ("vrg-soort-status", "pand-gebruik", "pand-maatregel")

STEPS = [
    Step("options", OOV, "OOV asks what it may ask, and of whom.",
         lambda play: ["options", "list", "--action", "request", "--page-size", "500"], then=options_told),
    Step("own-permits", OOV, "Before it asks anyone else, OOV asks the town's own permit desk about a building.",
         ask("signaal-intake", "avg-6-1-e+gemeentewet-172", PERMIT_FIELDS, "avg", "pand", new_case("signaal"),
             "waterveen/vergunningen", "bag"),
         stdin=lambda play: play.cast["premises_bag"], scenario="STORY-002", then=remember("permits")),
    Step("permits-inbox", PERMITS, "The question reaches the permit desk.", lambda play: ["inbox", "list"],
         then=waits("permits", "QUESTION")),
    Step("permits-answer", PERMITS, "The permit desk answers from its register.",
         answer("permits", "waterveen/vergunningen", "waterveen-vergunningen"), then=released),
    Step("permits-open", OOV, "OOV opens the answer.", lambda play: ["exchange", "open", play.notes["permits"]],
         then=received("permits", PERMIT_FIELDS)),
    Step("riec-too-early", "f-riec-bureau", "The RIEC asks the police for content while it is still weighing a signal.",
         ask("riec-signaalweging", "wpg-20-3", ("p-naam", "sig-feiten"), "wpg-8", "verdachte", new_case("weging"),
             "politie/informatie"),
         stdin=lambda play: play.cast["subject_bsn"], code=3, scenario="STORY-006", then=remember("too-early")),
    Step("ask-police", OOV, "OOV asks the police for three fields about one person, for public order, in its own open case.",
         ask("openbare-orde", "wpg-16-1-b", POLICE_FIELDS, "wpg-8", "verdachte", new_case("casus"), "politie/informatie"),
         stdin=lambda play: play.cast["subject_bsn"], scenario="STORY-019", then=remember("police")),
    Step("police-inbox", ANALYST, "The question reaches the police analyst.", lambda play: ["inbox", "list"],
         then=waits("police", "QUESTION")),
    Step("police-show", ANALYST, "The analyst sees in which form each field may leave if this person releases it.",
         lambda play: ["exchange", "show", play.notes["police"]], then=answerable(POLICE_FORMS)),
    Step("police-answer", ANALYST, "The analyst looks in the police register and releases. That act is the approval; the "
         "broker decides again, at that moment.",
         answer("police", "politie/informatie", "politie-informatie"), scenario="STORY-020", then=released),
    Step("police-delivered", OOV, "The answer waits for OOV, sealed.", lambda play: ["inbox", "list"],
         then=waits("police", "DELIVERY")),
]

OPENING = [
    Step("police-open", OOV, "OOV opens it with its own key.", lambda play: ["exchange", "open", play.notes["police"]],
         then=received("police", POLICE_FIELDS)),
]
