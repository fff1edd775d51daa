"""What holds for every text file of the repository: length, no notes to self, no path of one machine."""
import pathlib
import re

LINE_CAP = 400
CAPPED = {".cc", ".h", ".py", ".sh", ".cmake", ".proto"}
# Written in parts, so that this file keeps its own rules.
NOTE_TO_SELF = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
MACHINE_PATH = re.compile(r"(?<![\w.}/])/(?:home|root|work|Users)/[\w.]")


def _line_faults(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if NOTE_TO_SELF.search(line):
            yield f"{path}:{number}: a note to self: do it, or file an issue"
        if MACHINE_PATH.search(line):
            yield f"{path}:{number}: a path that exists on one machine only"


def check(root, paths):
    """Lines `file:line: why` for each fault in the text files among `paths`; other files are passed over."""
    faults = []
    for path in paths:
        try:
            text = (pathlib.Path(root) / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        lines = text.count("\n")
        if pathlib.PurePosixPath(path).suffix in CAPPED and lines > LINE_CAP:
            faults.append(f"{path}:{lines}: longer than {LINE_CAP} lines: split it by what it is about")
        faults.extend(_line_faults(path, text))
    return faults
