"""The two transcryptor processes: the key ceremony of their operators, configuration, start and end.

The operators are two organisations, each with a folder, a user number and a wrapping key of its own. They hand each
other public files alone.
"""
import re
import shutil

from stage import broker, layout, pki, run
from stage.daemon import Daemon
from stage.region import BROKER_OIN, OPERATORS

KEY_SET = "kustlanden-demo"
READY = re.compile(r"sluis-transcryptor ready: hop=([12]) broker=(\d+)")
CONFIG = """# proto-file: sluis/transcryptor/v1/config.proto
# proto-message: sluis.transcryptor.v1.TranscryptorConfig
listen: "127.0.0.1:{port}"
{halves}
key_set_file: "ceremony/key-set.json"
first_start_file: "ceremony/first-start.json"
demonstration: true
tls {{
  key_file: "tls.key"
  certificate_file: "tls.pem"
  authorities_file: "{public}/ca.pem"
  revocation_folder: "{public}/crl"
}}
broker {{ organisation: "{broker}" decision_key: "{decision_key}" }}
policy {{
  bundle_file: "policy.bundle"
  mark_file: "data/policy.mark"
{activators}
}}
directory {{
  file: "directory.note"
  first_officer: "{officers[0]}"
  second_officer: "{officers[1]}"
}}
state {{ state_file: "data/state.db" replay_file: "data/replay.db" }}
"""
HALF = 'half {{ hop: {hop} secrets_file: "{folder}/ceremony/secrets.sealed" wrapping_key_file: "{wrapping}" }}'


class Transcryptor(Daemon):
    """One half at one operator. Its port comes from the kernel at the first start and stays the same."""

    def __init__(self, state, operator, facts):
        super().__init__(state.program("sluis-transcryptor"), operator.uid, state.operator(operator), READY)
        self.state, self.operator, self.facts = state, operator, facts
        self.port = 0

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    @property
    def data(self):
        return self.folder / "data"

    @property
    def wrapping_key(self):
        return self.state.wrapping(self.operator) / "wrapping.key"

    def half(self):
        return HALF.format(hop=self.operator.hop, folder=self.folder, wrapping=self.wrapping_key)

    def config_text(self, others=()):
        """`others`: halves that it must not have, for a test."""
        return CONFIG.format(port=self.port, halves="\n".join([self.half(), *others]), public=self.state.public,
                             broker=BROKER_OIN, decision_key=self.facts["decision"], officers=self.facts["officers"],
                             activators=broker.activator_lines(self.facts))

    def is_ready(self, ready):
        self.port = int(ready.group(2))

    def ceremony(self, *words):
        """One step of the ceremony, as this operator types it."""
        return run.must(run.as_user(self.uid, [self.program, "ceremony", words[0], "--folder", self.folder / "ceremony",
                                               "--wrapping-key", self.wrapping_key, *words[1:]]), cwd=self.folder)

    def forget(self):
        """A new beginning: no keys, no salts, no sessions; its own copies of directory and policy."""
        for folder in (self.data, self.folder / "ceremony", self.state.wrapping(self.operator)):
            shutil.rmtree(folder, ignore_errors=True)
            layout.make_folder(folder, layout.PRIVATE, self.uid)
        self.output.unlink(missing_ok=True)
        self.fetch("policy.bundle")
        self.fetch("directory.note")

    def fetch(self, name):
        """Its own copy of a public file."""
        layout.write(self.folder / name, (self.state.public / name).read_bytes(), 0o600, self.uid)

    def receive(self, other, name):
        """A public file of the other operator, handed over."""
        received = self.folder / "ceremony" / f"other-{name}"
        layout.write(received, (other.folder / "ceremony" / name).read_bytes(), 0o600, self.uid)
        return received


class Pair:
    """Both, in the order of their hops."""

    def __init__(self, state, facts):
        self.state = state
        self.both = [Transcryptor(state, operator, facts) for operator in OPERATORS]
        self.digest = ""

    @property
    def key_set(self):
        return self.state.public / "key-set.json"

    def hold_ceremony(self):
        """New keys for both, without a dealer; the key set goes where all may read it."""
        for one in self.both:
            one.forget()
            one.ceremony("begin", "--hop", one.operator.hop, "--organisation", one.operator.oin, "--name", KEY_SET)
        ways = [(self.both[0], self.both[1]), (self.both[1], self.both[0])]
        for one, other in ways:
            one.ceremony("contribute", "--peer", one.receive(other, "half.json"))
        said = {one.ceremony("finish", "--peer", one.receive(other, "contribution.json")) for one, other in ways}
        assert len(said) == 1, said
        self.digest = said.pop().split()[-1]
        layout.write(self.key_set, (self.both[0].folder / "ceremony" / "key-set.json").read_bytes(), 0o644)

    def start(self):
        """At the same time: each proves the rules before it says ready."""
        for one in self.both:
            one.launch()
        for one in self.both:
            one.wait_until_ready()

    def stop(self):
        for one in self.both:
            one.stop()


def issue_certificates(state, authority):
    for operator in OPERATORS:
        folder = layout.make_folder(state.operator(operator), layout.PRIVATE, operator.uid)
        authority.issue(folder / "tls.pem", folder / "tls.key", pki.subject(operator.oin, operator.name, operator.host),
                        pki.SERVER, (f"DNS:{operator.host}", "IP:127.0.0.1"))
        for name in ("tls.pem", "tls.key"):
            layout.own(folder / name, 0o600, operator.uid)
