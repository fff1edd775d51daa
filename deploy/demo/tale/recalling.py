"""The police find a mistake and recall what they gave; OOV carries it out and confirms."""
import json

from tale.asking import ANALYST, OOV, case_of, partner, remember, waits
from tale.casus import ANALYST as RIEC_ANALYST
from tale.step import Deed, Step, expect

ORDER = {"regime": "wpg-8", "subject_category": "verdachte",
         "values": {"herstel-opdracht": {"form": "exact", "value": "Het aantal meldingen klopt niet. Vernietig het antwoord."}}}


def recall_words(play):
    return ["recall", "create", "--to", partner(play, "waterveen/oov"), "--purpose", "herstel", "--basis", "wpg-4-4",
            "--field", "herstel-opdracht", "--regime", "wpg-8", "--category", "verdachte", *case_of("police")(play),
            "--kind", "withdraw", "--exchange", play.notes["police"]]


def recall_of_contribution(play):
    return ["recall", "create", "--to", partner(play, "riec/analist"), "--purpose", "herstel", "--basis", "wpg-4-4",
            "--field", "herstel-opdracht", "--regime", "wpg-8", "--category", "verdachte", *case_of("casus")(play),
            "--kind", "withdraw", "--exchange", play.notes["from-police"]]


def send(name):
    return lambda play: ["exchange", "answer", play.notes[name], "--values", "-", "--yes"]


def sent(play, said):
    expect(said.json["state"] == "ANSWERED", f"state {said.json['state']} instead of ANSWERED")
    return ["Sent, sealed to the desk that got it."]


def order_read(play, said):
    return [entry["value"] for entry in said.json["values"]]


def destroyed(play, said):
    expect(said.json["state"] == "DESTROYED", f"state {said.json['state']} instead of DESTROYED")
    return ["Destroyed, and the confirmation is in the log."]


def is_gone(play):
    desk = play.stage.region.desk_of(OOV)
    exchange = play.notes["police"].rpartition("/")[2]
    expect(not (play.stage.state.desk(desk) / "answers" / exchange).exists(), "the answer is still at OOV")
    yield f"{play.stage.state.desk(desk).relative_to(play.stage.state.root)}/answers/{exchange} is gone."


STEPS = [
    Step("recall", ANALYST, "The police find a mistake and recall what they gave to OOV.", recall_words,
         scenario="STORY-023", then=remember("recall")),
    Step("recall-send", ANALYST, "The order to repair goes out, sealed as everything else.",
         send("recall"), stdin=lambda play: json.dumps(ORDER), then=sent),
    Step("recall-inbox", OOV, "OOV finds the recall in its inbox.", lambda play: ["inbox", "list"],
         then=waits("recall", "RECALL")),
    Step("recall-open", OOV, "OOV reads it.", lambda play: ["exchange", "open", play.notes["recall"]], then=order_read),
    Step("recall-destroy", OOV, "OOV destroys what it got, and confirms.",
         lambda play: ["exchange", "destroy", play.notes["police"], "--yes"], then=destroyed),
    Deed("recall-gone", "Nothing of it is left at OOV.", is_gone),
    Step("recall-riec", ANALYST, "The same mistake went to the RIEC's analyst: recalled as well.", recall_of_contribution,
         scenario="STORY-024", then=remember("recall-riec")),
    Step("recall-riec-send", ANALYST, "The order goes out.", send("recall-riec"), stdin=lambda play: json.dumps(ORDER), then=sent),
    Step("recall-riec-open", RIEC_ANALYST, "The analyst reads it.",
         lambda play: ["exchange", "open", play.notes["recall-riec"]], then=order_read),
    Step("recall-riec-destroy", RIEC_ANALYST, "And destroys what came of it.",
         lambda play: ["exchange", "destroy", play.notes["from-police"], "--yes"], then=destroyed),
]
