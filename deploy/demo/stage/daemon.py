"""A process that serves: its start until it says ready, its end by request or as by a power cut."""
import os
import selectors
import signal
import subprocess
import time

from stage import layout, run
from stage.failure import Failure

READY_WITHIN = 30  # seconds
STOPS_WITHIN = 15


class Daemon:
    """One at a time. What it needs to know stands in its configuration, written anew before each start."""

    def __init__(self, program, uid, folder, ready):
        self.program, self.uid, self.folder, self.ready = program, uid, folder, ready
        self.process = None

    @property
    def config(self):
        return self.folder / f"{self.program.name}.txtpb"

    @property
    def output(self):
        return self.folder / f"{self.program.name}.log"

    def config_text(self):
        raise NotImplementedError

    def is_ready(self, ready):
        """Told what it said: the match of `ready`."""

    def start(self):
        """Returns when it is ready."""
        self.launch()
        self.wait_until_ready()

    def launch(self):
        layout.write(self.config, self.config_text(), 0o600, self.uid)
        with open(self.output, "ab") as log:
            layout.own(self.output, 0o600, self.uid)
            self.process = subprocess.Popen(
                run.as_user(self.uid, [self.program, "--config", self.config], "--pdeathsig=TERM"), stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=log, env=run.SURROUNDINGS, cwd=self.folder)

    def wait_until_ready(self):
        """Returns when it said so; a Failure shows what it said instead."""
        ready = self.ready.fullmatch(self._first_line())
        if ready is None:
            code = self.stop()
            raise Failure(f"{self.program.name} ended with code {code} before it was ready:\n{self.last_words()}")
        self.is_ready(ready)

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
        if not self.output.exists():
            return ""
        return "\n".join(self.output.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])

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

    def restart(self):
        self.stop()
        self.start()

    def _gone(self):
        code = self.process.wait()
        self.process.stdout.close()
        self.process = None
        return code
