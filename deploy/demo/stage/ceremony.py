"""What is made once and kept: certificates, the keys of every desk and of the broker, the signed directory."""
import concurrent.futures
import datetime
import hashlib
import json
import os
import pathlib
import shutil

from stage import layout, pki, run, transcryptor
from stage.region import ACTIVATORS, BROKER_HOST, BROKER_OIN, BROKER_UID, LOG_ORIGIN, OFFICERS

ALGORITHM = "ES256"
# What decides how they are made: when one of these changes, all is made anew.
MADE_BY = ("ceremony.py", "pki.py", "region.py", "transcryptor.py")


def generate_key(state, kind, out, *options):
    """`sluis key generate`; returns what it says about the public half."""
    return json.loads(run.must([state.sluis, "key", "generate", "--type", kind, "--out", out, "--output", "json",
                                *options]))


def key_id(desk):
    return f"{desk.organisation}-{desk.unit.partition('/')[2]}"


def issuer(desk):
    return f"https://login.{desk.organisation}.example"


class Ceremony:
    def __init__(self, state, region):
        self.state, self.region = state, region
        self.authority = pki.Authority(state.pki, "Kustlanden demo CA")
        self.facts_file = state.public / "facts.json"

    def facts(self):
        """Verifier keys of the officers, of who sign the rules and of the log, and the broker's decision key."""
        return json.loads(self.facts_file.read_text(encoding="utf-8"))

    def is_made(self):
        """Whether an earlier run made all of it, for this region, and it lasts for another while."""
        try:
            if self.facts()["mark"] != self._mark() or pki.ends_within(self.authority.certificate, 30):
                return False
        except (OSError, ValueError, KeyError):
            return False
        return all((self.state.desk(desk) / "assertion.pem").is_file() for desk in self.region.desks.values())

    def make(self, tell):
        """All of it anew."""
        for folder in (self.state.pki, self.state.officers, self.state.broker, self.state.guard, self.state.desks,
                       self.state.public, self.state.transcryptors, self.state.wrappings):
            shutil.rmtree(folder, ignore_errors=True)
        self.state.make()
        self.authority.make()
        officers = [self._officer(name) for name in OFFICERS]
        activators = [self._officer(name) for name in ACTIVATORS]
        log, decision = self._broker()
        transcryptor.issue_certificates(self.state, self.authority)
        desks = list(self.region.desks.values())
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as workers:
            units = {}
            for done, (desk, unit) in enumerate(zip(desks, workers.map(self._desk, desks)), 1):
                units[desk.id] = unit
                if done % 10 == 0 or done == len(desks):
                    tell(f"keys and certificates: {done} of {len(desks)} desks")
        self._sign_directory(units)
        layout.write(self.state.public / "ca.pem", self.authority.certificate.read_bytes(), 0o644)
        layout.write(self.state.public / "trust.policy", f"log {log}\nquorum none\n", 0o644)
        layout.write(self.facts_file, json.dumps({"mark": self._mark(), "officers": officers,
                                                      "activators": activators, "log": log,
                                                      "decision": decision}, indent=2) + "\n", 0o644)

    def _mark(self):
        here = pathlib.Path(__file__).resolve()
        made_by = (here.with_name(name).read_text(encoding="utf-8") for name in MADE_BY)
        return hashlib.sha256("".join([self.region.text, *made_by]).encode()).hexdigest()

    def _officer(self, name):
        return generate_key(self.state, "officer", self.state.officers / f"{name}.pem", "--name", name)["vkey"]

    def _broker(self):
        folder = self.state.broker
        self.authority.issue(folder / "tls.pem", folder / "tls.key", pki.subject(BROKER_OIN, "Kustlanden", BROKER_HOST),
                             pki.BOTH_ENDS, (f"DNS:{BROKER_HOST}", "IP:127.0.0.1"))
        vkey = generate_key(self.state, "log", folder / "log.pem", "--name", LOG_ORIGIN)["vkey"]
        decision = generate_key(self.state, "signing", folder / "decision.pem")["public_key"]
        layout.write(folder / "store.key", os.urandom(32).hex() + "\n", 0o600)
        for path in (folder, *folder.iterdir()):
            layout.own(path, 0o700 if path.is_dir() else 0o600, BROKER_UID)
        return vkey, decision

    def _desk(self, desk):
        """Keys and certificate of one desk; returns what the directory says of it."""
        folder = layout.make_folder(self.state.desk(desk), layout.PRIVATE)
        folder.parent.chmod(layout.PUBLIC)
        organisation = self.region.organisations[desk.organisation]
        self.authority.issue(folder / "tls.pem", folder / "tls.key",
                             pki.subject(desk.oin, organisation["name"].replace("/", " "), f"{desk.id.replace('/', '.')}.example"))
        made = {kind: generate_key(self.state, kind, folder / f"{kind}.pem") for kind in ("signing", "sealing")}
        made["assertion"] = generate_key(self.state, "assertion", folder / "assertion.pem", "--algorithm", ALGORITHM)
        for path in (folder, *folder.iterdir()):
            layout.own(path, 0o700 if path.is_dir() else 0o600, desk.uid)
        return {"signing": made["signing"]["public_key"], "sealing": made["sealing"]["public_key"],
                "pem": made["assertion"]["pem"], "thumbprint": pki.thumbprint(folder / "tls.pem")}

    def _sign_directory(self, units):
        state, description = self.state, self.state.officers / "directory.json"
        partners = [self._partner(entry, units) for entry in self.region.document["organisations"]]
        version = int(datetime.datetime.now(datetime.timezone.utc).timestamp())
        layout.write(description, json.dumps({"v": 1, "name": self.region.name, "version": version,
                                              "partners": partners}, indent=1), 0o600)
        first, second = (state.officers / f"{name}.pem" for name in OFFICERS)
        half, whole = state.officers / "directory-1.note", state.officers / "directory.note"
        run.must([state.sluis, "directory", "sign", "--in", description, "--key", first, "--name", OFFICERS[0], "--out", half])
        run.must([state.sluis, "directory", "cosign", half, "--key", second, "--name", OFFICERS[1], "--out", whole])
        layout.write(state.public / "directory.note", whole.read_bytes(), 0o644)

    def sign_policy(self, source=None):
        """The rules of `source` (else of this checkout), brought into force by two persons: each with a key of his own, the
        second against the source that he has himself."""
        state, source = self.state, source or self.state.policy
        first, second = (state.officers / f"{name}.pem" for name in ACTIVATORS)
        half, whole = state.officers / "policy-1.bundle", state.officers / "policy.bundle"
        run.must([state.sluis, "policy", "sign", "--pack", source, "--max-age", "P30D", "--change-over", "PT72H",
                  "--key", first, "--name", ACTIVATORS[0], "--out", half])
        run.must([state.sluis, "policy", "cosign", half, "--pack", source, "--key", second, "--name", ACTIVATORS[1],
                  "--out", whole])
        layout.write(state.public / "policy.bundle", whole.read_bytes(), 0o644)

    def _partner(self, entry, units):
        desks = [desk for desk in self.region.desks.values() if desk.organisation == entry["id"]]
        return {"oin": entry["oin"], "kind": entry["kind"], "name": entry["name"], "regions": [self.region.name],
                "suspended": False, "issuer": issuer(desks[0]), "client_id": "sluis",
                "assertion_keys": [{"kid": key_id(desk), "alg": ALGORITHM, "pem": units[desk.id]["pem"],
                                    "units": [desk.unit]} for desk in desks],
                "certificates": [{"thumbprint": units[desk.id]["thumbprint"], "units": [desk.unit]} for desk in desks],
                "units": [{"unit": desk.unit, "signing": units[desk.id]["signing"], "sealing": units[desk.id]["sealing"],
                           "registers": [self._register(register) for register in desk.registers
                                         if register.get("index", True)]} for desk in desks]}

    def _register(self, register):
        manifest = json.loads((self.state.registers / "manifest.json").read_text(encoding="utf-8"))
        return {"id": register["id"], "regime": register["regime"], "epoch": 1, "kinds": register["kinds"],
                "size": manifest["registers"][register["id"]]["rows"]}
