#!/usr/bin/python3
"""Holds proofs of generated scripts against databases that are really built.

    prove.py FOLDER         (PAIRS: a glob for names of pairs; JOBS)

Of each pair of schemas: what does migrate_autogenerate_sql() say of its own
scripts, and are they right?  They are where the upgrade makes the first
schema the second, and the downgrade makes it the first again.
"""
import collections
import concurrent.futures
import fnmatch
import os
import re
import subprocess
import sys

import psycopg2

FOLDER = sys.argv[1]
sys.path.insert(0, FOLDER)
try:
    import canon
except ImportError:
    canon = None

MARK = "-- NOT PROVEN: "
COMPARE = "privileges, owners, database"
CALL = "SELECT upgrade, downgrade FROM migrate_autogenerate_sql(%s)"


def connect(database):
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    return connection


def execute(database, sql, parameters=None, **settings):
    connection = connect(database)
    try:
        with connection.cursor() as cursor:
            for name, value in settings.items():
                cursor.execute("SELECT set_config(%s, %s, false)", ("migrate." + name, value))
            cursor.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def play(database, script):
    """Statement by statement, as psql does; what the server says, or None."""
    done = subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database],
                          input=script, capture_output=True, text=True)
    return done.stderr.strip() or "failed" if done.returncode else None


def dump(database):
    """What pg_dump prints, in no order: columns may have another."""
    done = subprocess.run(["pg_dump", "-s", "-d", database], capture_output=True, text=True, check=True)
    return sorted(line.strip(" ,") for line in done.stdout.split("\n") if line and not line.startswith(("--", "\\")))


def read(database):
    if canon is None:
        return dump(database)
    connection = connect(database)
    try:
        return canon.snapshot(connection)
    finally:
        connection.close()


def differs(a, b):
    """What differs, for people, or None."""
    if canon is not None:
        found = canon.compare(a, b)
        return str(found[:2])[:300] if found else None
    found = [line for line in a if line not in b] + [line for line in b if line not in a]
    return "; ".join(found[:2])[:300] if found else None


def made(name, script):
    """A database in which a script has run; roles that it misses are made."""
    while True:
        execute("postgres", 'CREATE DATABASE "%s" TEMPLATE template0' % name)
        execute(name, "CREATE EXTENSION pg_migrations")
        error = play(name, script)
        if error is None:
            return
        role = re.search(r'role "(.*)" does not exist', error)
        dropped(name)
        if role is None or not created(role.group(1)):
            raise ValueError(error)


def created(role):
    try:
        execute("postgres", 'CREATE ROLE "%s"' % role.replace('"', '""'))
        return True
    except psycopg2.Error:
        return False


def dropped(name):
    for (subscription,) in execute(name, "SELECT quote_ident(subname) FROM pg_subscription s"
                                   " JOIN pg_database d ON d.oid = subdbid WHERE datname = current_database()"):
        for change in ("ALTER SUBSCRIPTION %s DISABLE", "ALTER SUBSCRIPTION %s SET (slot_name = NONE)", "DROP SUBSCRIPTION %s"):
            try:
                execute(name, change % subscription)
            except psycopg2.Error:
                pass
    execute("postgres", 'DROP DATABASE "%s" WITH (FORCE)' % name)


def say(database, model):
    """The verdict, its reason, and the scripts."""
    try:
        ((upgrade, downgrade),) = execute(database, CALL, (model,), compare=COMPARE)
    except psycopg2.Error as error:
        if error.pgcode != "MG044":
            return "refused", "%s %s" % (error.pgcode, error.diag.message_primary), None
        (scripts,) = execute(database, CALL, (model,), compare=COMPARE, prove="off")
        return "disproven", error.diag.message_detail, scripts
    if upgrade.startswith(MARK):
        return "not proven", upgrade[len(MARK):].split("\n")[0], (upgrade, downgrade)
    return "proven" if upgrade or downgrade else "no difference", None, (upgrade, downgrade)


def fault(database, scripts, before, after, after_dump):
    """What is wrong with scripts, or None; and what pg_dump alone sees."""
    upgrade, downgrade = scripts
    wrong = play(database, upgrade)
    if wrong:
        return "upgrade: " + wrong, None
    wrong = differs(read(database), after)
    if wrong:
        return "after the upgrade: " + wrong, None
    text = None if dump(database) == after_dump else "pg_dump differs after the upgrade"
    wrong = play(database, downgrade)
    if wrong:
        return "downgrade: " + wrong, text
    wrong = differs(read(database), before)
    return "after the downgrade: " + wrong if wrong else None, text


def try_pair(number, path):
    texts = []
    for file in ("before.sql", "after.sql"):
        with open(os.path.join(path, file)) as stream:
            texts.append(stream.read())
    names = ["prove_%d_%s" % (number, side) for side in ("a", "b")]
    existing = []
    try:
        for name, text in zip(names, texts):
            made(name, text)
            existing.append(name)
        before, after, after_dump = read(names[0]), read(names[1]), dump(names[1])
        verdict, reason, scripts = say(names[0], texts[1])
        if scripts is None:
            return verdict, reason, None, None
        wrong, text = fault(names[0], scripts, before, after, after_dump)
        return verdict, reason, wrong, text
    except (psycopg2.Error, ValueError) as error:
        return "not loaded", str(error).strip().split("\n")[0], None, None
    finally:
        for name in existing:
            try:
                dropped(name)
            except psycopg2.Error:
                pass


def contradicts(verdict, wrong):
    return verdict in ("proven", "no difference") and wrong or verdict == "disproven" and not wrong


def general(reason):
    """A reason without the names in it, to be counted."""
    return re.sub(r'"[^"]*"|\d+', "...", reason.split("\n")[0])[:110]


def main():
    paths = sorted(folder for folder, _, files in os.walk(FOLDER)
                   if "before.sql" in files and "after.sql" in files
                   and fnmatch.fnmatch(os.path.basename(folder), os.environ["PAIRS"]))
    verdicts, reasons, contradictions, texts = collections.Counter(), collections.defaultdict(collections.Counter), [], []
    with concurrent.futures.ThreadPoolExecutor(int(os.environ["JOBS"])) as pool:
        for path, result in zip(paths, pool.map(try_pair, range(len(paths)), paths)):
            name = os.path.relpath(path, FOLDER)
            verdict, reason, wrong, text = result
            verdicts[verdict] += 1
            if reason:
                reasons[verdict][general(reason)] += 1
            if text and verdict == "proven":
                texts.append(name)
            if contradicts(verdict, wrong):
                contradictions.append("%s: %s, yet %s" % (name, verdict, wrong or "right: " + reason))
    print("%d pairs: %s" % (len(paths), ", ".join("%d %s" % (n, verdict) for verdict, n in verdicts.most_common())))
    for verdict, counted in sorted(reasons.items()):
        print("\n%s, and why" % verdict)
        for reason, n in counted.most_common():
            print("%6d  %s" % (n, reason))
    if texts:
        print("\nproven, and pg_dump prints something else (%d): %s" % (len(texts), ", ".join(texts[:20])))
    print("\nverdicts that databases contradict: %d" % len(contradictions))
    for line in contradictions:
        print("    " + line)
    return 1 if contradictions else 0


sys.exit(main())
