"""The main job: all chapters in order. A later chapter is one more entry here."""
from stage import registers
from tale import asking, auditing, casus, others, recalling, signals, walls
from tale.play import Play

CHAPTERS = [
    ("A signal without a name", signals.STEPS),
    ("From signal to case", casus.STEPS),
    ("Asking and answering", asking.STEPS),
    ("Sealed means sealed", walls.BEFORE_OPENING + asking.OPENING + walls.AFTER_OPENING),
    ("Not everybody, and not on any ground", others.STEPS),
    ("A mistake is taken back", recalling.STEPS),
    ("Accounting for it", auditing.STEPS),
]
# Scenarios of story.jsonl that need no recorded hit: those of hit/no-hit (7 to 12), and what follows in a case once
# a hit is on record (15 to 18, 24).
SCENARIOS = [f"STORY-{number:03}" for number in (*range(1, 7), 13, 14, *range(19, 24), 25, 26, 27)]


def steps():
    return [step for _, chapter in CHAPTERS for step in chapter]


def new_play(stage, **options):
    play = Play(stage, **options)
    play.cast = registers.manifest(stage.state)["story"]
    return play
