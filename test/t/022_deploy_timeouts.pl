# Time limits of a deploy: cancel, statement_timeout, and short waits for
# locks on tables with retries, so that nobody queues for long behind it.

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
$node->append_conf('postgresql.conf', 'autovacuum = off');
$node->start;

$ENV{PGOPTIONS} = '-c client_min_messages=warning';

my $db = 'postgres';
$node->safe_psql(
	$db, q{
	CREATE EXTENSION pg_migrations;
	CREATE TABLE busy (id int);
	INSERT INTO busy SELECT generate_series(1, 100);
	SELECT migrate_revision('a', 'ALTER TABLE busy ADD COLUMN a int', 'ALTER TABLE busy DROP COLUMN a', rev_id => 'aaaa');
});

my $blocker = session($node, $db);
$blocker->query_safe(q{SET application_name = 'nightly report'});
my $deploy = session($node, $db);
my $bystander = session($node, $db);

sub applied
{
	return $node->safe_psql($db,
		q{SELECT coalesce(string_agg(revision, ' ' ORDER BY revision), 'none') FROM migrate_applied}
	);
}

sub last_log
{
	return $node->safe_psql($db,
		q{SELECT action, revision, outcome, sqlstate, statement, line FROM migrate_log ORDER BY id DESC LIMIT 1}
	);
}

sub new_revision
{
	my ($id, $script, $down) = @_;
	$down //= '';
	$node->safe_psql($db,
		"SELECT migrate_revision('$id', \$s\$$script\$s\$, \$s\$$down\$s\$, rev_id => '$id')"
	);
	return;
}

# What a deploy must put back in its session, whatever happens
my $settings =
  q{SELECT current_setting('lock_timeout'), current_setting('statement_timeout'), current_setting('search_path'),
	current_setting('application_name'), (SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()), current_user};
my $before = say_in($deploy, $settings);

sub check_session
{
	my ($name) = @_;
	is(scalar say_in($deploy, $settings),
		$before, "$name: the session is as before");
	is( $node->safe_psql(
			$db, q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid > 2}),
		'0',
		"$name: no lock is left");
	return;
}

#
# A long reader
#
$blocker->query_safe('BEGIN; SELECT count(*) FROM busy');
$deploy->query_safe(
	q{SET migrate.lock_timeout = '100ms'; SET migrate.lock_retries = 2; SET client_min_messages = notice});
my ($out, $err) = say_in($deploy, 'CALL migrate_deploy()');
is(errors_of($err), '55P03', 'a long reader: the deploy gives up');
my @tries = $err =~ /NOTICE:  .*trying again, (\d of \d): canceling statement due to lock timeout/g;
is("@tries", '1 of 2 2 of 2', 'after two more tries');
like(
	$err,
	qr/DETAIL:  It is blocked by process $blocker->{pid}, application_name "nightly report", whose query began \d+ s ago\./,
	'and says who was in the way');
like(
	$err,
	qr/statement 1, line 1 of upgrade script of revision "aaaa"/,
	'and which statement waited');
is(applied(), 'none', 'nothing is applied');
is(last_log(), 'upgrade|aaaa|failed|55P03|1|1', 'the failure is logged');
is( $node->safe_psql(
		$db, q{SELECT count(*) FROM migrate_log WHERE outcome = 'failed'}),
	'1',
	'once, not once for each try');
$deploy->query_safe('RESET client_min_messages; RESET migrate.lock_timeout; RESET migrate.lock_retries');
check_session('a long reader');

# While it tries, others come through: each waits for one try at most.
{
	my $call = start_call($node, $db,
		q{SET migrate.lock_timeout = '300ms'; SET migrate.lock_retries = 1000; SET client_min_messages = notice; CALL migrate_deploy()}
	  =~ s/; /;\n/gr);
	$bystander->query_safe(q{SET lock_timeout = '20s'});
	my $longest = 0;
	foreach my $round (1 .. 3)
	{
		await($node,
			q{SELECT count(*) = 1 FROM pg_locks WHERE relation = 'busy'::regclass AND mode = 'AccessExclusiveLock' AND NOT granted}
		);
		($out, $err) =
		  say_in($bystander,
			'SELECT count(*), clock_timestamp() - statement_timestamp() < interval \'10 s\' FROM busy'
		  );
		is($out, '100|t', "a query that queues behind try $round comes through");
	}
	$call->{run}->pump until $call->{err} =~ /trying again, 2 of 1000/;
	is(applied(), 'none', 'the deploy goes on trying');
	$blocker->query_safe('COMMIT');
	($out, $err, my $ok) = end_call($call);
	is($out, '1|aaaa', 'and is done when the reader is');
	ok($ok, 'without an error');
	is(last_log(), 'upgrade|aaaa|done|||', 'a try that failed is not logged');
}

# The same for a transactional statement in a mixed revision
new_revision('bbbb', 'CREATE TABLE b (id int); CREATE INDEX CONCURRENTLY b_id ON b (id); ALTER TABLE busy ADD COLUMN b int');
$blocker->query_safe('BEGIN; SELECT count(*) FROM busy');
$deploy->query_safe(q{SET migrate.lock_timeout = '100ms'; SET migrate.lock_retries = 1});
($out, $err) = say_in($deploy, 'CALL migrate_deploy()');
is(errors_of($err), '55P03', 'in a mixed revision: the deploy gives up');
like($err, qr/blocked by process $blocker->{pid}, application_name "nightly report"/,
	'in a mixed revision: it says who was in the way');
is(last_log(), 'upgrade|bbbb|failed|55P03|3|1', 'in a mixed revision: logged');
is( $node->safe_psql($db,
		'SELECT statement, done FROM migrate_progress ORDER BY 1'),
	"1|t\n2|t",
	'in a mixed revision: the statements before are done');
$blocker->query_safe('COMMIT');
$deploy->query_safe('RESET migrate.lock_timeout; RESET migrate.lock_retries');
is(scalar say_in($deploy, 'CALL migrate_deploy()'),
	'1|bbbb', 'in a mixed revision: the next deploy finishes');
check_session('a mixed revision');

# CREATE INDEX CONCURRENTLY waits for writers without limit: a timeout would
# leave an invalid index.
new_revision('cccc', 'CREATE INDEX CONCURRENTLY busy_id ON busy (id)');
$blocker->query_safe('BEGIN; INSERT INTO busy VALUES (101)');
{
	my $call = start_call($node, $db,
		"SET lock_timeout = '50ms';\nSET migrate.lock_timeout = '50ms';\nCALL migrate_deploy()"
	);
	await($node,
		q{SELECT count(*) = 1 FROM pg_stat_progress_create_index p JOIN pg_stat_activity USING (pid)
		WHERE phase = 'waiting for writers before build' AND clock_timestamp() - query_start > interval '500 ms'}
	);
	is($node->safe_psql($db, 'SELECT statement FROM migrate_status()'),
		'1', 'CONCURRENTLY waits longer than lock_timeout');
	$blocker->query_safe('COMMIT');
	is(scalar end_call($call), '1|cccc', 'and is done when the writer is');
}

#
# statement_timeout: for each statement, not for the deploy
#
# (long enough that a busy machine does not reach it in a single one)
new_revision('dddd', 'SELECT pg_sleep(3.2); SELECT pg_sleep(3.2)');
new_revision('eeee', 'SELECT pg_sleep(3.2); VACUUM busy; SELECT pg_sleep(3.2)');
$deploy->query_safe(q{SET statement_timeout = '6 s'});
is(scalar say_in($deploy, 'CALL migrate_deploy()'),
	'2|eeee', 'statement_timeout holds for each statement');

new_revision('ffff', 'CREATE TABLE f (); SELECT pg_sleep(1000)');
$deploy->query_safe(q{SET statement_timeout = '100 ms'});
($out, $err) = say_in($deploy, 'CALL migrate_deploy()');
is(errors_of($err), '57014', 'a statement that takes too long is cancelled');
like($err, qr/canceling statement due to statement timeout/,
	'with the reason');
is(last_log(), 'upgrade|ffff|failed|57014|2|1', 'and logged');
is($node->safe_psql($db, q{SELECT to_regclass('f')}),
	'', 'nothing of the revision is there');
$node->safe_psql($db,
	q{SELECT migrate_edit('ffff', upgrade => 'CREATE TABLE f ()')});

# a script's own limit
new_revision('gggg', q{SET statement_timeout = '100 ms'; SELECT pg_sleep(1000)});
$deploy->query_safe('RESET statement_timeout');
($out, $err) = say_in($deploy, 'CALL migrate_deploy()');
is(errors_of($err), '57014', "a script's own statement_timeout works");
is(applied() =~ s/.* //r, 'ffff', 'what came before is applied');
check_session("a script's own statement_timeout");
$node->safe_psql($db,
	q{SELECT migrate_edit('gggg', upgrade => 'SET statement_timeout = ''100 ms''; VACUUM busy; SELECT pg_sleep(1000)')});
($out, $err) = say_in($deploy, 'CALL migrate_deploy()');
is(errors_of($err), '57014', 'in a mixed revision, too');
is(last_log(), 'upgrade|gggg|failed|57014|3|1', 'and is logged');
check_session("a script's own statement_timeout in a mixed revision");
$node->safe_psql($db,
	q{SELECT migrate_edit('gggg', upgrade => 'SET statement_timeout = ''100 ms''; VACUUM busy')});
is(scalar say_in($deploy, 'CALL migrate_deploy()'), '1|gggg', 'repaired');

# Waiting for another deploy does not count.
new_revision('hhhh', q{SELECT pg_advisory_xact_lock_shared(1); CREATE TABLE h ()});
$blocker->query_safe('SELECT pg_advisory_lock(1)');
{
	my $first = start_call($node, $db,
		"SET migrate.lock_timeout = 0;\nCALL migrate_deploy()");
	await($node, q{SELECT waiting_for IS NOT NULL FROM migrate_status()});
	my $second = start_call($node, $db,
		"SET statement_timeout = '300 ms';\nCALL migrate_deploy()");
	await($node,
		"SELECT clock_timestamp() - query_start > interval '1 s' FROM pg_stat_activity WHERE pid = $second->{pid} AND query LIKE 'CALL%'"
	);
	$blocker->query_safe('SELECT pg_advisory_unlock(1)');
	is(scalar end_call($first), '1|hhhh', 'the first deploy ends');
	is(scalar end_call($second),
		'0|hhhh', 'waiting for it does not count for statement_timeout');
}

#
# Cancel
#
new_revision('iiii', q{CREATE TABLE i (id int); CREATE INDEX CONCURRENTLY i_id ON i (id); REINDEX TABLE CONCURRENTLY busy; CREATE TABLE ii ()});
new_revision('jjjj', q{CREATE TABLE j (); SELECT pg_advisory_xact_lock_shared(1); CREATE TABLE jj ()});

# Start a deploy in the session, and cancel it when something is true.
sub cancel_when
{
	my ($condition) = @_;

	$deploy->{stderr} = '';
	$deploy->query_until(qr/started/, "\\echo started\nCALL migrate_deploy();\n");
	await($node, $condition);
	# A cancel that meets a lock timeout is lost in the server, and is repeated.
	await($node,
		"SELECT CASE WHEN state = 'idle' THEN true ELSE NOT pg_cancel_backend(pid) END FROM pg_stat_activity WHERE pid = $deploy->{pid}"
	);
	return errors_of((say_in_after($deploy))[1]);
}

# What a query that was started has said
sub say_in_after
{
	my ($session) = @_;
	my $out = $session->query('SELECT 1');
	my $err = $session->{stderr};
	$session->{stderr} = '';
	return ($out, $err);
}

$blocker->query_safe('BEGIN; INSERT INTO busy VALUES (102)');
is( cancel_when(
		q{SELECT count(*) = 1 FROM pg_stat_progress_create_index WHERE phase = 'waiting for writers before build'}),
	'57014',
	'cancelled during REINDEX CONCURRENTLY');
is(last_log(), 'upgrade|iiii|failed|57014|3|1', 'the cancel is logged');
is( $node->safe_psql(
		$db, q{SELECT count(*) FROM pg_class WHERE relname = 'busy_id_ccnew'}),
	'1',
	'it has left an index');
check_session('a cancel of a mixed revision');
$blocker->query_safe('COMMIT; SELECT pg_advisory_lock(1)');

is( cancel_when(
		q{SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted}),
	'57014',
	'cancelled in a transactional revision');
is(last_log(), 'upgrade|jjjj|failed|57014|2|1', 'the cancel is logged');
is(applied() =~ s/.* //r, 'iiii', 'what came before is applied');
is( $node->safe_psql(
		$db, q{SELECT count(*) FROM pg_class WHERE relname ~ '_cc(new|old)';
		SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid = 'busy'::regclass;
		SELECT count(*) FROM migrate_progress}),
	"0\nt\n0",
	'the index that was left over is gone');
check_session('a cancel of a transactional revision');

# while it waits for another deploy
{
	my $first = start_call($node, $db,
		"SET migrate.lock_timeout = 0;\nCALL migrate_deploy()");
	await($node, q{SELECT waiting_for IS NOT NULL FROM migrate_status()});
	my $entries = $node->safe_psql($db, 'SELECT count(*) FROM migrate_log');
	is( cancel_when(
			"SELECT count(*) = 1 FROM pg_stat_activity WHERE pid = $deploy->{pid} AND query LIKE 'CALL%' AND wait_event_type = 'Extension'"),
		'57014',
		'cancelled while it waits for another deploy');
	is($node->safe_psql($db, 'SELECT count(*) FROM migrate_log'),
		$entries, 'that is no failure of a revision');
	$blocker->query_safe('SELECT pg_advisory_unlock(1)');
	is(scalar end_call($first), '1|jjjj', 'the other one is not disturbed');
}

# between two tries
new_revision('kkkk', 'ALTER TABLE busy ADD COLUMN k int');
$blocker->query_safe('BEGIN; SELECT count(*) FROM busy');
$deploy->query_safe(q{SET migrate.lock_timeout = '1ms'; SET migrate.lock_retries = 10000});
is( cancel_when(
		"SELECT count(*) = 1 FROM pg_stat_activity WHERE pid = $deploy->{pid} AND wait_event_type = 'Extension'"),
	'57014',
	'cancelled between two tries');
$blocker->query_safe('COMMIT');
$deploy->query_safe('RESET migrate.lock_timeout; RESET migrate.lock_retries');
check_session('a cancel between two tries');
is(scalar say_in($deploy, 'CALL migrate_deploy()'),
	'1|kkkk', 'and the session can deploy');
check_session('a success');

done_testing();
