"""Instructions of a backend, which are the same on a busy machine.

A server in single-user mode runs under valgrind; what it takes to start and to
stop is taken off.  Its clusters are copies of one that stands below a folder
of ours, so that each run finds the same.
"""

import re
import shutil
import subprocess
from pathlib import Path

# Without -j a newline ends a statement.
SERVER = ["postgres", "--single", "-D"]


def is_there():
    return shutil.which("valgrind") is not None


class Cluster:
    """One that is only ever used by a single process."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir()
        self.base = self.folder / "base"
        self.idle = {}          # instructions of a process that only warms up
        subprocess.run(["initdb", "-D", self.base, "-A", "trust", "-U", "postgres", "-E", "UTF8",
                        "--locale=C", "--no-instructions", "--no-sync"],
                       check=True, stdout=subprocess.DEVNULL)
        with open(self.base / "postgresql.conf", "a", encoding="utf-8") as settings:
            settings.write("fsync = off\nautovacuum = off\nmax_locks_per_transaction = 1024\n"
                           "search_path = 'public, migrate'\nclient_min_messages = warning\n")

    def run(self, statements, data=None):
        """Run statements without counting."""
        self._call([], statements, data or self.base)

    def state(self, name, statements, like="base"):
        """A copy of the cluster in which statements have run."""
        shutil.copytree(self.folder / like, self.folder / name)
        self.run(statements, self.folder / name)

    def count(self, name, statements, before=()):
        """Instructions that statements take in a state, which stays as it is,
        after others in the same session."""
        idle = self.idle.get((name, before))
        if idle is None:
            idle = self.idle[name, before] = self._measure(name, before)
        return self._measure(name, [*before, *statements]) - idle

    def _measure(self, name, statements):
        copy = self.folder / "copy"
        shutil.copytree(self.folder / name, copy)
        try:
            done = self._call(["valgrind", "--tool=callgrind",
                               f"--callgrind-out-file={self.folder / 'callgrind.out'}"],
                              statements, copy)
        finally:
            shutil.rmtree(copy)
        return int(re.search(r"Collected : (\d+)", done.stderr).group(1))

    @staticmethod
    def _call(prefix, statements, data):
        done = subprocess.run([*prefix, *SERVER, data, "postgres"],
                              input="".join(" ".join(s.split("\n")) + "\n" for s in statements),
                              capture_output=True, text=True, check=False)
        if done.returncode != 0 or "ERROR:" in done.stderr:
            raise RuntimeError(done.stderr[-2000:])
        return done
