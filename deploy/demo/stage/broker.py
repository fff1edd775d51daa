"""The broker process: its configuration, its start and end, and its log as others see it."""
import re
import shutil
import time
import urllib.request

from stage import layout
from stage.daemon import Daemon
from stage.failure import Failure
from stage.region import BROKER_ID, BROKER_OIN, BROKER_UID, LOG_ORIGIN

PUBLISHED_WITHIN = 15  # seconds
PORTS = ("partners", "public", "bundles", "operator", "authzen")
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
policy {{
  bundle_file: "../public/policy.bundle"
  mark_file: "data/policy.mark"
{activators}
}}
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
authzen {{
  listen: "127.0.0.1:{authzen}"
  foreign_packs {{ tenant: "certification" file: "../foreign/authzen-certification.txtpb" }}
}}
transcryptors {{
  decision_key_file: "decision.pem"
  key_set_file: "../public/key-set.json"
  first_address: "{transcryptors[0]}"
  second_address: "{transcryptors[1]}"
}}
{readers}
"""


def activator_lines(facts):
    """Who may bring a pack into force, as the configuration of a daemon says it."""
    return "\n".join(f'  activators: "{vkey}"' for vkey in facts["activators"])


class Broker(Daemon):
    """Ports come from the kernel at the first start and stay the same after a restart."""

    def __init__(self, state, facts, transcryptors, bundle_readers=()):
        super().__init__(state.sluisd, BROKER_UID, state.broker, READY)
        self.state, self.facts, self.transcryptors, self.readers = state, facts, transcryptors, bundle_readers
        self.ports = dict.fromkeys(PORTS, 0)

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

    @property
    def authzen_url(self):
        return f"https://127.0.0.1:{self.ports['authzen']}"

    def forget(self):
        """Removes database and guard, so that the next start begins a new log."""
        for folder in (self.data, self.state.guard):
            shutil.rmtree(folder, ignore_errors=True)
            layout.make_folder(folder, layout.PRIVATE, BROKER_UID)
        self.output.unlink(missing_ok=True)

    def config_text(self):
        readers = "\n".join(f'bundle_readers {{ organisation: "{desk.oin}" unit: "{desk.unit}" }}' for desk in self.readers)
        return CONFIG.format(identifier=BROKER_ID, activators=activator_lines(self.facts), officers=self.facts["officers"],
                             origin=LOG_ORIGIN, operator=BROKER_OIN,
                             operator_port=self.ports["operator"], readers=readers,
                             transcryptors=[one.address for one in self.transcryptors],
                             **{name: self.ports[name] for name in ("partners", "public", "bundles", "authzen")})

    def is_ready(self, ready):
        self.ports = {name: int(port) for name, port in zip(PORTS, ready.groups())}

    def wait_until_published(self, size):
        """Returns when the public checkpoint covers so many entries; it is signed anew every second."""
        end = time.monotonic() + PUBLISHED_WITHIN
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.log_url}/checkpoint", timeout=PUBLISHED_WITHIN) as answer:
                    if int(answer.read().splitlines()[1]) >= size:
                        return
            except OSError:
                pass  # it is just being started
            time.sleep(0.05)
        raise Failure(f"the log published no checkpoint of {size} entries within {PUBLISHED_WITHIN} seconds")
