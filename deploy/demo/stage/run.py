"""Running a program, also as another numeric user, with nothing of our own surroundings but a path."""
import os
import subprocess

from stage.failure import Failure

SURROUNDINGS = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
PATIENCE = 60  # seconds after which a command counts as hanging


def as_user(uid, command, *options):
    """The command line that runs `command` with this uid and gid, no other group and no capability."""
    return ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--inh-caps=-all", "--no-new-privs",
            *options, *map(str, command)]


def run(command, stdin=None, cwd=None):
    """Runs to the end; returns the finished process, whatever its code."""
    try:
        return subprocess.run([str(word) for word in command], input=stdin, stdin=None if stdin else subprocess.DEVNULL,
                              capture_output=True, text=True, env=SURROUNDINGS, timeout=PATIENCE, cwd=cwd, check=False)
    except FileNotFoundError as missing:
        raise Failure(f"{missing.filename} is not there. deploy/setup installs what is needed.") from missing
    except subprocess.TimeoutExpired as hanging:
        raise Failure(f"{command[0]} did not end within {PATIENCE} seconds") from hanging


def must(command, stdin=None, cwd=None):
    """As run; a code other than 0 is a Failure that shows what the program said."""
    done = run(command, stdin, cwd)
    if done.returncode != 0:
        words = " ".join(map(str, command))
        raise Failure(f"this failed with code {done.returncode}: {words}\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


def is_root():
    return os.geteuid() == 0
