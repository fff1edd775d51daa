"""The main job: all chapters in order. A later chapter is one more entry here."""
from stage import registers
from tale import asking, auditing, others, recalling, walls
from tale.play import Play

CHAPTERS = [
    ("Asking and answering", asking.STEPS),
    ("Sealed means sealed", walls.BEFORE_OPENING + asking.OPENING + walls.AFTER_OPENING),
    ("Not everybody, and not on any ground", others.STEPS),
    ("A mistake is taken back", recalling.STEPS),
    ("Accounting for it", auditing.STEPS),
]
# Scenarios of story.jsonl that need no pseudonym, no inquiry and no weighing table.
SCENARIOS = ["STORY-002", "STORY-006", *(f"STORY-{number:03}" for number in (*range(19, 24), 25, 26, 27))]


def steps():
    return [step for _, chapter in CHAPTERS for step in chapter]


def new_play(stage, **options):
    play = Play(stage, **options)
    play.cast = registers.manifest(stage.state)["story"]
    return play
