"""The page at the end: who asked what, one exchange as each side saw it, and the proofs that are left."""
import textwrap

EXAMPLE = "police"  # OOV's question to the police, by its name in the notes
WIDTH = 100
OUTCOMES = {"PERMITTED": "yes", "NEEDS_APPROVAL": "not before somebody approves", "DENIED_NO_BASIS": "no, not on this ground",
            "DENIED_PROHIBITED": "no, that is forbidden"}
HEX_SHOWN = 16


def of_play(play):
    """All of it, as lines. Made of what the two officers for data protection read in the log, and of nothing else."""
    return [*_asked(play), "", *_sides(play), "", *_proofs(play)]


def _title(text):
    return [text, "-" * len(text)]


def _desk(play, party):
    found = next((desk for desk in play.stage.region.desks.values() if desk.party == party), None)
    if found is None:
        return party
    return f"{play.stage.region.organisations[found.organisation]['name']}, {found.name.lower()}"


def _asked(play):
    lines = _title("Who asked what of whom, and what the law said")
    for exchange in _exchanges(play).values():
        asked, decided = exchange["REQUEST"][0], list(dict.fromkeys(record["outcome"] for record in exchange["DECISION"]))
        units = asked["orgs"]["units"]
        way = {"disclose": ("provider", "told"), "recall": ("provider", "took back from")}
        first, verb = way.get(asked["action"], ("recipient", "asked"))
        second = "recipient" if first == "provider" else "provider"
        said = f"{_desk(play, units[first])} {verb} {_desk(play, units[second])}"
        what = f"{len(asked['fields'])} field{'s' if len(asked['fields']) != 1 else ''}" if asked["fields"] else "no field"
        outcome = ", then ".join(OUTCOMES.get(one, one) for one in decided)
        lines += textwrap.wrap(f"{said}: {what}, for {asked['purpose']}. {outcome[0].upper()}{outcome[1:]}.", WIDTH,
                               initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
    return lines


def _exchanges(play):
    """Exchange to kind of record to records, in the order of the log."""
    found = {}
    for _, record in sorted(play.notes["records"].items()):
        kinds = found.setdefault(record.get("exchange", ""), {})
        kinds.setdefault(record["kind"], []).append(record)
    return {name: kinds for name, kinds in found.items() if name and {"REQUEST", "DECISION"} <= kinds.keys()}


def _sides(play):
    name = play.notes[EXAMPLE]
    kinds = _exchanges(play)[name.rpartition("/")[2]]
    answer = kinds["ANSWER"][-1]
    leaf = play.notes["leaves"][answer["index"]]
    values = "; ".join(f"{field}: {value}" for field, value in sorted(play.notes[f"{EXAMPLE}-values"].items()))
    told = [
        ("The analyst of the police saw", "for whom the question is, the number that OOV wrote down, the words of the police's own "
         "register, and the form in which each would leave. A person pressed the button."),
        ("OOV read", values),
        ("The broker saw", f"that one desk asked and another answered, case {answer['case'][:8]}..., purpose {answer['purpose']}, "
         f"and the fields by name: {', '.join(f'{field} as {form}' for field, form in sorted(answer['fields'].items()))}. Of the person "
         "and of the values: sealed bytes, which it deleted after they were fetched."),
        ("The two transcryptors saw", "nothing of this one: a question by number goes sealed past them. Where a pseudonym moves, each "
         "sees random-looking points of a curve, and neither can finish alone."),
        ("The world can see", f"entry {answer['index']} of the log: {leaf[:HEX_SHOWN * 2]}... 192 bytes, in which only the two "
         "organisations can recognise their exchange."),
    ]
    lines = _title("One exchange, as each side saw it")
    for who, what in told:
        lines += textwrap.wrap(f"{who}: {what}", WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False,
                               break_on_hyphens=False)
    return lines


def _proofs(play):
    state, region = play.stage.state, play.stage.region
    lines = _title("What is left to prove it")
    folder = state.desk(region.desks["waterveen/oov"]) / "receipts" / play.notes[EXAMPLE].rpartition("/")[2]
    lines.append(f"  {folder.relative_to(state.root)}/, one receipt for each act:")
    lines += textwrap.wrap(", ".join(sorted((file.name for file in folder.iterdir()), key=_place)), WIDTH, initial_indent="    ",
                           subsequent_indent="    ", break_on_hyphens=False)
    receipt = min(folder.iterdir(), key=lambda file: _place(file.name))
    lines += ["  Anybody can check one, without us and without a network:",
              f"    sluis log check-receipt {receipt.relative_to(state.root)} --trust public/trust.policy"]
    return lines


def _place(name):
    return int(name.partition("-")[0]) if name.partition("-")[0].isdigit() else 0
