# A backend is killed, or the server goes down, in each phase of a deploy: the
# next one finishes, every statement of the scripts has run once, and nothing
# is left over.
#
# The deploy is stopped exactly where it is wanted: a trigger on the tables of
# the extension, or a script, waits for an advisory lock that the test holds;
# or a statement waits for another session.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use Deploy;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf',
	"restart_after_crash = on\nautovacuum = off");
$node->start;

$ENV{PGOPTIONS} = '-c client_min_messages=warning -c migrate.lock_timeout=0';

# Statements of revision bbbb that cannot run in a transaction: 2, 4, 6, 8
$node->safe_psql('postgres', 'CREATE DATABASE origin');
$node->safe_psql(
	'origin', q{
	CREATE EXTENSION pg_migrations;
	CREATE TABLE ran (revision text, statement int);
	CREATE TABLE item (id int, v int);
	CREATE INDEX item_old ON item (v, id);
	CREATE INDEX item_v ON item (v);
	INSERT INTO item SELECT n, n FROM generate_series(1, 100) n;
	CREATE TABLE part (id int) PARTITION BY RANGE (id);
	CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (1) TO (10);
	INSERT INTO part VALUES (1);
	SELECT migrate_revision('first', $$INSERT INTO ran VALUES ('aaaa', 1)$$, '', rev_id => 'aaaa');
	SELECT migrate_revision('mixed', $$
		INSERT INTO ran VALUES ('bbbb', 1);
		CREATE UNIQUE INDEX CONCURRENTLY item_id ON item (id);
		INSERT INTO ran VALUES ('bbbb', 3);
		REINDEX INDEX CONCURRENTLY item_v;
		INSERT INTO ran VALUES ('bbbb', 5);
		DROP INDEX CONCURRENTLY item_old;
		INSERT INTO ran VALUES ('bbbb', 7);
		ALTER TABLE part DETACH PARTITION part_1 CONCURRENTLY;
		INSERT INTO ran VALUES ('bbbb', 9);
	$$, $$
		INSERT INTO ran VALUES ('down', 1);
		DROP INDEX CONCURRENTLY item_id;
		INSERT INTO ran VALUES ('down', 3);
		CREATE INDEX CONCURRENTLY item_old ON item (v, id);
		ALTER TABLE part ATTACH PARTITION part_1 FOR VALUES FROM (1) TO (10);
	$$, $$SELECT 1 / count(*) FROM ran WHERE revision = 'bbbb' HAVING count(*) = 5$$, rev_id => 'bbbb');
	SELECT migrate_revision('last', $$
		INSERT INTO ran VALUES ('cccc', 1);
		INSERT INTO ran SELECT 'cccc', 2 FROM (SELECT pg_advisory_xact_lock_shared(1)) l;
		CREATE TABLE made ();
	$$, '', rev_id => 'cccc');

	CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$
	BEGIN
		PERFORM pg_catalog.pg_advisory_xact_lock_shared(1);
		RETURN coalesce(NEW, OLD);
	END $$;
});

# By default the pages are copied through the log, and a sequence then forgets
# its first numbers in a crash, since it writes to the log only now and then.
sub create_database
{
	my ($dbname) = @_;
	$node->safe_psql('postgres',
		"CREATE DATABASE $dbname TEMPLATE origin STRATEGY file_copy");
	return;
}

# What must be true in the end
sub check_done
{
	my ($dbname, $name) = @_;
	is( $node->safe_psql(
			$dbname, q{
			SELECT string_agg(revision || statement, ' ' ORDER BY revision, statement) FROM ran;
			SELECT string_agg(revision || ' ' || how, ', ' ORDER BY revision) FROM migrate_applied;
			SELECT string_agg(revision, ' ' ORDER BY revision) FROM migrate_log WHERE action = 'upgrade' AND outcome = 'done';
			SELECT string_agg(indexrelid::regclass || ' ' || indisvalid || ' ' || indisready || ' ' || indislive, ', ' ORDER BY indexrelid::regclass::text)
				FROM pg_index WHERE indrelid = 'item'::regclass;
			SELECT count(*) FROM pg_class WHERE relname ~ '_cc(new|old)';
			SELECT count(*) FROM pg_inherits WHERE inhparent = 'part'::regclass;
			SELECT count(*) FROM part_1;
			SELECT to_regclass('made');
			SELECT count(*) FROM migrate_progress;
			SELECT count(*) FROM pg_locks WHERE locktype = 'advisory';
			SELECT heads, pending, pid FROM migrate_status()}),
		join("\n",
			'aaaa1 bbbb1 bbbb3 bbbb5 bbbb7 bbbb9 cccc1 cccc2',
			'aaaa ran, bbbb ran, cccc ran',
			'aaaa bbbb cccc',
			'item_id true true true, item_v true true true',
			'0', '0', '1', 'made', '0', '0', 'cccc|0|'),
		"$name: everything is there, once");
	return;
}

my $on_progress = 'CREATE TRIGGER gate BEFORE %s ON migrate_progress
	FOR EACH ROW WHEN (%s) EXECUTE FUNCTION wait_at_gate()';

sub before_mark
{
	return sprintf($on_progress, 'INSERT', "NEW.statement = $_[0] AND NOT NEW.done");
}

# the statement's work is done, its mark is not
sub before_done
{
	my ($statement) = @_;
	return $statement % 2 == 0
	  ? sprintf($on_progress, 'UPDATE', "NEW.statement = $statement AND NEW.done")
	  : sprintf($on_progress, 'INSERT', "NEW.statement = $statement AND NEW.done");
}

sub building
{
	my ($phase) = @_;
	return "SELECT count(*) = 1 FROM pg_stat_progress_create_index WHERE phase = '$phase'";
}

my $held_up = "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name LIKE 'migrate %' AND wait_event_type = 'Lock'";
my $writer = 'BEGIN; INSERT INTO item VALUES (1000, 1000)';
my $reader = 'BEGIN; SELECT count(*) FROM item; DECLARE c CURSOR FOR SELECT * FROM item';
my $snapshot = 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM ran';
my $at_gate = "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted";
my $waits_for_reader = "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'virtualxid' AND NOT granted";

# name; what is set up; who holds the deploy up; how one sees that it is there;
# what is recorded of bbbb then: marks begun, marks done
my @phases = (
	[ 'before the first mark', before_mark(2), undef, $at_gate, 0, 1 ],
	[ 'CREATE INDEX CONCURRENTLY waits for a writer', undef, $writer, building('waiting for writers before build'), 1, 1 ],
	[ 'CREATE INDEX CONCURRENTLY waits for a snapshot', undef, $snapshot, building('waiting for old snapshots'), 1, 1 ],
	[ 'between CREATE INDEX CONCURRENTLY and its mark', before_done(2), undef, $at_gate, 1, 1 ],
	[ 'in a transactional statement of a mixed revision', before_done(3), undef, $at_gate, 0, 2 ],
	[ 'before the mark of REINDEX', before_mark(4), undef, $at_gate, 0, 3 ],
	[ 'REINDEX waits for a snapshot', before_done(3), $snapshot, building('waiting for old snapshots'), 1, 3 ],
	[ 'REINDEX waits for a reader', undef, 'BEGIN; LOCK TABLE item IN ACCESS SHARE MODE',
		building('waiting for readers before marking dead'), 1, 3 ],
	[ 'between REINDEX and its mark', before_done(4), undef, $at_gate, 1, 3 ],
	[ 'DROP INDEX CONCURRENTLY waits for a reader', before_mark(6), $reader, $waits_for_reader, 1, 5 ],
	[ 'between DROP INDEX CONCURRENTLY and its mark', before_done(6), undef, $at_gate, 1, 5 ],
	[ 'DETACH PARTITION CONCURRENTLY waits for a reader', undef,
		'BEGIN; SELECT count(*) FROM part; LOCK TABLE part_1 IN ACCESS SHARE MODE', $waits_for_reader, 1, 7 ],
	[ 'between DETACH PARTITION CONCURRENTLY and its mark', before_done(8), undef, $at_gate, 1, 7 ],
	[ 'between the last statement and the record', sprintf($on_progress, 'DELETE', 'true'), undef, $at_gate, 0, 9 ],
	[ 'at the commit of a mixed revision', q{CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON migrate_applied
		DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.revision = 'bbbb') EXECUTE FUNCTION wait_at_gate()},
		undef, $at_gate, 0, 9 ],
	[ 'in a transactional revision', undef, undef, $at_gate, undef, undef ],
	[ 'at the commit of a transactional revision', q{CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON migrate_applied
		DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.revision = 'cccc') EXECUTE FUNCTION wait_at_gate()},
		undef, $at_gate, undef, undef ]);

# Some phases come after one that the same session would hold up: these let
# the deploy pass with the gate, and the blocker comes when it stands there.
sub run_to
{
	my ($dbname, $gate, $blocker, $there) = @_;
	my $late = defined $gate && defined $blocker;
	my $gatekeeper = session($node, $dbname);
	my $other = session($node, $dbname);

	$gatekeeper->query_safe('SELECT pg_advisory_lock(1)')
	  unless defined $blocker && !$late;
	$other->query_safe($blocker) if defined $blocker && !$late;
	my $call = start_call($node, $dbname, 'CALL migrate_deploy()');
	if ($late)
	{
		await($node, $at_gate);
		$other->query_safe($blocker);
		$gatekeeper->query_safe('SELECT pg_advisory_unlock(1)');
	}
	await($node, $there);
	return ($call, $gatekeeper, $other);
}

my $number = 0;
foreach my $phase (@phases)
{
	my ($name, $gate, $blocker, $there, $begun, $done) = @$phase;
	my $index_before;

	foreach my $crash ('kill -9', 'immediate shutdown', 'both, one after the other')
	{
		my $dbname = 'd' . ++$number;
		my @crashes = $crash =~ /^both/ ? ('kill -9', 'immediate shutdown') : ($crash);

		# the longest row of crashes only where something may be left over
		next if @crashes > 1 && !defined $blocker;
		create_database($dbname);
		$node->safe_psql($dbname, $gate) if defined $gate;
		foreach my $how (@crashes)
		{
			my ($call, $gatekeeper, $other) =
			  run_to($dbname, $how eq $crashes[0] ? $gate : undef,
				$blocker, $how eq $crashes[0] ? $there : $held_up);
			if (defined $begun && $how eq $crashes[0])
			{
				is( $node->safe_psql(
						$dbname,
						q{SELECT count(*) FILTER (WHERE NOT done), count(*) FILTER (WHERE done) FROM migrate_progress WHERE revision = 'bbbb'}
					),
					"$begun|$done",
					"$name: the marks tell how far it is");
			}
			if ($how eq 'kill -9')
			{
				kill('KILL', $call->{pid}) or die 'it is gone';
			}
			else
			{
				$node->stop('immediate');
			}
			ok(!(end_call($call))[2], "$name, $crash: the client is told");
			$node->start if $how ne 'kill -9';
			await_restart($node, $gatekeeper);
			$_->{run}->kill_kill foreach ($gatekeeper, $other);
			$index_before = $node->safe_psql($dbname,
				q{SELECT to_regclass('item_id')::oid});
		}
		my ($revisions) = $name =~ /transactional revision/ ? 1 : 2;
		is( $node->safe_psql($dbname, 'CALL migrate_deploy()'),
			"$revisions|cccc", "$name, $crash: the next deploy finishes");
		check_done($dbname, "$name, $crash");
		is( $node->safe_psql($dbname, q{SELECT to_regclass('item_id')::oid}),
			$index_before, "$name, $crash: the index is not built again")
		  if $name eq 'between CREATE INDEX CONCURRENTLY and its mark';
		$node->safe_psql('postgres', "DROP DATABASE $dbname");
	}
}

#
# The same for the way down, in two phases
#
foreach my $phase (
	[ 'DROP INDEX CONCURRENTLY in a revert waits for a reader', undef, $reader, $waits_for_reader ],
	[ 'between DROP INDEX CONCURRENTLY and its mark in a revert', before_done(2), undef, $at_gate ],
	[ 'CREATE INDEX CONCURRENTLY in a revert', before_mark(4), $writer, building('waiting for writers before build') ])
{
	my ($name, $gate, $blocker, $there) = @$phase;

	create_database('down');
	$node->safe_psql('down', 'CALL migrate_deploy()');
	$node->safe_psql('down', $gate) if defined $gate;
	my $gatekeeper = session($node, 'down');
	my $other = session($node, 'down');
	my $late = defined $gate && defined $blocker;
	$gatekeeper->query_safe('SELECT pg_advisory_lock(1)') if defined $gate;
	$other->query_safe($blocker) if defined $blocker && !$late;
	my $call = start_call($node, 'down', q{CALL migrate_revert('aaaa')});
	if ($late)
	{
		await($node, $at_gate);
		$other->query_safe($blocker);
		$gatekeeper->query_safe('SELECT pg_advisory_unlock(1)');
	}
	await($node, $there);
	kill('KILL', $call->{pid}) or die 'it is gone';
	ok(!(end_call($call))[2], "$name: the client is told");
	await_restart($node, $gatekeeper);
	$_->{run}->kill_kill foreach ($gatekeeper, $other);
	is( $node->safe_psql('down', 'SELECT revision FROM migrate_current()'),
		'bbbb', "$name: it is not undone yet");
	is($node->safe_psql('down', q{CALL migrate_revert('aaaa')}),
		'1|aaaa', "$name: the next revert finishes");
	is( $node->safe_psql(
			'down', q{
			SELECT string_agg(revision || statement, ' ' ORDER BY revision, statement) FROM ran WHERE revision = 'down';
			SELECT string_agg(indexrelid::regclass || ' ' || indisvalid, ', ' ORDER BY indexrelid::regclass::text) FROM pg_index WHERE indrelid = 'item'::regclass;
			SELECT count(*) FROM pg_inherits WHERE inhparent = 'part'::regclass;
			SELECT count(*) FROM migrate_progress}),
		"down1 down3\nitem_old true, item_v true\n1\n0",
		"$name: all is undone, once");
	$node->safe_psql('postgres', 'DROP DATABASE down');
}

# No crash may come from a failed assertion or an internal error.
unlike(
	slurp_file($node->logfile),
	qr/TRAP:|PANIC| XX\d{3}|signal (?!9)\d+/,
	'the server died of nothing but what the test did');

done_testing();
