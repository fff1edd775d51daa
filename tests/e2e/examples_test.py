"""The examples of the help, typed as they stand against the real broker: a command that is shown must be one that works.
Only names that a run makes by itself (exchanges, cases, files) are put in place of those in the text."""
import json
import re
import shlex
import unittest

import whole
from stage import agreements, command, layout, registers, run
from tale import asking, casus, hits, main_job, signals

EXCHANGE = re.compile(r"partners/\d{20}/units/[a-z-]+/exchanges/[0-9a-f]{32}")
CASE = re.compile(r"cases/[0-9a-f]{32}")
ID = re.compile(r"[0-9a-f]{32}")
PSEUDONYM = re.compile(r"P-[0-9A-Z]{4}-[0-9A-Z]{4}")
VALUES = {"regime": "wpg-8", "subject_category": "verdachte",
          "values": {"p-naam": {"form": "exact", "value": "x"}}}
# Who types it, and how it may end beside OK: DENIED is the rules' word about this region, not about the command.
COMMANDS = {
    "options list": ("f-oov", ()), "directory refresh": ("f-oov", ()), "party status": ("f-oov", ()),
    "party resume": ("f-oov", (command.NOT_FOUND,)), "arrangement register": ("f-oov", ()),
    "arrangement list": ("f-oov", ()), "case create": ("f-oov", ()), "case show": ("f-oov", ()),
    "case list": ("f-oov", ()), "case advance": ("f-oov", ()), "case close": ("f-oov", ()),
    "request create": ("f-oov", (command.DENIED,)), "disclose create": ("pol-014", (command.DENIED,)),
    "recall create": ("pol-014", ()), "exchange show": ("f-oov", ()), "exchange list": ("f-oov", ()),
    "exchange approve": ("f-oov-teamleider", ("EXCHANGE_CLOSED",)), "exchange answer": ("pol-014", ()),
    "exchange refuse": ("pol-014", ()), "exchange withdraw": ("f-oov", ()), "exchange open": ("f-oov", ()),
    "exchange destroy": ("f-oov", ()), "inbox list": ("f-oov", ()), "receipt list": ("f-oov", ()),
    "record list": ("f-privacy", (command.DENIED,)),
}
# Those about pseudonyms are typed where the story's signal was promoted to a case: who types them.
OF_PSEUDONYMS = {
    "session open": asking.OOV, "session list": asking.OOV, "session revoke": asking.OOV, "pseudonym list": signals.RIEC,
    "pseudonym find": signals.SUPERVISOR, "promote create": signals.RIEC, "disclose create": asking.OOV,
    "exchange answer": signals.RIEC, "domain shred": signals.RIEC,
}
# Those about yes or no from a register: who types them, and how else they may end.
OF_HITS = {
    "index show": (hits.POLICE, ()), "index enrol": (hits.POLICE, ()), "exchange inquire": (signals.RIEC, (command.DENIED,)),
    "exchange send": (signals.RIEC, ("EXCHANGE_CLOSED",)), "exchange answer": (hits.POLICE, ()),
    "exchange record-hit": (signals.RIEC, ("FIELD_INVALID",)), "request create": (signals.RIEC, ()), "index drop": (hits.POLICE, ()),
}
WATCHES = "inbox watch"  # never ends by itself; crash_test lets it watch
# Up to which step of the story the exchange must be.
REACHED = {"exchange open": ("police-answer",), "exchange destroy": ("police-answer", "police-open"),
           "recall create": ("police-answer",)}


class ExamplesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = whole.stage()
        cls.steps = {step.name: step for step in main_job.steps()}
        cls.online = [name for name in cls.commands() if name in {**COMMANDS, **OF_PSEUDONYMS, **OF_HITS} or name == WATCHES
                      or name.split()[0] in ("index", "exchange")]

    @classmethod
    def sluis(cls, *words):
        return run.run([cls.stage.state.sluis, *words])

    @classmethod
    def commands(cls):
        """Every noun with its verbs, as the help lists them."""
        nouns = re.findall(r"^  ([a-z]+)  +\S", cls.sluis("--help", "--lang", "en").stdout, re.MULTILINE)
        for noun in nouns:
            text = cls.sluis(noun, "--help", "--lang", "en").stdout
            for verb in dict.fromkeys(re.findall(rf"^  sluis {noun} ([a-z-]+)", text, re.MULTILINE)):
                yield f"{noun} {verb}"

    def examples(self, name):
        text = self.sluis(*name.split(), "--help", "--lang", "en").stdout
        return re.findall(r"^  sluis (.+)$", text.partition("\n\n")[0], re.MULTILINE)

    def prepared(self, name):
        play = main_job.new_play(self.stage)
        play.run([self.steps[step] for step in ("ask-police", *REACHED.get(name, ()))])
        return play

    def put_in_place(self, words, play, staff):
        """The words of an example with what this run made in the place of what it cannot know."""
        home = self.stage.state.desk(self.stage.region.desk_of(staff))
        mapping = registers.mapping_of(self.stage.state, self.stage.region.desks["politie/informatie"], "politie-informatie")
        files = {"politie.txtpb": mapping, "values.json": home / "values.json", "convenant.json": home / "convenant.json"}
        return [files.get(word) or CASE.sub(play.notes["police-case"], EXCHANGE.sub(play.notes["police"], word))
                for word in words]

    def write_files(self, staff):
        desk = self.stage.region.desk_of(staff)
        home = self.stage.state.desk(desk)
        layout.write(home / "values.json", json.dumps(VALUES), 0o600, desk.uid)
        paper = self.stage.state.officers / "convenant.json"
        terms = dict(next(entry for entry in self.stage.region.document["arrangements"] if entry["fact"] == "convenant"))
        terms["arrangement"] = "convenant-examples"
        agreements.draft(self.stage.state, self.stage.region, terms, paper)
        for party in terms["parties"]:
            agreements.sign(self.stage.state, self.stage.region.desk(party["organisation"], party["unit"]), paper,
                            terms["arrangement"])
        layout.write(home / "convenant.json", paper.read_bytes(), 0o600, desk.uid)

    def test_the_help_lists_every_command_that_this_test_knows(self):
        self.assertEqual(sorted(self.online), sorted({*COMMANDS, *OF_PSEUDONYMS, *OF_HITS, WATCHES}))

    def test_every_example_of_a_command_that_asks_the_broker_works(self):
        self.write_files("f-oov")
        self.write_files("pol-014")
        for name, (staff, also) in COMMANDS.items():
            examples = [example for example in self.examples(name)
                        if not self.is_of_pseudonyms(name, example) and not self.is_of_hits(name, example)]
            self.assertTrue(examples, name)
            for example in examples:
                with self.subTest(example):
                    said = self.type(name, example, staff)
                    self.assertTrue(said.code in (command.OK, *also) or said.reason in also,
                                    f"{said.code} {said.reason}\n{said.out}{said.err}")

    @staticmethod
    def is_of_hits(name, example):
        return name in OF_HITS and (name not in COMMANDS or "--reject" in example or "--from-domain" in example)

    @classmethod
    def is_of_pseudonyms(cls, name, example):
        return not cls.is_of_hits(name, example) and (name not in COMMANDS or "--from-domain" in example
                                                      or "--pseudonym" in example)

    def begin_anew(self):
        """A fresh log and weighing table, for who counts what is on it."""
        self.stage.broker.stop()
        self.stage.pair.stop()
        self.stage.open()

    def test_every_example_about_hits_works(self):
        self.addCleanup(self.begin_anew)
        play = main_job.new_play(self.stage)
        last = next(i for i, step in enumerate(casus.STEPS) if step.name == "second-inquiry-politie-informatie-inbox")
        play.run(signals.STEPS + casus.STEPS[:last + 1])
        layout.write(self.stage.state.desk(self.stage.region.desk_of(signals.RIEC)) / "numbers.txt",
                     play.cast["company_kvk"] + "\n", 0o600, self.stage.region.desk_of(signals.RIEC).uid)
        for name, (staff, also) in OF_HITS.items():
            examples = [example for example in self.examples(name) if self.is_of_hits(name, example)]
            self.assertTrue(examples, name)
            for example in examples:
                with self.subTest(example):
                    said = self.type_of_hits(play, name, example, staff)
                    self.assertTrue(said.code in (command.OK, *also) or said.reason in also,
                                    f"{said.code} {said.reason}\n{said.out}{said.err}")

    def type_of_hits(self, play, name, example, staff):
        notes = play.notes
        asked = notes["second-inquiry-politie-informatie" if name == "exchange answer" else "inquiry-om-parket"]
        case = notes["casus-case" if name == "request create" else "second-casus-case"]
        known = ("promotion-pseudonym", case.rpartition("/")[2]) if name == "request create" else (
            "report-pseudonym", notes["report-domain"])
        mapping = hits.mapping(play, hits.OWNERS[0])
        words = []
        for word in shlex.split(example):
            word = CASE.sub(case, EXCHANGE.sub(asked, word))
            words.append(known[1] if ID.fullmatch(word) else PSEUDONYM.sub(notes[known[0]], word))
        words = [str(mapping) if word == "politie.txtpb" else word for word in words]
        if name == "exchange answer" and "--yes" not in words:
            words.append("--yes")
        return self.stage.sluis.type(staff, *words, form=None if "--output" in words else "json")

    def test_every_example_about_pseudonyms_works(self):
        play = main_job.new_play(self.stage)
        last = next(i for i, step in enumerate(casus.STEPS) if step.name == "promotion-move")
        play.run(signals.STEPS + casus.STEPS[:last])
        for name, staff in OF_PSEUDONYMS.items():
            examples = [example for example in self.examples(name) if self.is_of_pseudonyms(name, example)]
            self.assertTrue(examples, name)
            for example in examples:
                with self.subTest(example):
                    said = self.type_of_pseudonyms(play, name, example, staff)
                    self.assertEqual(said.code, command.OK, f"{said.reason}\n{said.out}{said.err}")

    def type_of_pseudonyms(self, play, name, example, staff):
        domain = play.notes["signal-domain" if staff == asking.OOV else "report-domain"]
        if name == "session revoke":
            domain = self.stage.sluis.type(staff, "session", "list").json["sessions"][0]["session"]
        words, stdin = [], None
        for word in shlex.split(example):
            word = CASE.sub(play.notes["casus-case"], EXCHANGE.sub(play.notes["promotion"], word))
            words.append(domain if ID.fullmatch(word) else PSEUDONYM.sub(play.notes["report-pseudonym"], word))
        if name == "exchange answer":
            words.append("--yes")
        if name == "pseudonym find":
            stdin = play.cast["company_kvk" if "kvk" in words else "subject_bsn"]
            words += [] if "--subject-file" in words else ["--subject-file", "-"]
        return self.stage.sluis.type(staff, *words, form=None if "--output" in words else "json", stdin=stdin)

    def type(self, name, example, staff):
        play = self.prepared(name)
        words = self.put_in_place(shlex.split(example), play, staff)
        stdin = None
        if name == "request create" and "--try" not in words:  # a person types the number unseen
            words += ["--subject-file", "-"]
            stdin = play.cast["subject_bsn"]
        if name == "exchange answer" and "--yes" not in words:
            words.append("--yes")
        form = None if "--output" in words else "json"
        return self.stage.sluis.type(staff, *words, form=form, stdin=stdin)


if __name__ == "__main__":
    whole.main()
