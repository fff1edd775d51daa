#!/usr/bin/env python3
"""Checks the sources of a repository: `check_sources.py ROOT`. Exit 1 with one line per fault, 2 if it cannot check."""
import os
import pathlib
import sys

import include_rules
import text_rules

SKIPPED = {".git", "build", "third_party", "__pycache__"}
CPP = {".cc", ".h"}


def files_of(root):
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = sorted(name for name in subfolders if name not in SKIPPED)
        for name in sorted(names):
            path = pathlib.Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(root).as_posix()


def main(root):
    files = [path for path in files_of(root) if path != ".git"]
    sources = [path for path in files if pathlib.PurePosixPath(path).suffix in CPP]
    if not sources:
        print(f"no C++ sources under {root}: is this the root of the repository?", file=sys.stderr)
        return 2
    try:
        table = include_rules.Table((root / "tests/arch/allowed_edges.txt").read_text(encoding="utf-8"))
    except (OSError, include_rules.TableError) as error:
        print(f"tests/arch/allowed_edges.txt: {error}", file=sys.stderr)
        return 2
    faults = include_rules.check(table, root, sources) + text_rules.check(root, files)
    for fault in faults:
        print(fault)
    print(f"{len(sources)} sources, {len(files)} files, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: check_sources.py ROOT")
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
