"""deploy/demo/play.py, the part of deploy/quickstart behind the build: twice in a row, with --serve, and refusals."""
import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request

import whole
from stage import layout

PLAY = whole.SOURCE / "deploy" / "demo" / "play.py"
STATE = pathlib.Path(whole.ARGUMENTS[0])
PATIENCE = 120


def command(*options, state=STATE):
    return [sys.executable, "-B", str(PLAY), "--state", str(state), "--binaries", whole.ARGUMENTS[1], *options]


def daemons():
    """Running brokers and transcryptors of our state folder, by pid."""
    running = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[0].endswith((b"/bin/sluisd", b"/bin/sluis-transcryptor")) and str(STATE.resolve()).encode() in words[0]:
                running.append(int(entry.name))
    return running


class QuickstartTest(unittest.TestCase):
    def serving(self):
        """A run with --serve, told to its end: the process, and the address of the log."""
        process = subprocess.Popen(command("--serve"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.split()[:1] == ["log"]:
                self.assertIn("In short\n", lines)
                return process, line.split()[1]
        raise AssertionError(process.stderr.read())

    def end(self, process, number):
        process.send_signal(number)
        process.communicate(timeout=PATIENCE)
        return process.returncode

    def test_two_in_a_row_one_interrupted_and_one_killed(self):
        process, log = self.serving()
        with urllib.request.urlopen(log, timeout=10) as answer:
            self.assertTrue(answer.read().startswith(b"log.kustlanden.example/2026\n"))
        meanwhile = subprocess.run(command(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE,
                                   check=False)
        self.assertEqual(meanwhile.returncode, 1)
        self.assertIn("another run works in", meanwhile.stderr)
        self.assertEqual(self.end(process, signal.SIGINT), 0)
        self.assertEqual(daemons(), [])
        self.assertIn("In short", (STATE / "account.txt").read_text(encoding="utf-8"))

        process, _ = self.serving()
        left = [os.pidfd_open(pid) for pid in daemons()]
        self.assertEqual(len(left), 3)
        self.assertEqual(self.end(process, signal.SIGKILL), -signal.SIGKILL)
        for one in left:
            self.addCleanup(os.close, one)
            self.assertTrue(select.select([one], [], [], PATIENCE)[0], "a process outlives the run")
        self.assertEqual(daemons(), [])

    def test_what_is_built_is_not_built_again(self):
        build = pathlib.Path(whole.ARGUMENTS[1]).parent
        done = subprocess.run(["ninja", "-C", str(build), "sluisd", "sluis", "sluis-transcryptor"], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=PATIENCE, check=False)
        self.assertEqual(done.stdout.splitlines()[-1:], ["ninja: no work to do."], done.stdout[-2000:])

    def test_what_is_not_built_is_said_with_what_to_do(self):
        with tempfile.TemporaryDirectory() as empty:
            done = subprocess.run([*command()[:-1], empty], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("is not built yet. deploy/quickstart builds it.", done.stderr)

    def test_not_as_root_is_refused_with_what_to_do(self):
        with tempfile.TemporaryDirectory() as folder:
            code = (f"import os, sys; sys.path.insert(0, {str(PLAY.parent)!r}); from stage import layout; "
                    f"os.setgid(60990); os.setuid(60990); layout.Layout({folder!r})")
            done = subprocess.run([sys.executable, "-B", "-c", code], stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("run this as root", done.stderr)

    def test_state_below_a_closed_folder_is_placed_where_every_user_can_reach_it(self):
        with tempfile.TemporaryDirectory() as closed:
            wanted = pathlib.Path(closed) / "build" / "quickstart"
            placed = layout.place(wanted)
            self.addCleanup(placed.rmdir)
            self.assertTrue(wanted.is_symlink())
            self.assertEqual(wanted.resolve(), placed)
            self.assertIsNone(layout.blocked_parent(placed))
            self.assertEqual(layout.place(wanted), placed)


if __name__ == "__main__":
    whole.main()
