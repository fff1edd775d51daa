"""Where everything lies. The state of a run is one folder:

bin/ policy/          the programs, and the source of the rules, copied, so that a build does not pull it from under them
public/               what everybody may read: signed rules, directory, certificate authority, revocation lists, log key
pki/ officers/        keys of the authority, of the directory's officers and of who sign the rules; root alone
broker/ guard/        the broker's configuration, keys, database and output, and its rollback guard
transcryptors/N/      one operator each: configuration, ceremony/ with sealed secrets, data/, its copies of directory and signed rules
wrapping/N/           the key that those secrets are wrapped under; of a real operator on another volume
desks/ORG/UNIT/       one party each: party.txtpb, keys, people/STAFF/, registers/, receipts/, answers/
log-copy/ account.txt what the run leaves to look at
"""
import hashlib
import os
import pathlib
import shutil

from stage import run
from stage.failure import Failure
from stage.region import BROKER_UID, OPERATORS

SOURCE = pathlib.Path(__file__).resolve().parents[3]
PUBLIC, PRIVATE = 0o755, 0o700


def blocked_parent(path):
    """The first folder on the way to `path` that other users may not pass, or None."""
    folders = [*reversed(path.parents), path]
    for folder in folders:
        if folder.exists() and not folder.stat().st_mode & 0o001:
            return folder
    return None


def place(wanted):
    """The folder `wanted`, or one elsewhere with `wanted` as a link to it, if other users could not reach it."""
    if blocked_parent(wanted.parent.resolve()) is None:
        if wanted.is_symlink():
            wanted.unlink()
        return wanted
    mark = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    elsewhere = pathlib.Path("/var/tmp") / f"sluis-{wanted.name}-{mark}"
    if elsewhere.is_symlink() or (elsewhere.exists() and elsewhere.stat().st_uid != os.geteuid()):
        raise Failure(f"{elsewhere} belongs to somebody else; remove it, or move this checkout to a folder that other "
                      f"users may pass (chmod o+x on {blocked_parent(wanted.parent.resolve())})")
    elsewhere.mkdir(exist_ok=True)
    if wanted.is_dir() and not wanted.is_symlink():
        shutil.rmtree(wanted)
    if not wanted.is_symlink() or wanted.readlink() != elsewhere:
        wanted.unlink(missing_ok=True)
        wanted.parent.mkdir(parents=True, exist_ok=True)
        wanted.symlink_to(elsewhere)
    return elsewhere


class Layout:
    def __init__(self, root, binaries=SOURCE / "build" / "release" / "bin"):
        if not run.is_root():
            raise Failure("run this as root: every party gets a user number of its own, so that the kernel keeps them "
                          "apart. Nothing is added to the machine.")
        self.binaries = pathlib.Path(binaries)
        root = pathlib.Path(root).absolute()
        self.asked = root
        self.root = place(root)
        self.bin, self.policy, self.public = self.root / "bin", self.root / "policy", self.root / "public"
        self.foreign = self.root / "foreign"
        self.pki, self.officers = self.root / "pki", self.root / "officers"
        self.broker, self.guard, self.desks = self.root / "broker", self.root / "guard", self.root / "desks"
        self.registers = self.root / "registers"
        self.transcryptors, self.wrappings = self.root / "transcryptors", self.root / "wrapping"
        make_folder(self.root, PUBLIC)

    @property
    def sluis(self):
        return self.bin / "sluis"

    @property
    def sluisd(self):
        return self.bin / "sluisd"

    def program(self, name):
        return self.bin / name

    def operator(self, operator):
        return self.transcryptors / str(operator.hop)

    def wrapping(self, operator):
        return self.wrappings / str(operator.hop)

    def desk(self, desk):
        return self.desks / desk.organisation / desk.unit.partition("/")[2]

    def make(self):
        """Folders, programs and policy; safe to repeat."""
        for folder in (self.root, self.bin, self.public, self.public / "crl", self.desks, self.transcryptors,
                       self.wrappings):
            make_folder(folder, PUBLIC)
        for folder in (self.pki, self.officers, self.registers):
            make_folder(folder, PRIVATE)
        for folder in (self.broker, self.guard):
            make_folder(folder, PRIVATE, BROKER_UID)
        for operator in OPERATORS:
            for folder in (self.operator(operator), self.wrapping(operator)):
                make_folder(folder, PRIVATE, operator.uid)
        for program in ("sluis", "sluisd", "sluis-transcryptor"):
            self._install(program)
        for target, source in ((self.policy, "pack"), (self.foreign, "foreign")):
            shutil.rmtree(target, ignore_errors=True)
            make_folder(target, PUBLIC)
            for file in sorted((SOURCE / "policy" / source).iterdir()):
                write(target / file.name, file.read_bytes(), 0o644)

    def _install(self, program):
        source, target = self.binaries / program, self.bin / program
        if not source.is_file():
            raise Failure(f"{source} is not built yet. deploy/quickstart builds it.")
        if target.is_file():
            there, here = source.stat(), target.stat()
            if (there.st_size, there.st_mtime_ns) == (here.st_size, here.st_mtime_ns):
                return
            target.unlink()  # a running program may still use it
        try:
            os.link(source, target)  # the linker of a later build makes a new file, so this one stays as it is
        except OSError:
            shutil.copy2(source, target)
        target.chmod(0o755)


def make_folder(path, mode, uid=0):
    path.mkdir(parents=True, exist_ok=True)
    own(path, mode, uid)
    return path


def own(path, mode, uid):
    os.chown(path, uid, uid)
    path.chmod(mode)


def write(path, content, mode, uid=0):
    """Replaces the file as a whole, never readable by more than `mode` says."""
    content = content.encode() if isinstance(content, str) else content
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    own(fresh, mode, uid)
    fresh.replace(path)
