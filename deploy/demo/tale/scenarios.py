"""What the given scenarios say a decision must be (tests/scenarios/story.jsonl), against what the broker decided."""
import json

from stage.layout import SOURCE
from tale.step import Surprise

FILE = SOURCE / "tests" / "scenarios" / "story.jsonl"


def load():
    return {entry["id"]: entry for entry in map(json.loads, FILE.read_text(encoding="utf-8").splitlines())}


def as_expected(decision):
    """A decision as `--output json` shows it, in the words of the scenarios."""
    needs = {need["condition"]: {"k": need["count"], "roles": sorted(need["roles"])}
             for need in decision["approvals_needed"]}
    permitted = decision["outcome"] == "PERMITTED"
    return {"decision": permitted, "outcome": decision["outcome"],
            "fields": {entry["field"]: entry["form"] for entry in decision["fields"]},
            "retention": decision["retention"] or None, "onward": decision["onward"] or None,
            "approvals_needed": needs or None, "deciding_rules": sorted(decision["deciding_rules"])}


def compare(scenario, decision):
    """Raises Surprise naming each member that differs."""
    wanted, got = dict(scenario["expected"]), as_expected(decision)
    if wanted["approvals_needed"]:
        wanted["approvals_needed"] = {condition: {"k": need["k"], "roles": sorted(need["roles"])}
                                      for condition, need in wanted["approvals_needed"].items()}
    wrong = [f"{member}: {got[member]} instead of {wanted[member]}" for member in wanted if wanted[member] != got[member]]
    if wrong:
        raise Surprise(f"{scenario['id']} ({scenario['title']}): " + "; ".join(wrong))
