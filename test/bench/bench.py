"""What a run costs, as ratios to a floor measured in the same minutes.

Contenders take turns within each repetition; a ratio is taken repetition by
repetition and the median is printed.  Everything below a millisecond is
measured by pgbench, whose own cost is small and the same for both sides.

Called by test/bench/run, which provides the server (PGHOST), the postmaster's
process id (POSTMASTER) and a folder for files (TMPDIR).
"""

import os
import random
import resource
import statistics
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import instructions
import peer
import psycopg2

QUICK = os.environ.get("BENCH") == "quick"
APPLY = [(1, 9), (100, 3)] if QUICK else [(1, 21), (100, 9), (1000, 5), (4000, 3)]
DEPLOY = [(100, 3)] if QUICK else [(100, 9), (1000, 5), (4000, 3)]
NOOP = [1, 1000] if QUICK else [1, 5000, 50000]
PLAN = [1000] if QUICK else [1000, 10000, 50000]
FILES = [100] if QUICK else [1000, 10000]
CHECKED = [(10, 7), (100, 3)] if QUICK else [(10, 21), (100, 9), (1000, 5), (3000, 3)]
MODELS = [(10, 3)] if QUICK else [(10, 9), (100, 5), (1000, 2)]
COUNTED = 100
ALEMBIC = [(100, 1)] if QUICK else [(100, 5), (1000, 3)]
CALLS = 1000                    # of pgbench, per repetition

FOLDER = Path(os.environ["TMPDIR"])
ALEMBIC_VERSION = peer.install(FOLDER)
os.environ["PGOPTIONS"] = "-c search_path=public,migrate -c client_min_messages=warning"


# ---------------------------------------------------------------------------
# Tools
# ---------------------------------------------------------------------------

def connect(database):
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    return connection


def sql(database, *statements):
    """Run statements, return the rows of the last."""
    with closing(connect(database)) as connection:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


def create_database(name, template):
    sql("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
        f"CREATE DATABASE {name} TEMPLATE {template}")


def cpu_seconds():
    """Of this process, its children and all backends that have ended."""
    ticks = os.sysconf("SC_CLK_TCK")
    stat = Path(f"/proc/{os.environ['POSTMASTER']}/stat").read_text()
    fields = stat.rpartition(")")[2].split()
    server = (int(fields[13]) + int(fields[14])) / ticks
    own = sum(usage.ru_utime + usage.ru_stime
              for usage in (resource.getrusage(resource.RUSAGE_SELF),
                            resource.getrusage(resource.RUSAGE_CHILDREN)))
    return server + own


def backends():
    server = os.environ["POSTMASTER"]
    return set(Path(f"/proc/{server}/task/{server}/children").read_text().split())


def cpu_after(idle):
    """CPU so far, as soon as only the processes of the idle server run."""
    for _ in range(2000):
        if backends() <= idle:
            break
        time.sleep(0.001)
    return cpu_seconds()


def pin(cpus):
    """Tie this process, the server and what they start to processors."""
    for process in (0, int(os.environ["POSTMASTER"])):
        os.sched_setaffinity(process, cpus)


class Sample:
    """Wall and CPU times of one contender, a pair per repetition."""

    def __init__(self):
        self.wall, self.cpu = [], []

    def add(self, wall, cpu=0.0):
        self.wall.append(wall)
        self.cpu.append(cpu)


def interleave(contenders, repetitions, prepare=lambda: None):
    """Run {name: function} in turn; a function returns (wall, cpu)."""
    samples = {name: Sample() for name in contenders}
    for repetition in range(repetitions):
        names = list(contenders)
        random.Random(repetition).shuffle(names)
        for name in names:
            prepare()
            samples[name].add(*contenders[name]())
    return samples


def pgbench(database, statement):
    """Seconds of one statement over an open connection: the mean without the
    shortest and the longest tenth, for clocks may be coarse."""
    script = FOLDER / "pgbench.sql"
    script.write_text(statement + ";\n")
    prefix = FOLDER / "pgbench_log"
    # A round trip between two processors costs several times one within a
    # processor; left alone, the kernel takes the one or the other.
    cpus = os.sched_getaffinity(0)
    pin({min(cpus)})
    subprocess.run(["pgbench", "-n", "-c", "1", "-t", str(CALLS), "-f", script,
                    "-l", f"--log-prefix={prefix}", database],
                   check=True, stdout=subprocess.DEVNULL)
    pin(cpus)
    times = []
    for log in FOLDER.glob("pgbench_log.*"):
        times += [int(line.split()[2]) for line in log.read_text().splitlines()]
        log.unlink()
    times.sort()
    tenth = len(times) // 10
    return statistics.mean(times[tenth:-tenth]) / 1e6, 0.0


rows = []
goals = []


def median_ratio(ours, floor):
    pairs = [a / b for a, b in zip(ours, floor) if b > 0]
    return f"{statistics.median(pairs):.2f}" if pairs else "-"


def in_units(seconds):
    for unit, factor in (("us", 1e6), ("ms", 1e3)):
        if seconds * factor < 1000:
            return f"{seconds * factor:.4g} {unit}"
    return f"{seconds:.3g} s"


def report(work, samples, floor, ours="migrate", note="", goal=None):
    """One row: a contender's times and their ratio to the floor's.  A goal is
    a ratio of the processors' time where that can be told, else of the wall's."""
    a, b = samples[ours], samples[floor]
    has_cpu = sum(b.cpu) > 0.1 and sum(a.cpu) > 0  # a clock tick is 10 ms
    ratios = (median_ratio(a.wall, b.wall),
              median_ratio(a.cpu, b.cpu) if has_cpu else "")
    verdict = ""
    if goal is not None:
        verdict = judge(f"{work}, {ours}: at most {goal:.2f} x {floor}",
                        float(ratios[1] or ratios[0]), goal)
    rows.append((work, ours, in_units(statistics.median(a.wall)),
                 floor, in_units(statistics.median(b.wall)), *ratios, verdict, note))
    print(f"{work}: {rows[-1][5]}", file=sys.stderr, flush=True)


def judge(name, value, limit):
    verdict = "met" if value <= limit else "missed"
    goals.append(f"{verdict:<7}{value:12.6g}   {name}")
    return f"{limit:.4g}: {verdict}"


def print_table():
    header = ("work", "by", "median", "against", "median", "ratio", "CPU ratio", "goal", "")
    widths = [max(len(row[i]) for row in [header] + rows) for i in range(len(header))]
    for row in [header, tuple("-" * width for width in widths)] + rows:
        print("| " + " | ".join(cell.ljust(width)
                                for cell, width in zip(row, widths)) + " |")
    print("\ngoals:", *goals, sep="\n")
    print(f"\nProcessor time of it all: {cpu_seconds():.0f} s.")


# ---------------------------------------------------------------------------
# Workloads
# ---------------------------------------------------------------------------

def script(i):
    """Revision number i: its way up and its way down.  Four of ten create a
    table, the others do something to a table that is there."""
    table = f"t{i // 2 * 2 if i % 10 < 7 else i // 10 * 10}"
    kind = i % 10
    if kind in (0, 2, 4, 6):
        return (f"CREATE TABLE t{i} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
                f"name text NOT NULL, amount integer DEFAULT 0, "
                f"created_at timestamptz DEFAULT now());",
                f"DROP TABLE t{i};")
    if kind == 1:
        return (f"ALTER TABLE {table} ADD COLUMN c{i} integer;",
                f"ALTER TABLE {table} DROP COLUMN c{i};")
    if kind == 3:
        return (f"CREATE INDEX i{i} ON {table} (name);", f"DROP INDEX i{i};")
    if kind == 5:
        return (f"COMMENT ON TABLE {table} IS 'number {i}';",
                f"COMMENT ON TABLE {table} IS NULL;")
    if kind == 7:
        return (f"ALTER TABLE {table} ADD COLUMN c{i} text NOT NULL DEFAULT '';",
                f"ALTER TABLE {table} DROP COLUMN c{i};")
    if kind == 8:
        return (f"CREATE FUNCTION f{i}(a integer) RETURNS integer LANGUAGE sql "
                f"AS $$ SELECT a + {i} $$;",
                f"DROP FUNCTION f{i}(integer);")
    return (f"ALTER TABLE {table} ADD CONSTRAINT k{i} CHECK (amount >= 0);",
            f"ALTER TABLE {table} DROP CONSTRAINT k{i};")


def store(database, scripts):
    """Revisions on top of each other."""
    with closing(connect(database)) as connection:
        cursor = connection.cursor()
        cursor.execute("BEGIN")
        for i, (up, down) in enumerate(scripts):
            cursor.execute("SELECT migrate_revision(%s, upgrade => %s, downgrade => %s, "
                           "rev_id => %s)", (f"change {i}", up, down, f"r{i:06}"))
        cursor.execute("COMMIT")
    sql(database, "VACUUM ANALYZE")


def timed(function, *arguments):
    idle = backends()
    before, start = cpu_seconds(), time.perf_counter()
    function(*arguments)
    wall = time.perf_counter() - start
    return wall, cpu_after(idle) - before


def run_psql(*arguments):
    subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", "work", *arguments],
                   check=True, stdout=subprocess.DEVNULL)


def on_connection(statement):
    """Wall of a statement over a connection that has been used before, CPU of
    all of it."""
    idle, before = backends(), cpu_seconds()
    connection = connect("work")
    cursor = connection.cursor()
    cursor.execute("SELECT count(*) FROM migrate_current()")
    start = time.perf_counter()
    cursor.execute(statement)
    wall = time.perf_counter() - start
    connection.close()
    return wall, cpu_after(idle) - before


def bench_apply():
    """All revisions up, and down again, in one transaction."""
    bench_both_ways(APPLY, bench_run,
                    ("upgrade", "SELECT count(*) FROM migrate_upgrade()"),
                    ("downgrade", "SELECT count(*) FROM migrate_downgrade('base')"))


def bench_deploy():
    """The same with a transaction for each revision."""
    bench_both_ways(DEPLOY, bench_commits,
                    ("deploy", "CALL migrate_deploy()"),
                    ("revert", "CALL migrate_revert('base')"))


def bench_both_ways(sizes, bench, up, down):
    """up, down: what it is called, and the call."""
    for count, repetitions in sizes:
        store_and_apply(count)
        ups, downs = zip(*map(script, range(count)))
        bench(f"{up[0]} of {count}", "stored", ups, up[1], repetitions)
        bench(f"{down[0]} of {count}", "applied", downs[::-1], down[1], repetitions)


def store_and_apply(count):
    """A database with revisions, and one where they are applied."""
    create_database("stored", "empty")
    store("stored", map(script, range(count)))
    create_database("applied", "stored")
    sql("applied", "SELECT count(*) FROM migrate_upgrade()", "VACUUM ANALYZE")


def prepare_work(template):
    create_database("work", template)
    sql("work", "CHECKPOINT")


def write_statements(statements):
    file = FOLDER / "statements.sql"
    file.write_text("\n".join(statements))
    return file


def bench_run(work, template, statements, call, repetitions):
    file = write_statements(statements)
    samples = interleave({
        "psql -1 -f": lambda: timed(run_psql, "-1", "-f", str(file)),
        "psql -c migrate": lambda: timed(run_psql, "-c", call),
        "one string": lambda: on_connection(file.read_text()),
        "migrate": lambda: on_connection(call),
    }, repetitions, lambda: prepare_work(template))
    is_many = len(statements) >= 100
    report(work, samples, "psql -1 -f", "psql -c migrate", goal=1.05 if is_many else None)
    report(work, samples, "psql -1 -f")
    report(work, samples, "one string", goal=None if is_many else 1.5)


def bench_commits(work, template, statements, call, repetitions):
    file = write_statements(statements)
    samples = interleave({
        "psql -f": lambda: timed(run_psql, "-f", str(file)),
        "psql -c migrate": lambda: timed(run_psql, "-c", call),
    }, repetitions, lambda: prepare_work(template))
    report(work, samples, "psql -f", "psql -c migrate",
           goal=1.2 if len(statements) >= 100 else None)


def bench_overhead():
    """What a revision costs beyond its script: scripts that do nothing."""
    for count in (1000, 4000):
        create_database("stored", "empty")
        store("stored", (("SELECT 1;", "") for _ in range(count)))
        samples = interleave({
            "one string": lambda: on_connection("SELECT 1;" * count),
            "migrate": lambda: on_connection("SELECT count(*) FROM migrate_upgrade()"),
        }, 5, lambda: create_database("work", "stored"))
        seconds = statistics.median(
            a - b for a, b in zip(samples["migrate"].wall, samples["one string"].wall))
        report(f"upgrade of {count} that do nothing", samples, "one string",
               note=f"{in_units(seconds / count)} more per revision")


LOAD = """DO $do$
DECLARE
    r text;
    i integer;
BEGIN
    FOR i IN {first} .. {last} LOOP
        -- a fork after each merge, two legs, a merge at the tenth
        PERFORM migrate_revision('change ' || i, upgrade => 'SELECT ' || i, downgrade => '',
            rev_id => 'r' || i, splice => true,
            head => CASE WHEN i = 1 THEN 'base'
                         WHEN i % 10 = 0 THEN 'r' || i - 1 || ', r' || i - 5
                         WHEN i % 10 = 6 AND i > 10 THEN 'r' || i - 6
                         WHEN i = 6 THEN 'r1'
                         ELSE 'r' || i - 1 END);
    END LOOP;
END $do$"""


def load_history(database, have, want):
    """Add revisions up to a number, return seconds per call of the last."""
    batch = 1000
    with closing(connect(database)) as connection:
        cursor = connection.cursor()
        seconds = 0
        while have < want:
            last = min(have + batch, want)
            start = time.perf_counter()
            cursor.execute(LOAD.format(first=have + 1, last=last))
            seconds = (time.perf_counter() - start) / (last - have)
            have = last
    sql(database, "VACUUM ANALYZE")
    return seconds


def stamp(target):
    sql("history", f"SELECT migrate_stamp('{target}', purge => true)", "VACUUM ANALYZE")


def no_op_traces():
    """What the no-op writes, and which locks it leaves in its transaction."""
    call = "SELECT count(*) FROM migrate_upgrade('head')"
    position = "SELECT pg_current_wal_insert_lsn() - '0/0'"
    with closing(connect("history")) as connection:
        cursor = connection.cursor()
        written = []
        for _ in range(5):      # the smallest: other processes write, too
            cursor.execute(position)
            before = cursor.fetchone()[0]
            cursor.execute(call)
            cursor.execute(position)
            written.append(cursor.fetchone()[0] - before)
        cursor.execute("BEGIN")
        cursor.execute(call)
        cursor.execute("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() "
                       "AND locktype <> 'virtualxid' AND mode <> 'AccessShareLock'")
        return (f"{min(written)} bytes of WAL, "
                f"{cursor.fetchone()[0]} locks above AccessShare")


def bench_history():
    """One history that grows; at each size what belongs there."""
    create_database("history", "empty")
    have = 0
    floor = "SELECT 1"
    for size in sorted(set(NOOP + PLAN)):
        seconds = load_history("history", have, size)
        have = size
        if size >= 1000:
            rows.append((f"migrate_revision() at {size}", "migrate", in_units(seconds),
                         "", "", "", "", "", "per call, in a loop on the server"))
        stamp("heads")
        last = size // 10 * 10

        def compare(work, statement, note=""):
            report(work, interleave({
                floor: lambda: pgbench("history", floor),
                "migrate": lambda: pgbench("history", statement)}, 5), floor, note=note)

        if size in NOOP:
            compare(f"nothing to do, of {size}", "SELECT * FROM migrate_upgrade('head')",
                    no_op_traces())
        if size not in PLAN:
            continue
        compare(f"plan of none, of {size}", "SELECT * FROM migrate_plan('heads')")
        compare(f"current, of {size}", "SELECT * FROM migrate_current()")
        compare(f"heads, of {size}", "SELECT * FROM migrate_heads()")
        bench_whole(f"history, of {size}", "SELECT * FROM migrate_history()")

        # All but the last fork with its merge
        stamp(f"r{last - 10}")
        pending = sql("history", "SELECT count(*) FROM migrate_plan('heads')")[0][0]
        compare(f"plan of {pending}, of {size}", "SELECT * FROM migrate_plan('heads')")
        stamp("base")
        bench_whole(f"plan of all {size}", "SELECT * FROM migrate_plan('heads')")


def bench_whole(work, statement):
    def read(query):
        with closing(connect("history")) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT 1")
            start = time.perf_counter()
            cursor.execute(query)
            cursor.fetchall()
            return time.perf_counter() - start, 0.0

    report(work, interleave({
        "SELECT of the rows": lambda: read(
            "SELECT revision, down_revision, message, transactional, upgrade_sql "
            "FROM migrate_revision ORDER BY created_at, revision"),
        "migrate": lambda: read(statement)}, 5), "SELECT of the rows")


# ---------------------------------------------------------------------------
# Files
# ---------------------------------------------------------------------------

def revision_file(i):
    up, down = script(i)
    return (f"-- revision: r{i:06}\n-- down_revision: {f'r{i - 1:06}' if i else ''}\n"
            f"-- message: change {i}\n-- created: 2026-01-01 00:00:00.{i:06}+00\n\n"
            f"-- migrate:upgrade\n{up}\n\n-- migrate:downgrade\n{down}\n")


def bench_files():
    """Files that are new, against their texts as rows of a table; and files
    that are stored as they are, against reading them."""
    create_database("files", "empty")
    sql("files", "CREATE TABLE plain (id integer PRIMARY KEY, content text)")
    for size in FILES:
        files = [revision_file(i) for i in range(size)]
        joined = "".join(random.Random(size).sample(files, size))

        def run(statement, argument):
            with closing(connect("files")) as connection:
                cursor = connection.cursor()
                cursor.execute("SELECT 1; BEGIN")
                idle, before, start = backends(), cpu_seconds(), time.perf_counter()
                cursor.execute(statement, argument)
                cursor.fetchall()
                wall = time.perf_counter() - start
                cursor.execute("ROLLBACK")
                return wall, cpu_after(idle) - before

        report(f"import of {size} new files", interleave({
            "INSERT of the texts": lambda: run(
                "INSERT INTO plain SELECT n, content FROM unnest(%s) WITH ORDINALITY "
                "AS f (content, n) RETURNING id", (files,)),
            "migrate": lambda: run("SELECT migrate_import(%s)", (joined,))}, 5),
            "INSERT of the texts")
        with closing(connect("files")) as connection:
            connection.cursor().execute("SELECT migrate_import(%s)", (joined,))
        report(f"import of {size} unchanged files", interleave({
            "SELECT of the rows": lambda: run(
                "SELECT revision, upgrade_sql, downgrade_sql FROM migrate_revision", ()),
            "migrate": lambda: run("SELECT migrate_import(%s)", (joined,))}, 5),
            "SELECT of the rows")
        sql("files", "TRUNCATE migrate_revision, migrate_edge")


# ---------------------------------------------------------------------------
# Instructions
# ---------------------------------------------------------------------------

def bench_instructions():
    """What decides, without the noise of the machine."""
    if not instructions.is_there():
        rows.append(("instructions", "", "", "", "", "", "", "", "valgrind is not installed"))
        return
    cluster = instructions.Cluster(FOLDER / "single")
    cluster.run(["CREATE SCHEMA migrate", "CREATE EXTENSION pg_migrations SCHEMA migrate"])
    scripts = [script(i) for i in range(COUNTED)]
    ups, downs = [up for up, _ in scripts], [down for _, down in reversed(scripts)]
    cluster.state("one", stored(scripts[:1]))
    cluster.state("stored", stored(scripts))
    cluster.state("applied", ["SELECT count(*) FROM migrate_upgrade()"], like="stored")

    warm = ("SELECT count(*) FROM migrate_current()", "SELECT 1")

    def against(work, state, ours, floor, limit, before=warm):
        counts = [cluster.count(state, statements, before) for statements in (ours, floor)]
        ratio = counts[0] / counts[1]
        rows.append((work, "instructions", f"{counts[0] / 1e6:.1f} M", "the statements",
                     f"{counts[1] / 1e6:.1f} M", "", f"{ratio:.2f}",
                     judge(f"{work}: instructions", ratio, limit), ""))

    against("first upgrade of a session, of 1", "one",
            ["SELECT count(*) FROM migrate_upgrade()"], ups[:1], 1.4, ())
    against(f"upgrade of {COUNTED}", "stored",
            ["SELECT count(*) FROM migrate_upgrade()"], ["".join(ups)], 1.05)
    against(f"downgrade of {COUNTED}", "applied",
            ["SELECT count(*) FROM migrate_downgrade('base')"], ["".join(downs)], 1.05)
    against(f"deploy of {COUNTED}", "stored", ["CALL migrate_deploy()"], ups, 1.2)
    against(f"revert of {COUNTED}", "applied", ["CALL migrate_revert('base')"], downs, 1.2)
    call = "SELECT * FROM migrate_upgrade('head')"
    each = cluster.count_call("applied", call)
    rows.append(("nothing to do", "instructions", f"{each / 1e3:.0f} k", "", "", "", "",
                 judge("nothing to do: instructions", each, 150000), "a call, later ones"))


def stored(scripts):
    """The statements that store revisions."""
    return [f"SELECT migrate_revision('change {i}', upgrade => $up${up}$up$, "
            f"downgrade => $down${down}$down$, rev_id => 'r{i:06}')"
            for i, (up, down) in enumerate(scripts)] + ["VACUUM ANALYZE"]


# ---------------------------------------------------------------------------
# The model
# ---------------------------------------------------------------------------

def wanted_table(i, changed):
    """Table number i of a model; one of a hundred has a column more."""
    parent = f" REFERENCES t{i - 1}" if i % 10 else ""
    extra = ",\n    extra varchar(100)" if changed and i % 100 == 0 else ""
    return f"""CREATE TABLE t{i} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    code varchar(20) UNIQUE,
    amount numeric(12,2) DEFAULT 0 CHECK (amount >= 0),
    parent_id bigint{parent},
    created_at timestamptz NOT NULL DEFAULT now(){extra}
);
CREATE INDEX t{i}_name_idx ON t{i} (lower(name));
CREATE INDEX t{i}_created_idx ON t{i} (created_at) WHERE amount > 0;
COMMENT ON TABLE t{i} IS 'number {i}';
"""


def wanted(count, changed):
    return "".join(wanted_table(i, changed) for i in range(count))


def first_call(database, statement, model, apart=None):
    """The first call of a session that has a model; what of it is not loading
    the model goes to apart."""
    idle, before = backends(), cpu_seconds()
    with closing(connect(database)) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT count(*) FROM migrate_current(); "
                       "SET client_min_messages = debug1")
        start = time.perf_counter()
        cursor.execute(statement, (model,))
        wall = time.perf_counter() - start
        notices = connection.notices
    if apart is not None:
        notice = next(n for n in notices if "built the model in" in n)
        apart.add(wall - float(notice.split("built the model in ")[1].split()[0]) / 1000)
    return wall, cpu_after(idle) - before


def compare_with_alembic(count):
    """The same tables as Alembic's metadata; the wall without imports and
    set-up, the processors' time with them."""
    idle, before = backends(), cpu_seconds()
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", peer.COMPARE, str(count)],
                          check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return float(done.stdout), cpu_after(idle) - before


def dump_schema():
    subprocess.run(["pg_dump", "-s", "-f", os.devnull, "live"], check=True)


def check(calls):
    """Whole calls over a new connection; the wall is the last one's.  Returns
    what they have written, too."""
    position = "SELECT pg_current_wal_insert_lsn() - '0/0'"
    idle, before = backends(), cpu_seconds()
    with closing(connect("live")) as connection:
        cursor = connection.cursor()
        cursor.execute(position)
        written = cursor.fetchone()[0]
        for _ in range(calls):
            start = time.perf_counter()
            cursor.execute("SELECT migrate_check()")
            wall = time.perf_counter() - start
        cursor.execute(position)
        written = cursor.fetchone()[0] - written
    return wall, cpu_after(idle) - before, written


def bench_check():
    """The question that is asked at every start: the model has not changed
    since it was stored."""
    limits = {10: 0.15, 100: 0.4, 1000: 0.3}
    for count, repetitions in CHECKED:
        calls = 20 if count <= 100 else 3   # in a session that goes on
        create_database("live", "empty")
        sql("live", wanted(count, False), "VACUUM ANALYZE")
        with closing(connect("live")) as connection:
            connection.cursor().execute("SELECT migrate_set_model(%s)", (wanted(count, False),))
        written = []

        def first():
            *times, wal = check(1)
            written.append(wal)
            return times

        def later():
            wall, cpu, _ = check(calls + 1)
            _, begun, _ = check(1)
            return wall, max(cpu - begun, 0) / calls

        samples = interleave({
            "pg_dump -s": lambda: timed(dump_schema),
            "the first": first,
            "a later one": later}, repetitions)
        for ours in ("the first", "a later one"):
            report(f"migrate_check(), {count} tables", samples, "pg_dump -s", ours,
                   f"whole call, {min(written)} bytes of WAL", limits.get(count))
        sql("live", "CHECKPOINT")


def bench_model():
    """A comparison with a model of which one table in a hundred differs: where
    nothing is known of one like it, and where that is stored."""
    diff = "SELECT count(*) FROM migrate_diff(%s)"
    scripts = "SELECT upgrade, downgrade FROM migrate_autogenerate_sql(%s)"
    for count, repetitions in MODELS:
        model = wanted(count, True)
        file = write_statements([model])
        create_database("live", "empty")
        sql("live", wanted(count, False), "VACUUM ANALYZE")
        create_database("known", "live")
        with closing(connect("known")) as connection:
            connection.cursor().execute("SELECT migrate_set_model(%s)", (wanted(count, False),))
        sql("known", "VACUUM ANALYZE")
        apart = Sample()
        contenders = {
            "pg_dump -s": lambda: timed(dump_schema),
            "psql -1 -f": lambda: timed(run_psql, "-1", "-f", str(file)),
            "diff": lambda: first_call("live", diff, model, apart),
            "diff of a part": lambda: first_call("known", diff, model),
            "migrate": lambda: first_call("live", scripts, model),
            "migrate of a part": lambda: first_call("known", scripts, model)}
        with_alembic = ALEMBIC_VERSION is not None and count <= 1000
        if with_alembic:
            contenders["alembic"] = lambda: compare_with_alembic(count)
        samples = interleave(contenders, repetitions,
                             lambda: create_database("work", "template0"))
        samples["without the model"] = apart
        work = f"migrate_diff(), {count} tables"
        report(work, samples, "pg_dump -s", "without the model",
               "read and compare", {10: 0.25, 1000: 0.3}.get(count))
        report(work, samples, "psql -1 -f", "diff", "against loading the model alone", 1.0)
        report(work, samples, "psql -1 -f", "diff of a part", "the other model is stored", 1.0)
        work = f"autogenerate, {count} tables"
        report(work, samples, "pg_dump -s", note="with loading the model and the proof")
        report(work, samples, "pg_dump -s", "migrate of a part",
               "the other model is stored; with the proof", {1000: 1.0}.get(count))
        if with_alembic:
            report(work, samples, "alembic", note="with loading the model; theirs is in memory")


# ---------------------------------------------------------------------------
# Alembic
# ---------------------------------------------------------------------------

def bench_alembic():
    if ALEMBIC_VERSION is None:
        rows.append(("", "alembic", "", "", "", "", "", "",
                     "neither installed nor to be had from PyPI"))
        return
    rows.append(("", f"alembic {ALEMBIC_VERSION}", "", "", "", "", "", "", ""))
    for count, repetitions in ALEMBIC:
        ini = peer.make_project(FOLDER, [script(i) for i in range(count)])
        call = ["-c", "SELECT count(*) FROM migrate_upgrade()"]
        create_database("stored", "empty")
        store("stored", map(script, range(count)))

        def alembic():
            subprocess.run([sys.executable, "-m", "alembic.config", "-c", ini, "upgrade", "head"],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        alembic_and_we = {
            "alembic": lambda: timed(alembic),
            "psql -c migrate": lambda: timed(run_psql, *call)}
        create_database("work", "empty")
        alembic()               # compiles its scripts
        report(f"upgrade of {count}", interleave(
            alembic_and_we, repetitions, lambda: create_database("work", "stored")),
            "alembic", "psql -c migrate")
        create_database("work", "stored")
        alembic()
        sql("work", "SELECT migrate_stamp('heads')")
        report(f"nothing to do, of {count}", interleave(alembic_and_we, 5),
               "alembic", "psql -c migrate")


def main():
    sql("postgres", "CREATE DATABASE empty")
    sql("empty", "CREATE SCHEMA migrate", "CREATE EXTENSION pg_migrations SCHEMA migrate")
    try:
        bench_instructions()
        bench_check()
        bench_apply()
        bench_deploy()
        bench_overhead()
        bench_history()
        bench_files()
        bench_model()
        bench_alembic()
    finally:
        print_table()


main()
