"""The main job: all chapters in order. A later chapter is one more entry here."""
from stage import registers
from tale import asking, auditing, casus, contributions, others, recalling, signals, walls
from tale.play import Play

CHAPTERS = [
    ("A signal without a name", signals.STEPS),
    ("Yes or no, and from signal to case", casus.STEPS),
    ("What the partners add", contributions.STEPS),
    ("Asking and answering", asking.STEPS),
    ("Sealed means sealed", walls.BEFORE_OPENING + asking.OPENING + walls.AFTER_OPENING),
    ("Not everybody, and not on any ground", others.STEPS),
    ("A mistake is taken back", recalling.STEPS),
    ("Accounting for it", auditing.STEPS),
]
# All of story.jsonl.
SCENARIOS = [f"STORY-{number:03}" for number in range(1, 28)]


def steps():
    return [step for _, chapter in CHAPTERS for step in chapter]


def new_play(stage, **options):
    play = Play(stage, **options)
    play.cast = registers.manifest(stage.state)["story"]
    return play
