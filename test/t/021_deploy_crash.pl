# A backend is killed, or the server goes down, in each phase of a deploy: the
# next one finishes, every statement of the scripts has run once, and nothing
# is left over.
#
# The deploy is stopped exactly where it is wanted.  A script waits for an
# advisory lock, or a statement for another session.  Where the extension
# writes, it meets a row of the same key that a superuser has inserted, or has
# locked, and not committed.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use Deploy;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 1);
$node->append_conf('postgresql.conf',
	"restart_after_crash = on\nautovacuum = off\nmax_connections = 30");
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

# What a session does to hold the deploy up
my $writer = 'BEGIN; INSERT INTO item VALUES (1000, 1000)';
my $reader = 'BEGIN; LOCK TABLE item IN ACCESS SHARE MODE';
my $snapshot =
  'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM ran';
my $reader_of_part =
  'BEGIN; SELECT count(*) FROM part; LOCK TABLE part_1 IN ACCESS SHARE MODE';

# before a statement is marked as begun; or, if it is transactional, when it
# has run and is not marked as done
sub hold_mark
{
	my ($statement, $direction) = @_;
	$direction //= 'upgrade';
	return
	  "BEGIN; INSERT INTO migrate_progress VALUES ('', 'bbbb', '$direction', $statement, now(), false)";
}

# when a statement at top level has run, and is not marked as done
sub hold_done
{
	my ($statement, $direction) = @_;
	$direction //= 'upgrade';
	return
	  "BEGIN; SELECT * FROM migrate_progress WHERE statement = $statement AND direction = '$direction' FOR UPDATE";
}

# before a revision is recorded
sub hold_record
{
	my ($revision) = @_;
	return
	  "BEGIN; INSERT INTO migrate_applied (schema_name, revision, tip, late, applied_at, applied_by, how) VALUES ('', '$revision', false, false, now(), '', 'ran')";
}

# How one sees where it stands
sub building
{
	my ($phase) = @_;
	return "SELECT count(*) = 1 FROM pg_stat_progress_create_index WHERE phase = '$phase'";
}

sub waits_for
{
	my ($locktype) = @_;
	return "SELECT count(*) = 1 FROM pg_locks WHERE locktype = '$locktype' AND NOT granted";
}

my $at_write = waits_for('transactionid');
my $at_reader = waits_for('virtualxid');
my $at_gate = waits_for('advisory');

# The ways there: what the sessions "a" and "b" do, in order, and what is
# waited for; marks of bbbb then, begun and done; who can hold the next deploy
# up once more.
my @phases = (
	{   name => 'before the first mark',
		way => [ a => hold_mark(2), 'start', await => $at_write ],
		marks => '0|1'
	},
	{   name => 'CREATE INDEX CONCURRENTLY waits for a writer',
		way => [ a => $writer, 'start', await => building('waiting for writers before build') ],
		marks => '1|1',
		again => $writer
	},
	{   name => 'CREATE INDEX CONCURRENTLY waits for a snapshot',
		way => [ a => $snapshot, 'start', await => building('waiting for old snapshots') ],
		marks => '1|1',
		again => $writer
	},
	{   name => 'between CREATE INDEX CONCURRENTLY and its mark',
		way => [ a => $writer, 'start', await => building('waiting for writers before build'),
			b => hold_done(2), a => 'ROLLBACK', await => $at_write ],
		marks => '1|1'
	},
	{   name => 'between a transactional statement of a mixed revision and its mark',
		way => [ a => hold_mark(3), 'start', await => $at_write ],
		marks => '0|2'
	},
	{   name => 'before the mark of REINDEX',
		way => [ a => hold_mark(4), 'start', await => $at_write ],
		marks => '0|3'
	},
	{   name => 'REINDEX waits for a snapshot',
		way => [ a => hold_mark(4), 'start', await => $at_write,
			b => $snapshot, a => 'ROLLBACK', await => building('waiting for old snapshots') ],
		marks => '1|3',
		again => $writer
	},
	{   name => 'REINDEX waits for a reader',
		way => [ a => $reader, 'start', await => building('waiting for readers before marking dead') ],
		marks => '1|3',
		again => $reader
	},
	{   name => 'between REINDEX and its mark',
		way => [ a => $reader, 'start', await => building('waiting for readers before marking dead'),
			b => hold_done(4), a => 'ROLLBACK', await => $at_write ],
		marks => '1|3'
	},
	{   name => 'DROP INDEX CONCURRENTLY waits for a reader',
		way => [ a => hold_mark(6), 'start', await => $at_write,
			b => $reader, a => 'ROLLBACK', await => $at_reader ],
		marks => '1|5',
		again => $reader
	},
	{   name => 'between DROP INDEX CONCURRENTLY and its mark',
		way => [ a => hold_mark(6), 'start', await => $at_write,
			b => $reader, a => 'ROLLBACK', await => $at_reader,
			a => hold_done(6), b => 'ROLLBACK', await => $at_write ],
		marks => '1|5'
	},
	{   name => 'DETACH PARTITION CONCURRENTLY waits for a reader',
		way => [ a => $reader_of_part, 'start', await => $at_reader ],
		marks => '1|7',
		again => $reader_of_part
	},
	{   name => 'between DETACH PARTITION CONCURRENTLY and its mark',
		way => [ a => $reader_of_part, 'start', await => $at_reader,
			b => hold_done(8), a => 'ROLLBACK', await => $at_write ],
		marks => '1|7'
	},
	{   name => 'between the last statement of a mixed revision and its record',
		way => [ a => hold_record('bbbb'), 'start', await => $at_write ],
		marks => '0|9'
	},
	{   name => 'in a transactional revision',
		way => [ a => 'SELECT pg_advisory_lock(1)', 'start', await => $at_gate ],
		left => 1
	},
	{   name => 'between the script of a transactional revision and its record',
		way => [ a => hold_record('cccc'), 'start', await => $at_write ],
		left => 1
	},
	{   name => 'at the commit of a transactional revision',
		way => [ a => 'SELECT pg_advisory_lock(1)', 'start', await => $at_gate,
			commits => 'wait', a => 'SELECT pg_advisory_unlock(1)',
			await => q{SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'} ],
		left => 0
	});

# Commits wait for a standby that does not exist, or do not.
sub let_commits
{
	my ($wait) = @_;
	my $name = $wait ? 'nobody' : '';

	$node->safe_psql('postgres', "ALTER SYSTEM SET synchronous_standby_names = '$name'");
	$node->reload;
	await($node, "SELECT current_setting('synchronous_standby_names') = '$name'");
	return;
}

# Go a way; the call, and the sessions.
sub go
{
	my ($dbname, $query, @way) = @_;
	my %session = (a => session($node, $dbname), b => session($node, $dbname));
	my $call;

	while (@way)
	{
		my $who = shift @way;

		if ($who eq 'start')
		{
			$call = start_call($node, $dbname, $query);
			next;
		}
		my $what = shift @way;
		if ($who eq 'await') { await($node, $what); }
		elsif ($who eq 'commits') { let_commits($what eq 'wait'); }
		else { $session{$who}->query_safe($what); }
	}
	return ($call, $session{a}, $session{b});
}

# Let the server die while a call is under way, and come back.
sub crash
{
	my ($how, $call, @sessions) = @_;

	if ($how eq 'kill -9')
	{
		kill('KILL', $call->{pid}) or die 'it is gone';
	}
	else
	{
		$node->stop('immediate');
	}
	my $told = !(end_call($call))[2];
	if ($how ne 'kill -9')
	{
		$node->start;
	}
	await_restart($node, $sessions[0]);
	$_->{run}->kill_kill foreach @sessions;
	return $told;
}

my $number = 0;
foreach my $phase (@phases)
{
	my $name = $phase->{name};

	foreach my $crash ('kill -9', 'immediate shutdown',
		defined $phase->{again} ? 'both, one after the other' : ())
	{
		my $dbname = 'd' . ++$number;
		my $commits = grep { $_ eq 'commits' } @{ $phase->{way} };
		create_database($dbname);

		my @there = go($dbname, 'CALL migrate_deploy()', @{ $phase->{way} });
		is( $node->safe_psql($dbname,
				q{SELECT count(*) FILTER (WHERE NOT done), count(*) FILTER (WHERE done) FROM migrate_progress WHERE revision = 'bbbb'}),
			$phase->{marks},
			"$name: the marks tell how far it is")
		  if defined $phase->{marks};
		ok(crash($crash eq 'immediate shutdown' ? $crash : 'kill -9', @there),
			"$name, $crash: the client is told");
		let_commits(0) if $commits;
		if ($crash =~ /^both/)
		{
			@there = go($dbname, 'CALL migrate_deploy()', a => $phase->{again}, 'start',
				await => q{SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name LIKE 'migrate %' AND wait_event_type = 'Lock'});
			ok(crash('immediate shutdown', @there), "$name, $crash: the client is told again");
		}
		my $index = $node->safe_psql($dbname, q{SELECT to_regclass('item_id')::oid});
		is( $node->safe_psql($dbname, 'CALL migrate_deploy()'),
			($phase->{left} // 2) . '|cccc',
			"$name, $crash: the next deploy finishes");
		check_done($dbname, "$name, $crash");
		is( $node->safe_psql($dbname, q{SELECT to_regclass('item_id')::oid}),
			$index, "$name, $crash: the index is not built again")
		  if $name eq 'between CREATE INDEX CONCURRENTLY and its mark';
		$node->safe_psql('postgres', "DROP DATABASE $dbname");
	}
}

#
# The same for the way down
#
foreach my $phase (
	{   name => 'DROP INDEX CONCURRENTLY in a revert waits for a reader',
		way => [ a => $reader, 'start', await => $at_reader ]
	},
	{   name => 'between DROP INDEX CONCURRENTLY and its mark in a revert',
		way => [ a => $reader, 'start', await => $at_reader,
			b => hold_done(2, 'downgrade'), a => 'ROLLBACK', await => $at_write ]
	},
	{   name => 'CREATE INDEX CONCURRENTLY in a revert',
		way => [ a => hold_mark(4, 'downgrade'), 'start', await => $at_write,
			b => $writer, a => 'ROLLBACK', await => building('waiting for writers before build') ]
	})
{
	my $name = $phase->{name};

	create_database('down');
	$node->safe_psql('down', 'CALL migrate_deploy()');
	ok(crash('kill -9', go('down', q{CALL migrate_revert('aaaa')}, @{ $phase->{way} })),
		"$name: the client is told");
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
