"""The broker process: its configuration, its start until it says ready, its end."""
import os
import re
import selectors
import shutil
import signal
import subprocess
import time
import urllib.request

from stage import layout, run
from stage.failure import Failure
from stage.region import BROKER_ID, BROKER_OIN, BROKER_UID, LOG_ORIGIN

READY_WITHIN = 30  # seconds
STOPS_WITHIN = 15
PUBLISHED_WITHIN = 15
PORTS = ("partners", "public", "bundles", "operator")
READY = re.compile(r"sluisd ready: " + " ".join(rf"{name}=(\d+)" for name in PORTS))
CONFIG = """# proto-file: sluis/broker/v1/config.proto
# proto-message: sluis.broker.v1.BrokerConfig
listen: "127.0.0.1:{partners}"
identifier: "{identifier}"
demonstration: true
tls {{
  key_file: "tls.key"
  certificate_file: "tls.pem"
  authorities_file: "../public/ca.pem"
  revocation_folder: "../public/crl"
}}
policy_pack: "../policy"
directory {{
  file: "../public/directory.note"
  first_officer: "{officers[0]}"
  second_officer: "{officers[1]}"
}}
database: "data/sluis.db"
log {{
  origin: "{origin}"
  operator: "{operator}"
  key_file: "log.pem"
  store_key_file: "store.key"
  guard_file: "../guard/guard"
  publish_seconds: 1
}}
http {{
  public_listen: "127.0.0.1:{public}"
  bundles_listen: "127.0.0.1:{bundles}"
  prefix: "/log"
  operator_listen: "127.0.0.1:{operator_port}"
}}
{readers}
"""


class Broker:
    """One at a time. Ports come from the kernel at the first start and stay the same after a restart."""

    def __init__(self, state, facts, bundle_readers=()):
        self.state, self.facts, self.readers = state, facts, bundle_readers
        self.ports = dict.fromkeys(PORTS, 0)
        self.process = None

    @property
    def config(self):
        return self.state.broker / "sluisd.txtpb"

    @property
    def data(self):
        return self.state.broker / "data"

    @property
    def address(self):
        return f"127.0.0.1:{self.ports['partners']}"

    @property
    def log_url(self):
        return f"http://127.0.0.1:{self.ports['public']}/log"

    @property
    def bundle_url(self):
        return f"https://127.0.0.1:{self.ports['bundles']}/log"

    def forget(self):
        """Removes database and guard, so that the next start begins a new log."""
        for folder in (self.data, self.state.guard):
            shutil.rmtree(folder, ignore_errors=True)
            layout.make_folder(folder, layout.PRIVATE, BROKER_UID)
        (self.state.broker / "sluisd.log").unlink(missing_ok=True)

    def _write_config(self):
        readers = "\n".join(f'bundle_readers {{ organisation: "{desk.oin}" unit: "{desk.unit}" }}' for desk in self.readers)
        text = CONFIG.format(identifier=BROKER_ID, officers=self.facts["officers"], origin=LOG_ORIGIN, operator=BROKER_OIN,
                             operator_port=self.ports["operator"], readers=readers,
                             **{name: self.ports[name] for name in ("partners", "public", "bundles")})
        layout.write(self.config, text, 0o600, BROKER_UID)

    def start(self):
        """Returns when it said ready; a Failure shows what it said instead."""
        self._write_config()
        output = self.state.broker / "sluisd.log"
        with open(output, "ab") as log:
            layout.own(output, 0o600, BROKER_UID)
            self.process = subprocess.Popen(
                run.as_user(BROKER_UID, [self.state.sluisd, "--config", self.config], "--pdeathsig=TERM"), stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=log, env=run.SURROUNDINGS, cwd=self.state.broker)
        ready = READY.fullmatch(self._first_line())
        if ready is None:
            code = self.stop()
            raise Failure(f"sluisd ended with code {code} before it was ready:\n{self.last_words()}")
        self.ports = {name: int(port) for name, port in zip(PORTS, ready.groups())}

    def _first_line(self):
        stdout, end, line = self.process.stdout, time.monotonic() + READY_WITHIN, b""
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            while b"\n" not in line and selector.select(max(0.0, end - time.monotonic())):
                piece = os.read(stdout.fileno(), 4096)
                if not piece:
                    break
                line += piece
        return line.decode(errors="replace").strip()

    def last_words(self):
        output = self.state.broker / "sluisd.log"
        return "\n".join(output.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]) if output.exists() else ""

    def kill(self):
        """As a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        return self._gone()

    def stop(self):
        """Asks it to end; ends it if it does not. Returns its exit code."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self._gone()

    def _gone(self):
        code = self.process.wait()
        self.process.stdout.close()
        self.process = None
        return code

    def wait_until_published(self, size):
        """Returns when the public checkpoint covers so many entries; it is signed anew every second."""
        end = time.monotonic() + PUBLISHED_WITHIN
        while time.monotonic() < end:
            with urllib.request.urlopen(f"{self.log_url}/checkpoint", timeout=PUBLISHED_WITHIN) as answer:
                if int(answer.read().splitlines()[1]) >= size:
                    return
            time.sleep(0.05)
        raise Failure(f"the log published no checkpoint of {size} entries within {PUBLISHED_WITHIN} seconds")

    def restart(self):
        self.stop()
        self.start()
