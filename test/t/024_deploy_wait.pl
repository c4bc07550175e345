# Deploys wait for each other without holding anything that the other one may
# wait for; what goes on is seen from elsewhere meanwhile.

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
$node->append_conf('postgresql.conf', "autovacuum = off\nmax_connections = 50");
$node->start;
my $db = 'postgres';

$ENV{PGOPTIONS} = '-c client_min_messages=warning -c migrate.lock_timeout=0';

$node->safe_psql(
	$db, q{
	CREATE EXTENSION pg_migrations;
	CREATE SCHEMA one;
	CREATE SCHEMA two;
	CREATE ROLE onlooker LOGIN;
	CREATE TABLE item (id int);
	INSERT INTO item SELECT generate_series(1, 100);
	SELECT migrate_revision('first', 'CREATE TABLE first (id int)', 'DROP TABLE first', rev_id => 'aaaa');
	SELECT migrate_revision('at the gate', 'SELECT pg_advisory_xact_lock_shared(1); CREATE TABLE second (id int)', 'DROP TABLE second', rev_id => 'bbbb');
	SELECT migrate_revision('index', 'CREATE TABLE third (id int); CREATE INDEX CONCURRENTLY item_id ON public.item (id); CREATE TABLE fourth ()', 'DROP TABLE third, fourth; DROP INDEX CONCURRENTLY public.item_id', rev_id => 'cccc');
});

my $gate = session($node, $db);
my $writer = session($node, $db);
my $session = session($node, $db);

sub sql { return $node->safe_psql($db, $_[0]); }

sub at_gate
{
	my ($call) = @_;
	await($node,
		"SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted AND pid = $call->{pid}"
	);
	return;
}

sub is_polling
{
	my ($call) = @_;
	await($node,
		"SELECT count(*) = 1 FROM pg_stat_activity WHERE pid = $call->{pid} AND query LIKE 'CALL%' AND wait_event_type = 'Extension'"
	);
	return;
}

#
# A second deploy waits, and finds nothing to do.
#
$gate->query_safe('SELECT pg_advisory_lock(1)');
my $first = start_call($node, $db, q{CALL migrate_deploy('bbbb')}, name => 'release 7');
at_gate($first);
my $second = start_call($node, $db,
	"SET client_min_messages = notice;\nCALL migrate_deploy('bbbb')");
is_polling($second);
is(sql("SELECT backend_xid IS NULL, backend_xmin IS NULL FROM pg_stat_activity WHERE pid = $second->{pid}"),
	't|t',
	'who waits holds neither a transaction id nor a snapshot');
is(sql("SELECT count(*) FROM pg_locks WHERE pid = $second->{pid} AND locktype <> 'virtualxid'"),
	'0', 'nor any lock');

# A third one does not wait so long.
my ($out, $err) = say_in($session, q{CALL migrate_deploy('bbbb', wait => '100 ms')});
is(errors_of($err), '55P03', 'one that may wait for a moment only gives up');
like(
	$err,
	qr/ERROR:  55P03: another migration is still running\nDETAIL:  Process $first->{pid} holds the lock, .*since 20.*"migrate 2\/2 bbbb"/,
	'and names the holder, since when, and its revision');
($out, $err) = say_in($session, q{CALL migrate_deploy('bbbb', wait => '0')});
is(errors_of($err), '55P03', 'no wait at all');
($out, $err) = say_in($session, q{CALL migrate_deploy('bbbb', wait => '-1 day')});
is(errors_of($err), '55P03', 'a negative wait is none');
($out, $err) = say_in($session, q{CALL migrate_deploy('bbbb', wait => NULL)});
is(errors_of($err), '55P03', 'a null wait is none');
($out, $err) = say_in($session, q{CALL migrate_revert('base', wait => '100 ms')});
is(errors_of($err), '55P03', 'a revert waits for a deploy');

# Runs in the caller's transaction do not wait at all.
foreach my $query (
	q{SELECT migrate_upgrade('bbbb')}, q{SELECT migrate_downgrade('base')},
	q{SELECT migrate_stamp('bbbb')}, q{SELECT migrate_redo()})
{
	($out, $err) = say_in($session, $query);
	is(errors_of($err), '55P03', "$query is refused at once");
	like($err, qr/a deploy is running\nDETAIL:  Process $first->{pid} /,
		'and told who it is');
}
($out, $err) = say_in($session, q{SELECT migrate_edit('aaaa', message => 'x')});
is(errors_of($err), '55P03', 'nor can revisions be changed');
is(scalar say_in($session, q{BEGIN; SELECT migrate_revision('new', rev_id => 'nnnn'); ROLLBACK}),
	'nnnn', 'but new ones can be stored');
is(scalar say_in($session, q{SELECT count(*) FROM migrate_upgrade('aaaa')}),
	'0', 'who has nothing to do is not concerned');
is(scalar say_in($session, q{CALL migrate_deploy('aaaa', wait => '0')}),
	'0|aaaa', 'with a deploy, too');

#
# What goes on is seen by everybody, also in a long transaction, and disturbs
# nobody.
#
my $status = q{SELECT heads, pending, pid, revision, step, steps, statement, waiting_for FROM migrate_status()};
is(sql($status), "aaaa|2|$first->{pid}|bbbb|2|2||$gate->{pid}",
	'migrate_status() tells what goes on and whom it waits for');
is(sql(q{SELECT since <= now() AND since > now() - interval '1 hour', last_action, last_revision, last_outcome FROM migrate_status()}),
	't|upgrade|aaaa|done', 'since when, and what was done last');
is(sql("SET ROLE onlooker; $status"), "aaaa|2|$first->{pid}|bbbb|2|2||$gate->{pid}",
	'also to a role without rights');
is(scalar say_in($session, "BEGIN READ ONLY; $status; COMMIT"),
	"aaaa|2|$first->{pid}|bbbb|2|2||$gate->{pid}",
	'in a read-only transaction');
is(scalar say_in($session, q{SELECT heads, pending, pid FROM migrate_status('one')}),
	'|3|', 'other target schemas are not concerned');
is(sql("SELECT application_name FROM pg_stat_activity WHERE pid = $first->{pid}"),
	'migrate 2/2 bbbb', 'pg_stat_activity shows the step');

#
# Another target schema at the same time
#
my $other = start_call($node, $db, q{CALL migrate_deploy('bbbb', schema => 'one')});
at_gate_number(2);
is(sql(q{SELECT string_agg(pid::text, ' ') FROM migrate_status('one')}), $other->{pid}, 'a deploy of another schema runs at the same time');
is(scalar say_in($session, q{CALL migrate_deploy('aaaa', schema => 'two')}), '1|aaaa', 'a third one even to its end');

sub at_gate_number
{
	my ($number) = @_;
	await($node,
		"SELECT count(*) = $number FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted"
	);
	return;
}

$gate->query_safe('SELECT pg_advisory_unlock(1)');
is(scalar end_call($first), '2|bbbb', 'the first deploy ends');
($out, $err) = end_call($second);
is($out, '0|bbbb', 'the second one has found nothing to do');
like($err, qr/NOTICE:  .*waiting for another migration\n.*DETAIL:  Process $first->{pid} holds the lock/s,
	'and has said why it waited');
is(() = $err =~ /waiting for another/g, 1, 'once');
is(scalar end_call($other), '2|bbbb', 'the one of the other schema ends');
is(sql(q{SELECT string_agg(schema_name || '.' || revision, ' ' ORDER BY schema_name, revision) FROM migrate_applied}),
	'.aaaa .bbbb one.aaaa one.bbbb two.aaaa', 'each schema has its own state');
is(sql(q{SELECT string_agg(oid::regclass::text, ' ' ORDER BY oid::regclass::text) FROM pg_class WHERE relname IN ('first', 'second')}),
	'first one.first one.second second two.first', 'and its own tables');

#
# CREATE INDEX CONCURRENTLY with others that wait for it: no deadlock
#
$writer->query_safe('BEGIN; INSERT INTO item VALUES (101)');
$first = start_call($node, $db, 'CALL migrate_deploy()');
await($node, q{SELECT count(*) = 1 FROM pg_stat_progress_create_index WHERE phase = 'waiting for writers before build'});
my @others = map { start_call($node, $db, 'CALL migrate_deploy()') } (1 .. 5);
is_polling($_) foreach @others;
my $waiter = start_call($node, $db, q{CALL migrate_wait('cccc')});
is_polling($waiter);
is(sql($status), "bbbb|1|$first->{pid}|cccc|1|1|2|$writer->{pid}",
	'migrate_status() tells the statement of a mixed revision');
is(sql(q{SELECT count(*) FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid() AND pid <> } . $writer->{pid} . " AND backend_type = 'client backend'"),
	'0', 'nobody holds a snapshot, the deploy neither');
$writer->query_safe('COMMIT');
is(scalar end_call($first), '1|cccc', 'the index is built');
is(join(' ', map { scalar end_call($_) } @others), join(' ', ('0|cccc') x 5), 'and the others find nothing to do');
is((end_call($waiter))[2], 1, 'migrate_wait() comes back');
is(sql(q{SELECT indisvalid FROM pg_index WHERE indexrelid = 'item_id'::regclass}), 't', 'the index is valid');

#
# The lock goes with its session, whatever ends it.
#
sql(q{SELECT migrate_revision('fourth', 'SELECT pg_advisory_xact_lock_shared(1)', '', rev_id => 'dddd')});
$gate->query_safe('SELECT pg_advisory_lock(1)');
$first = start_call($node, $db, 'CALL migrate_deploy()');
at_gate($first);
$second = start_call($node, $db, 'CALL migrate_deploy()');
is_polling($second);
sql("SELECT pg_terminate_backend($first->{pid}, 180000)");
end_call($first);
at_gate($second);
is(sql('SELECT pid FROM migrate_status()'), $second->{pid}, 'who waits takes over from who is gone');
$gate->query_safe('SELECT pg_advisory_unlock(1)');
is(scalar end_call($second), '1|dddd', 'and does the work');

# A run in a transaction is waited for, too.
sql(q{SELECT migrate_revision('fifth', '', '', rev_id => 'eeee')});
$gate->query_safe(q{BEGIN; SELECT migrate_upgrade()});
$first = start_call($node, $db, 'CALL migrate_deploy()');
is_polling($first);
($out, $err) = say_in($session, q{CALL migrate_deploy(wait => '10 ms')});
like($err, qr/55P03.*\n.*DETAIL:  Process $gate->{pid} holds the lock, in a transaction since 20/, 'an upgrade holds a deploy up, and is named');
$gate->query_safe('ROLLBACK');
is(scalar end_call($first), '1|eeee', 'until it ends');

# And who changes a revision
sql(q{SELECT migrate_revision('sixth', '', '', rev_id => 'ffff')});
$gate->query_safe(q{BEGIN; SELECT migrate_edit('aaaa', message => 'never committed')});
($out, $err) = say_in($session, q{CALL migrate_deploy(wait => '10 ms')});
is(errors_of($err), '55P03', 'an edit holds a deploy up');
like($err, qr/DETAIL:  Process $gate->{pid} holds the lock/, 'and is named');
$gate->query_safe('ROLLBACK');
is(scalar say_in($session, 'CALL migrate_deploy()'), '1|ffff', 'until it ends');

#
# A script that releases all advisory locks
#
sql(q{SELECT migrate_revision('unlock', 'CREATE TABLE unlocked (); SELECT pg_advisory_unlock_all()', '', rev_id => 'gggg');
	SELECT migrate_revision('after', '', '', rev_id => 'hhhh')});
($out, $err) = say_in($session, 'CALL migrate_deploy()');
is(errors_of($err), '55000', 'a script that releases all locks is stopped');
like($err, qr/the deploy has lost its lock\nHINT:  A script must not call pg_advisory_unlock_all\(\)/, 'with the reason');
is(sql(q{SELECT count(*) FROM migrate_applied WHERE revision IN ('gggg', 'hhhh'); SELECT to_regclass('unlocked')}), "0\n", 'and nothing of it is there');
is(sql(q{SELECT revision, outcome, sqlstate FROM migrate_log ORDER BY id DESC LIMIT 1}), 'gggg|failed|55000', 'it is logged');
sql(q{SELECT migrate_edit('gggg', upgrade => 'VACUUM item; SELECT pg_advisory_unlock_all(); CREATE TABLE unlocked ()')});
($out, $err) = say_in($session, 'CALL migrate_deploy()');
is(errors_of($err), '55000', 'in a mixed revision, too');
is(sql(q{SELECT to_regclass('unlocked'); SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}), "\n0", 'before anything else runs, and without locks that are left');
sql(q{SELECT migrate_edit('gggg', upgrade => 'VACUUM item; CREATE TABLE unlocked ()')});
is(scalar say_in($session, 'CALL migrate_deploy()'), '2|hhhh', 'mended');

#
# migrate_wait(), on the primary and on a standby
#
($out, $err) = say_in($session, q{CALL migrate_wait('hhhh')});
is($err, '', 'migrate_wait() for what is applied');
($out, $err) = say_in($session, q{CALL migrate_wait('not_there', wait => '50 ms')});
is(errors_of($err), 'MG022', 'for what is not, and not even stored');
like($err, qr/HINT:  Is the name right\? .*CALL migrate_deploy\('not_there'\) applies it/, 'with a hint');
$waiter = start_call($node, $db, q{CALL migrate_wait('jjjj')});
is_polling($waiter);
sql(q{SELECT migrate_revision('ninth', '', '', rev_id => 'jjjj')});
is_polling($waiter);
sql('CALL migrate_deploy()');
is((end_call($waiter))[2], 1, 'a revision that comes while it waits');
($out, $err) = say_in($session, q{BEGIN; CALL migrate_wait('jjjj'); ROLLBACK});
is(errors_of($err), '25001', 'not in a transaction block');

# An application that may not migrate waits as well.
is($node->psql($db, q{SET ROLE onlooker; CALL migrate_deploy()}), 3, 'an application may not deploy');
$node->psql($db, q{CALL migrate_wait('jjjj')}, connstr => $node->connstr($db) . ' user=onlooker', stderr => \$err);
is($err, '', 'but it may wait');

my $backup = 'backup';
$node->backup($backup);
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, $backup, has_streaming => 1);
$standby->start;
sql(q{SELECT migrate_revision('tenth', '', '', rev_id => 'kkkk')});
$waiter = start_call($standby, $db, q{CALL migrate_wait('kkkk')});
await($standby, "SELECT count(*) = 1 FROM pg_stat_activity WHERE pid = $waiter->{pid} AND wait_event_type = 'Extension'");
sql('CALL migrate_deploy()');
is((end_call($waiter))[2], 1, 'migrate_wait() on a standby');
$node->wait_for_catchup($standby);
is($standby->safe_psql($db, 'CALL migrate_deploy()'), '0|kkkk', 'a deploy on a standby finds nothing to do');
sql(q{SELECT migrate_revision('eleventh', '', '', rev_id => 'llll')});
$node->wait_for_catchup($standby);
$standby->psql($db, "\\set VERBOSITY verbose\nCALL migrate_deploy()", stderr => \$err);
is(errors_of($err), '25006', 'or is refused');
is($standby->safe_psql($db, 'SELECT heads, pending, pid FROM migrate_status()'), 'kkkk|1|', 'migrate_status() works there');

done_testing();
