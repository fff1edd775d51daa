"""Reads the includes of C++ sources against the table of allowed edges (allowed_edges.txt)."""
import pathlib
import re

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")')
STANDARD = re.compile(r"^[a-z_0-9]+$")
ALWAYS = {"absl", "posix"}
TEST_ROOT = "tests"


class TableError(Exception):
    pass


class Table:
    """The externals by name, and for each folder or file what it may include."""

    def __init__(self, text):
        self.externals, self.edges = {}, {}
        for number, line in enumerate(text.splitlines(), 1):
            line = line.split("#", 1)[0].strip()
            if line:
                self._add(number, line)
        self._check_names()
        self._check_circles()

    def _add(self, number, line):
        key, colon, names = line.partition(":")
        external = key.startswith("external ")
        target = self.externals if external else self.edges
        key = key.removeprefix("external ").strip()
        if not colon or not key or key in target:
            raise TableError(f"line {number}: not `NAME: NAMES`, or {key!r} stands there twice")
        target[key] = names.split()

    def _check_names(self):
        for folder, names in self.edges.items():
            for name in names:
                if name not in self.edges and name not in self.externals:
                    raise TableError(f"{folder}: {name!r} is neither a folder nor an external")

    def _check_circles(self):
        done = set()

        def visit(folder, path):
            if folder in path:
                raise TableError("circle: " + " -> ".join([*path, folder]))
            if folder in done or folder not in self.edges:
                return
            for name in self.edges[folder]:
                visit(name, [*path, folder])
            done.add(folder)

        for folder in self.edges:
            visit(folder, [])

    def room_of(self, path):
        """The line of the table that covers `path`, or None."""
        if path in self.edges:
            return path
        rooms = [room for room in self.edges if path.startswith(room + "/")]
        return max(rooms, key=len, default=None)

    def externals_of(self, header):
        """The externals that a header belongs to; a generated grpc.pb.h belongs to one and has a room too."""
        return [name for name, patterns in self.externals.items()
                if any(_matches(header, pattern) for pattern in patterns)]


def _matches(header, pattern):
    if pattern.startswith("*"):
        return header.endswith(pattern[1:])
    if pattern.endswith("/"):
        return header.startswith(pattern)
    return header == pattern


def _source_path(header):
    """Generated headers count as the proto that they are made from."""
    if header.endswith(".pb.h") and not header.startswith("google/protobuf/"):
        return "proto/" + header
    return header


def includes_of(text):
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1) or match.group(2)


def violation(table, source, header):
    """Why `source` may not include `header`, or None."""
    if source.startswith(TEST_ROOT + "/"):
        return _relative(header)
    room = table.room_of(source)
    if room is None:
        return "this folder has no line in the table"
    return (_relative(header) or _testonly(source, header) or _internal(source, header)
            or _edge(table, room, source, header))


def _relative(header):
    if header.startswith(".") or "/../" in header:
        return "includes are written from the root of the repository"
    return None


def _testonly(source, header):
    if not header.endswith("_testonly.h") or source.endswith("_testonly.h"):
        return None
    if source == header.removesuffix("_testonly.h") + ".cc":
        return None
    return "only tests may include a _testonly.h"


def _internal(source, header):
    owner, internal, _ = header.rpartition("/internal/")
    if internal and not source.startswith(owner + "/"):
        return f"internal to {owner}"
    return None


def _edge(table, room, source, header):
    externals = table.externals_of(header)
    target = table.room_of(_source_path(header))
    if header.startswith(TEST_ROOT + "/"):
        return "nothing outside tests/ includes tests/"
    if target is None and not externals:
        return None if STANDARD.match(header) else "no line of the table covers this header"
    allowed = ALWAYS | set(table.edges[room]) | {room, table.room_of(source.rsplit("/", 1)[0] + "/x")}
    missing = [name for name in [*externals, *([target] if target else [])] if name not in allowed]
    return f"{room} may not include {', '.join(missing)}" if missing else None


def own_header_fault(source, text, headers):
    """A source file includes its own header before all else: so the header is seen to stand alone."""
    own = source.removesuffix(".cc") + ".h"
    if source.startswith(TEST_ROOT + "/") or not source.endswith(".cc") or own not in headers:
        return None
    number, first = next(includes_of(text), (1, None))
    return None if first == own else f"{source}:{number}: {own}: the own header comes before all other includes"


def check(table, root, sources):
    """Lines `file:line: header: why` for each include that the table does not allow, or that is out of place."""
    faults = []
    headers = {source for source in sources if source.endswith(".h")}
    for source in sources:
        text = (pathlib.Path(root) / source).read_text(encoding="utf-8")
        faults += filter(None, [own_header_fault(source, text, headers)])
        for number, header in includes_of(text):
            why = violation(table, source, header)
            if why:
                faults.append(f"{source}:{number}: {header}: {why}")
    return faults
