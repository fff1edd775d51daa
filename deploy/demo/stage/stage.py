"""Everything set up, in order: what a run of the story and every test of the whole begin with."""
import fcntl
import json

from stage import agreements, broker, ceremony, command, desks, layout, registers, transcryptor
from stage.failure import Failure
from stage.region import Region

# Desks with a mandate to read whole entry bundles of the log: the data protection officers.
AUDITORS = ("waterveen/fg", "politie/fg")


class Stage:
    """Use as a context: the processes are stopped at the end, however it comes."""

    def __init__(self, root, tell=lambda line: None, binaries=None):
        self.region = Region()
        self.state = layout.Layout(root, binaries) if binaries else layout.Layout(root)
        self.tell = tell
        self._lock = None
        self.facts, self.broker, self.pair = {}, None, None
        self.sluis = command.Commander(self.state, self.region)

    def prepare(self):
        """Keys, certificates, registers and folders; what an earlier run made and still holds is kept."""
        self._take()
        self.state.make()
        if not registers.is_made(self.state):
            self.tell("registers: writing 18 registers of people who do not exist")
            registers.generate(self.state)
        made = ceremony.Ceremony(self.state, self.region)
        if not made.is_made():
            made.make(self.tell)
        made.sign_policy()
        made.authority.list_revoked(self.state.public / "crl" / "demo.crl")
        registers.hand_out(self.state, self.region)
        desks.write_people(self.state, self.region)
        self.facts = made.facts()
        self.pair = transcryptor.Pair(self.state, self.facts)
        self.broker = broker.Broker(self.state, self.facts, self.pair.both, [self.region.desks[name] for name in AUDITORS])
        return self

    def _take(self):
        """One run at a time works in a state folder."""
        self._lock = open(self.state.root / ".lock", "w", encoding="ascii")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise Failure(f"another run works in {self.state.asked}; wait until it ends, or stop it (--serve: Ctrl-C "
                          "there)") from taken

    def open(self):
        """A fresh log, new keys of the transcryptors, all three running, every arrangement registered."""
        self.pair.hold_ceremony()
        self.tell(f"the two transcryptors made their keys: key set {self.pair.digest[:16]}...")
        self.pair.start()
        self.broker.forget()
        desks.forget(self.state, self.region)
        self.broker.start()
        desks.write_parties(self.state, self.region, self.facts, self.broker.address)
        agreements.register_all(self)
        self.write_addresses()
        return self

    def write_addresses(self):
        """Where everybody finds the log; read by deploy/demo/as."""
        text = json.dumps({"log": self.broker.log_url, "bundles": self.broker.bundle_url})
        layout.write(self.state.public / "addresses.json", text + "\n", 0o644)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for one in (self.broker, self.pair):
            if one is not None:
                one.stop()
        if self._lock is not None:
            self._lock.close()
