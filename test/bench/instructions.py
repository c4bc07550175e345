"""Instructions of a backend, which are the same on a busy machine.

A server in single-user mode runs under valgrind; what it takes to start and to
stop is taken off.  Where what a client adds counts, it is a server with
clients.  Its clusters are copies of one that stands below a folder of ours, so
that each run finds the same.
"""

import os
import re
import shutil
import signal
import subprocess
import time
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

    def count_call(self, name, statement, few=10, many=60):
        """Instructions of a backend for a statement that a client sends once
        more, in a state, which stays as it is."""
        copy = self.folder / "copy"
        shutil.copytree(self.folder / name, copy)
        place = dict(os.environ, PGHOST=str(self.folder), PGPORT="5432", PGOPTIONS="")
        with open(self.folder / "sessions.log", "w", encoding="utf-8") as log, subprocess.Popen(
                ["valgrind", "--tool=callgrind",
                 f"--callgrind-out-file={self.folder / 'callgrind.%p'}", "postgres", "-D", copy,
                 "-c", "listen_addresses=", "-c", f"unix_socket_directories={self.folder}",
                 "-c", "port=5432"], stderr=log) as server:
            try:
                # the first session fills what the next ones find
                backends = [self._session(statement, calls, place)
                            for calls in (few, few, many)][1:]
            finally:
                server.send_signal(signal.SIGINT)
        shutil.rmtree(copy)
        said = (self.folder / "sessions.log").read_text()
        taken = [int(re.search(rf"=={backend}== Collected : (\d+)", said).group(1))
                 for backend in backends]
        return (taken[1] - taken[0]) / (many - few)

    @staticmethod
    def _session(statement, calls, place):
        """The process that a session had, as soon as the server takes one."""
        for _ in range(120):
            done = subprocess.run(
                ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "postgres"], env=place,
                input="SELECT pg_backend_pid();\n" + f"{statement};\n" * calls,
                capture_output=True, text=True, check=False)
            if done.returncode == 0:
                time.sleep(2)
                return done.stdout.split()[0]
            time.sleep(0.5)
        raise RuntimeError(done.stderr)

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
