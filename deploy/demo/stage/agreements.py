"""The arrangements of region.json: drafted, signed by each party with its own key, registered by the first."""
import concurrent.futures
import os
import pathlib
import tempfile

from stage import desks, layout, run
from stage.failure import Failure


def _party(region, named):
    return region.desk(named["organisation"], named["unit"])


def draft(state, region, terms, out):
    """`sluis arrangement draft` with the terms of one entry."""
    words = ["--id", terms["arrangement"], "--fact", terms["fact"], "--from", terms["from"], "--until", terms["until"]]
    for party in terms["parties"]:
        words += ["--party", _party(region, party).party]
    for recipient in terms.get("recipients", ()):
        words += ["--recipient", _party(region, recipient).party]
    for word in ("purpose", "field"):
        for code in terms.get(word + "s", ()):
            words += [f"--{word}", code]
    for role in ("authority", "principal", "agent"):
        if role in terms:
            words += [f"--{role}", _party(region, terms[role]).party]
    run.must([state.sluis, "arrangement", "draft", *words, "--out", out])


def sign(state, desk, paper, name):
    """The paper goes to the desk, which signs it with its own key, and comes back."""
    at_desk = state.desk(desk) / f"{name}.json"
    layout.write(at_desk, paper.read_bytes(), 0o600, desk.uid)
    run.must(run.as_user(desk.uid, [state.sluis, "arrangement", "sign", at_desk, "--party", desk.party, "--key",
                                    state.desk(desk) / "signing.pem"]), cwd=state.desk(desk))
    paper.write_bytes(at_desk.read_bytes())
    at_desk.unlink()


def make(stage, terms, paper):
    """Drafted, and signed by each party in turn."""
    draft(stage.state, stage.region, terms, paper)
    for named in terms["parties"]:
        sign(stage.state, _party(stage.region, named), paper, terms["arrangement"])


def register(stage, desk, paper):
    at_desk = stage.state.desk(desk) / "arrangement.json"
    layout.write(at_desk, paper.read_bytes(), 0o600, desk.uid)
    said = stage.sluis.type(desk.persons[0].staff, "arrangement", "register", at_desk, desk=desk,
                            profile=desks.profile_of(stage.state, desk, desk.persons[0].staff))
    at_desk.unlink()
    if said.code != 0:
        raise Failure(f"an arrangement was not registered:\n{said.err}")


def register_all(stage):
    with tempfile.TemporaryDirectory(prefix="sluis-") as folder:
        papers = [(terms, pathlib.Path(folder) / f"{terms['arrangement']}.json") for terms in stage.region.document["arrangements"]]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as workers:
            list(workers.map(lambda one: make(stage, *one), papers))
        for terms, paper in papers:
            register(stage, _party(stage.region, terms["parties"][0]), paper)
