"""deploy/demo/play.py, the part of deploy/quickstart behind the build: twice in a row, with --serve, and refusals."""
import os
import pathlib
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


def brokers():
    """Running brokers of our state folder, by pid."""
    running = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[0].endswith(b"/bin/sluisd") and str(STATE.resolve()).encode() in words[0]:
                running.append(int(entry.name))
    return running


class QuickstartTest(unittest.TestCase):
    def test_two_in_a_row(self):
        for _ in range(2):
            done = subprocess.run(command(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE,
                                  check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("In short", done.stdout)
            self.assertEqual(brokers(), [])
        self.assertIn("In short", (STATE / "account.txt").read_text(encoding="utf-8"))

    def test_serve_keeps_running_until_interrupted_and_ends_clean(self):
        with subprocess.Popen(command("--serve"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True) as process:
            log = self.log_address(process)
            with urllib.request.urlopen(log, timeout=10) as answer:
                self.assertTrue(answer.read().startswith(b"log.kustlanden.example/2026\n"))
            second = subprocess.run(command(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE,
                                    check=False)
            self.assertEqual(second.returncode, 1)
            self.assertIn("another run works in", second.stderr)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=PATIENCE)
            self.assertEqual(process.returncode, 0)
        self.assertEqual(brokers(), [])

    def log_address(self, process):
        for line in process.stdout:
            words = line.split()
            if words[:1] == ["log"]:
                return words[1]
        raise AssertionError(process.stderr.read())

    def test_a_broker_that_cannot_start_is_said_and_nothing_stays_behind(self):
        with tempfile.TemporaryDirectory() as empty:
            done = subprocess.run([*command()[:-1], empty], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("is not built yet. deploy/quickstart builds it.", done.stderr)

    def test_not_as_root_is_refused_with_what_to_do(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder)
            os.chmod(copy, 0o755)
            code = (f"import os, sys; os.setgid(61990); os.setuid(61990); sys.path.insert(0, {str(PLAY.parent)!r}); "
                    f"from stage import layout; layout.Layout({folder!r})")
            done = subprocess.run([sys.executable, "-B", "-c", code], stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=PATIENCE, check=False)
        self.assertNotEqual(done.returncode, 0)

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
