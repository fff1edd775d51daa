"""What a reader gets: each step as it happens, and the whole as a file."""
import textwrap

from tale import page

WIDTH = 100


def of_step(told, number):
    lines = [f"{number}. {told.says}" if number else told.says]
    if told.desk:
        lines.append(f"   {told.desk}")
    if told.command:
        lines.append("   $ " + told.command)
    for line in told.lines:
        for piece in line.splitlines():
            lines += textwrap.wrap(piece, WIDTH, initial_indent="     ", subsequent_indent="     ",
                                   break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines) + "\n"


def of_play(play, chapters, seconds):
    """The whole account."""
    told = {entry.step: entry for entry in play.told}
    text, number = ["Sluis: the main job, played through the real processes in the demo region Kustlanden.",
                    "Nobody in it exists. Every line with $ was typed with --profile desks/ORG/UNIT/people/STAFF, under the",
                    "user number of that desk; numbers of people went in over standard input.", ""], 0
    for title, steps in chapters:
        text += [title, "=" * len(title), ""]
        for step in steps:
            number += 1
            text.append(of_step(told[step.name], number))
    return "\n".join(text + [summary(play, seconds)])


def summary(play, seconds):
    state = play.stage.state
    desks = {entry.desk.partition(" (")[0] for entry in play.told if entry.desk}
    lines = ["On one page", "===========", "", *page.of_play(play), "", "In short", "========", "",
             f"{len(play.told)} steps by {len(desks)} desks, each under a user number of its own, in {seconds:.1f} s.",
             f"{len(play.agreed)} decisions equal to those of the given scenarios: {', '.join(play.agreed)}.",
             f"The log has {play.notes['log-size']} entries, recomputed from outside by two officers.", "",
             f"Look in {state.asked}:",
             "  account.txt          this text",
             "  desks/ORG/UNIT/      one desk each: party.txtpb, keys, people/, registers/, receipts/, answers/",
             "  desks/waterveen/oov/receipts/  proofs that each act was logged",
             "  broker/data/         all that the broker stored; none of the names and numbers above is in it",
             "  log-copy in desks/politie/fg/  the log as the officer of the police read it"]
    return "\n".join(lines) + "\n"
