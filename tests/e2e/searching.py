"""Looking for words in files and in the memory of a process: whole words, whatever stands around them."""
import contextlib
import os
import pathlib
import re
import subprocess
import tempfile

REGION = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (r)\S+ \S+ \S+ \S+\s*(.*)")
PIECE = 1 << 20
PAGE = os.sysconf("SC_PAGE_SIZE")
LARGE = 1 << 30  # of such a region only the pages that exist are read
NOT_MEMORY = ("[vvar]", "[vvar_vclock]", "[vsyscall]")


def found_in(path, needles):
    """Which of the needles occur in the file, as whole words."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as patterns:
        patterns.write("".join(f"{needle}\n" for needle in needles))
        patterns.flush()
        done = subprocess.run(["grep", "-aowFf", patterns.name, str(path)], stdin=subprocess.DEVNULL, capture_output=True,
                              env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}, check=False)
    if done.returncode > 1:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return {line.decode(errors="replace") for line in done.stdout.splitlines()}


def found_below(folder, needles):
    """Per file: what was found, for each file that holds any of them."""
    hits = {}
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if path.is_file():
            found = found_in(path, needles)
            if found:
                hits[str(path)] = sorted(found)
    return hits


@contextlib.contextmanager
def as_owner(pid):
    """Acts as the user of that process: without a capability to trace, only he may read its memory."""
    owner = os.stat(f"/proc/{pid}").st_uid
    if owner != os.geteuid():
        os.setegid(owner)
        os.seteuid(owner)
    try:
        yield
    finally:
        if os.geteuid() != os.getuid():
            os.seteuid(os.getuid())
            os.setegid(os.getgid())


def regions(pid):
    for line in pathlib.Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
        match = REGION.match(line)
        if match and match.group(4) not in NOT_MEMORY:
            yield int(match.group(1), 16), int(match.group(2), 16)


def present(pagemap, begin, end):
    """The parts of a large region that exist, as (begin, end)."""
    start = None
    for first in range(begin, end, 65536 * PAGE):
        count = min(65536, (end - first) // PAGE)
        entries = os.pread(pagemap, count * 8, first // PAGE * 8)
        for page in range(count):
            there = entries[page * 8 + 7] & 0xC0  # in memory or swapped out
            at = first + page * PAGE
            if there and start is None:
                start = at
            elif not there and start is not None:
                yield start, at
                start = None
    if start is not None:
        yield start, end


def dump_memory(pid, out):
    """Everything readable of the process, into the file; returns how many bytes."""
    with as_owner(pid):
        memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
        pagemap = os.open(f"/proc/{pid}/pagemap", os.O_RDONLY)
        parts = list(regions(pid))
    total = 0
    try:
        with open(out, "wb") as file:
            for begin, end in parts:
                for first, last in present(pagemap, begin, end) if end - begin > LARGE else [(begin, end)]:
                    total += _copy(memory, first, last, file)
                file.write(b"\n")  # what ends one region and begins the next is no word
    finally:
        os.close(memory)
        os.close(pagemap)
    return total


def _copy(memory, begin, end, file):
    total = 0
    while begin < end:
        try:
            piece = os.pread(memory, min(PIECE, end - begin), begin)
        except OSError:  # a guard page, or gone meanwhile: go on behind it
            begin = (begin // PAGE + 1) * PAGE
            continue
        if not piece:
            break
        file.write(piece)
        total += len(piece)
        begin += len(piece)
    return total
