"""deploy/first-day, typed as it stands: each page is executed from top to bottom by its person, in the region after the story.

What a page cannot say in words stands in its comments, one directive each, before the command that it is about:

  staff WHO              from here on this person types
  keep NAME PATH         NAME stands for this member of the answer from here on
  says TEXT              what the command prints holds TEXT; a NAME stands for its value
  code N                 the exit code is N instead of 0
  input CAST             what the person types unseen: a member of the story's cast
  meanwhile STEP [X=NAME]  a step of the story happens; X is an exchange that the page calls NAME
  file NAME receipt      NAME is a receipt of OOV's, handed over; changed-receipt: with one byte changed
"""
import json
import os
import re
import shutil
import subprocess
import sys
import unittest

import whole
from stage import layout
from tale import main_job

PAGES = whole.SOURCE / "deploy" / "first-day"
AS = whole.SOURCE / "deploy" / "demo" / "as"
DIRECTIVE = re.compile(r"<!-- first-day: (\w+) (.+?) -->")
COMMAND = re.compile(r"^\$ (sluis .+)$")
PATIENCE = 120
NAMES = ("oov-official", "police-analyst", "riec-account-manager", "privacy-officer", "auditor")


def member(document, path):
    """`entries[0].exchange.name` of a JSON document; `rows[kind=x]` is the first of the rows whose kind is x."""
    for name, index, key, value in re.findall(r"(\w+)(?:\[(?:(-?\d+)|(\w+)=([^\]]+))\])?", path):
        document = document[name]
        if index:
            document = document[int(index)]
        elif key:
            document = next(entry for entry in document if entry[key] == value)
    return document


class Reader:
    """One page on its way, with what it has learned."""

    def __init__(self, test, play):
        self.test, self.play, self.stage = test, play, play.stage
        self.staff, self.names = "", {}
        self.steps = {step.name: step for step in main_job.steps()}
        self.typed = 0
        self.clear()

    def clear(self):
        self.keeps, self.says, self.code, self.stdin = [], [], 0, None

    def read(self, text):
        for line in text.splitlines():
            directive, command = DIRECTIVE.fullmatch(line), COMMAND.match(line)
            if directive:
                getattr(self, "do_" + directive[1])(*directive[2].split(" ", 1))
            elif command:
                self.type(command[1])
                self.clear()

    def do_staff(self, who):
        self.staff = who

    def do_keep(self, name, path):
        self.keeps.append((name, path))

    def do_says(self, *text):
        self.says.append(" ".join(text))

    def do_code(self, number):
        self.code = int(number)

    def do_input(self, cast):
        self.stdin = self.play.cast[cast]

    def do_meanwhile(self, step, exchange=None):
        if exchange:
            note, _, name = exchange.partition("=")
            self.play.notes[note] = self.names[name]
        self.play.run([self.steps[step]])

    def do_file(self, name, kind):
        oov = self.stage.state.desk(self.stage.region.desk_of("f-oov"))
        receipt = sorted((oov / "receipts").rglob("*-REQUEST.tlog-proof"))[0].read_bytes()
        if kind == "changed-receipt":
            place = receipt.index(b"\n\n") - 10  # in a hash of the proof
            receipt = receipt[:place] + (b"A" if receipt[place:place + 1] != b"A" else b"B") + receipt[place + 1:]
        target = self.test.handed / f"{kind}.tlog-proof"
        layout.write(target, receipt, 0o644)
        self.names[name] = str(target)

    def named(self, text):
        return re.sub(r"\b[A-Z][A-Z_]+\b", lambda found: self.names.get(found[0], found[0]), text)

    def type(self, command):
        shown = self.named(command)
        words = shown + (" --subject-file -" if self.stdin else "") + (" --output json" if self.keeps else "")
        done = subprocess.run([sys.executable, "-B", str(AS), "--state", whole.ARGUMENTS[0], self.staff, "bash", "-c",
                               words + " --no-input"], input=self.stdin, stdin=None if self.stdin else subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=PATIENCE, check=False,
                              env={**os.environ, "SLUIS_LANG": "en"})
        self.test.assertEqual(done.returncode, self.code, f"{shown}\n{done.stdout}{done.stderr}")
        for text in self.says:
            self.test.assertIn(self.named(text), done.stdout + done.stderr, shown)
        for name, path in self.keeps:
            self.names[name] = member(json.loads(done.stdout), path)
        self.typed += 1


class FirstDayTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = whole.stage()
        cls.play = main_job.new_play(cls.stage)
        cls.play.run(main_job.steps())
        cls.handed = cls.stage.state.public / "handed-over"
        layout.make_folder(cls.handed, layout.PUBLIC)
        cls.addClassCleanup(shutil.rmtree, cls.handed)

    def test_every_page_is_named_in_the_readme(self):
        self.assertEqual(sorted(f"{name}.md" for name in NAMES),
                         sorted(path.name for path in PAGES.glob("*.md") if path.name != "README.md"))
        readme = (PAGES / "README.md").read_text(encoding="utf-8")
        for name in NAMES:
            self.assertIn(f"({name}.md)", readme)

    def test_each_person_has_this_day(self):
        for name in NAMES:
            with self.subTest(name):
                reader = Reader(self, self.play)
                reader.read((PAGES / f"{name}.md").read_text(encoding="utf-8"))
                self.assertGreaterEqual(reader.typed, 3, "a page without commands")

    def test_a_person_who_does_not_exist_has_no_place(self):
        done = subprocess.run([sys.executable, "-B", str(AS), "--state", whole.ARGUMENTS[0], "nobody"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--list", done.stderr)

    def test_a_place_is_the_desk_s_own(self):
        """The auditor may read nothing that belongs to a desk, and a desk nothing of another."""
        for staff, other in (("auditor", "f-oov"), ("f-wethouder", "f-oov")):
            folder = self.stage.state.desk(self.stage.region.desk_of(other))
            done = subprocess.run([sys.executable, "-B", str(AS), "--state", whole.ARGUMENTS[0], staff, "ls", str(folder)],
                                  capture_output=True, text=True, check=False)
            self.assertNotEqual(done.returncode, 0, staff)


if __name__ == "__main__":
    whole.main()
