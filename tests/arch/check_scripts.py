#!/usr/bin/env python3
"""Runs shellcheck over every bash script: `check_scripts.py SHELLCHECK ROOT`. Programs must also be strict."""
import pathlib
import subprocess
import sys

import check_sources

STRICT = "set -euo pipefail"


def scripts_of(root):
    for path in check_sources.files_of(root):
        with open(root / path, "rb") as file:
            program = file.readline().rstrip() == b"#!/usr/bin/env bash"
        if program or path.endswith(".sh"):
            yield path, program


def main(shellcheck, root):
    scripts = list(scripts_of(root))
    if not scripts:
        print(f"no scripts under {root}", file=sys.stderr)
        return 2
    lax = [path for path, program in scripts if program and STRICT not in (root / path).read_text(encoding="utf-8")]
    for path in lax:
        print(f"{path}: a program starts with `{STRICT}`")
    # -x: follow `source`, so that a sourced function counts as known.
    checked = subprocess.run([shellcheck, "-x", "-P", "SCRIPTDIR", *(path for path, _ in scripts)], cwd=root, check=False)
    print(f"{len(scripts)} scripts")
    return 1 if lax or checked.returncode else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: check_scripts.py SHELLCHECK ROOT")
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2]).resolve()))
