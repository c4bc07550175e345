# Another session changes the extension's tables by hand, or drops or moves
# the extension, while a deploy, a revert, a wait or a comparison is under way:
# a clear error or a clean result, and nothing is recorded that was not done or
# is not stored.
#
# What scripts do to the tables themselves is in the regression tests.

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

$ENV{PGOPTIONS} = '-c client_min_messages=warning -c migrate.lock_timeout=0';

my $db = 'postgres';
my $blocker = session($node, $db);
$node->safe_psql($db, 'CREATE SCHEMA other; CREATE TABLE busy (id int)');

# Revisions of which the first one run waits: either in a transaction, for an
# advisory lock, or at top level, where the deploy holds no lock on the
# extension's tables, for a writer.
my %held = (
	transaction => {
		script => 'SELECT pg_advisory_xact_lock_shared(1)',
		close => 'BEGIN; SELECT pg_advisory_xact_lock(1)',
		closed => q{SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted},
	},
	statement => {
		script => 'CREATE INDEX CONCURRENTLY IF NOT EXISTS busy_id ON busy (id)',
		close => 'BEGIN; INSERT INTO busy VALUES (1)',
		closed => q{SELECT count(*) = 1 FROM pg_stat_progress_create_index WHERE phase = 'waiting for writers before build'},
	});

# What is there afterwards: stored revisions, applied ones with tips marked,
# and whether the table of r2 is there
my $state = q{
	SELECT coalesce((SELECT string_agg(revision, ' ' ORDER BY revision) FROM migrate_revision), 'nothing') || ', '
		|| coalesce((SELECT string_agg(revision || CASE WHEN tip THEN '*' ELSE '' END, ' ' ORDER BY revision) FROM migrate_applied), 'nothing')
		|| CASE WHEN to_regclass('made') IS NULL THEN '' ELSE ', made' END};

sub prepare
{
	my ($how, $downwards) = @_;
	my $script = $held{$how}{script};
	my @scripts = $downwards ? ('', $script) : ($script, '');
	my $first = "SELECT migrate_revision('first', '$scripts[0]', '$scripts[1]', rev_id => 'r1');";
	my $second = q{SELECT migrate_revision('second', 'CREATE TABLE made ()', 'DROP TABLE made', rev_id => 'r2');};

	$node->safe_psql($db, qq{
		DROP EXTENSION IF EXISTS pg_migrations;
		DROP TABLE IF EXISTS made;
		DROP INDEX IF EXISTS busy_id;
		CREATE EXTENSION pg_migrations;
	} . ($downwards ? $second . $first : $first . $second));
	$node->safe_psql($db, 'CALL migrate_deploy()') if $downwards;
	return;
}

# Do something while a call waits: its SQLSTATEs, or what it returned, and the
# state behind it
sub meanwhile
{
	my ($how, $downwards, $call, $action) = @_;

	prepare($how, $downwards);
	$blocker->query_safe($held{$how}{close});
	my $running = start_call($node, $db, $call);
	await($node, $held{$how}{closed});
	$node->safe_psql($db, $action);
	$blocker->query_safe('COMMIT');
	my ($out, $err) = end_call($running);
	unlike($err, qr/XX000|server closed/, "$action: no internal error");
	my $first = errors_of($err) || $out;
	# psql's messages may be looked at
	return ($first, $err);
}

sub check
{
	my ($how, $downwards, $action, $result, $after, $message) = @_;
	my $call = $downwards ? q{CALL migrate_revert('base')} : 'CALL migrate_deploy()';
	my $name = ($downwards ? 'revert' : 'deploy') . " in a $how: $action";
	my ($first, $err) = meanwhile($how, $downwards, $call, $action);

	is($first, $result, "$name: result");
	like($err, $message, "$name: message") if defined $message;
	is($node->safe_psql($db, $state), $after, "$name: state")
	  if defined $after;
	return;
}

my $delete = q{DELETE FROM migrate_revision WHERE revision = };
my $update = q{UPDATE migrate_revision SET };
my $r2 = q{ WHERE revision = 'r2'};
my $gone = qr/revision "r2" was removed while the migration was running.*1 of 2 revisions were done/s;
my $changed = qr/revision "r2" was changed while the migration was running/;
my $record = qr/what is recorded as applied was changed while the migration was running/;

#
# Rows
#
foreach my $how ('transaction', 'statement')
{
	check($how, 0, "$delete 'r2'", 'MG002', 'r1, r1*', $gone);
	check($how, 0, "$delete 'r1'", 'MG002', 'r2, nothing',
		qr/revision "r1" was removed while the migration was running/);
	check($how, 0, "${update} revision = 'other' $r2", 'MG002', 'other r1, r1*', $gone);
	check($how, 0, "${update} transactional = false $r2", 'MG008', 'r1 r2, r1*', $changed);
	check($how, 0, "${update} down_revision = '{}' $r2", 'MG008', 'r1 r2, r1*', $changed);
	check($how, 0, "${update} checksum = 'changed' $r2", '2|r2', 'r1 r2, r1 r2*, made');
	check($how, 0, "${update} downgrade_sql = NULL", '2|r2', 'r1 r2, r1 r2*, made');
	check($how, 0, 'DELETE FROM migrate_edge', '2|r2', 'r1 r2, r1 r2*, made');
	check($how, 0, 'DELETE FROM migrate_applied', '2|r2', 'r1 r2, r1 r2*, made');
	check($how, 0, 'DELETE FROM migrate_progress', '2|r2', 'r1 r2, r1 r2*, made');
	check($how, 0, 'DELETE FROM migrate_log; DELETE FROM migrate_model', '2|r2', 'r1 r2, r1 r2*, made');
	check($how, 0,
		q{INSERT INTO migrate_applied SELECT '', 'r1', true, false, now(), 'me', NULL, NULL, NULL, 'ran'},
		'MG008', 'r1 r2, r1*', $record);

	check($how, 1, "$delete 'r2'", 'MG002', 'r1, r2*, made', $gone);
	check($how, 1, "$delete 'r1'", '2|', 'r2, nothing');
	check($how, 1, "${update} downgrade_sql = NULL $r2", 'MG009', 'r1 r2, r2*, made',
		qr/revision "r2" is irreversible/);
	check($how, 1, "${update} transactional = false $r2", 'MG008', 'r1 r2, r2*, made', $changed);
	check($how, 1, q{DELETE FROM migrate_applied}, 'MG008', 'r1 r2, nothing, made', $record);
	check($how, 1, q{UPDATE migrate_applied SET revision = 'other' WHERE revision = 'r1'},
		'MG008', 'r1 r2, other* r2, made', $record);
	check($how, 1, 'DELETE FROM migrate_edge; DELETE FROM migrate_log', '2|', 'r1 r2, nothing');
}

#
# Tables and the extension; a transaction of the deploy would make these wait.
#
check('statement', 0, 'TRUNCATE migrate_revision', 'MG002', 'nothing, nothing',
	qr/revision "r1" was removed/);
check('statement', 1, 'TRUNCATE migrate_revision CASCADE', 'MG002', 'nothing, r2*, made', $gone);
check('statement', 0, 'TRUNCATE migrate_applied, migrate_edge, migrate_progress, migrate_log, migrate_model',
	'2|r2', 'r1 r2, r1 r2*, made');
check('statement', 1, 'TRUNCATE migrate_applied', 'MG008', 'r1 r2, nothing, made', $record);
foreach my $downwards (0, 1)
{
	check('statement', $downwards, 'DROP EXTENSION pg_migrations', '42P01', undef,
		qr/table "migrate_revision" of extension "pg_migrations" is missing.*The extension is not installed any more/s);
	check('statement', $downwards, 'DROP EXTENSION pg_migrations CASCADE; CREATE EXTENSION pg_migrations SCHEMA other',
		'42P01', undef, qr/The extension is in schema "other" now/);
	check('statement', $downwards, 'ALTER EXTENSION pg_migrations SET SCHEMA other', '42P01', undef,
		qr/The extension is in schema "other" now.*Call its functions there/s);
}
check('statement', 0, 'DROP EXTENSION pg_migrations; CREATE EXTENSION pg_migrations', 'MG002',
	'nothing, nothing', qr/revision "r1" was removed/);
# nothing that is recorded there has been reverted
check('statement', 1, 'DROP EXTENSION pg_migrations; CREATE EXTENSION pg_migrations', 'MG008',
	'nothing, nothing, made', $record);

# One that waits for the deploy's transaction has its way behind it.
prepare('transaction', 0);
$blocker->query_safe($held{transaction}{close});
{
	my $running = start_call($node, $db, q{CALL migrate_deploy('r1')});
	await($node, $held{transaction}{closed});
	my $drop = start_call($node, $db, 'DROP EXTENSION pg_migrations');
	await($node, "SELECT count(*) = 1 FROM pg_locks WHERE pid = $drop->{pid} AND NOT granted");
	$blocker->query_safe('COMMIT');
	unlike((end_call($running))[1], qr/XX000|server closed/, 'DROP EXTENSION behind a deploy: no internal error');
	is((end_call($drop))[1], '', 'DROP EXTENSION behind a deploy works');
}

#
# A wait
#
foreach my $case (
	[ "$delete 'r1'; $delete 'r2'", 'MG022' ],
	[ 'TRUNCATE migrate_applied, migrate_edge', 'MG022' ],
	[ 'DROP EXTENSION pg_migrations', '42P01' ],
	[ 'ALTER EXTENSION pg_migrations SET SCHEMA other', '42P01' ])
{
	my ($action, $result) = @$case;
	prepare('transaction', 0);
	my $running = start_call($node, $db, q{CALL migrate_wait('r2', wait => '3 s')});
	await($node,
		"SELECT count(*) = 1 FROM pg_stat_activity WHERE pid = $running->{pid} AND wait_event_type = 'Extension'");
	$node->safe_psql($db, $action);
	is(errors_of((end_call($running))[1]), $result, "wait: $action");
}

#
# A comparison, held up while the model is built
#
my $model = q{CREATE TABLE wanted (); DO $$ BEGIN PERFORM pg_advisory_xact_lock_shared(1); END $$};
my %compare = (
	migrate_diff => 'SELECT operation, object FROM migrate_diff() ORDER BY object COLLATE "C"',
	migrate_autogenerate => q{SELECT migrate_autogenerate('new', rev_id => 'r3')},
	migrate_check => 'SELECT migrate_check()');
my $stands = q{SELECT string_agg(revision || ' on ' || down_revision::text, ', ' ORDER BY revision) FROM migrate_revision};
my $all = 'r1 on {}, r2 on {r1}';
foreach my $case (
	[ 'migrate_diff', 'DELETE FROM migrate_model; DELETE FROM migrate_revision', "drop|public.busy\ncreate|public.wanted", '' ],
	[ 'migrate_autogenerate', 'DELETE FROM migrate_model', 'r3', "$all, r3 on {r2}" ],
	[ 'migrate_autogenerate', 'DELETE FROM migrate_revision', 'r3', 'r3 on {}' ],
	[ 'migrate_autogenerate', 'DELETE FROM migrate_applied; DELETE FROM migrate_edge; DELETE FROM migrate_log', 'r3', "$all, r3 on {r2}" ],
	[ 'migrate_check', 'DELETE FROM migrate_model', 'MG021', $all ])
{
	my ($function, $action, $result, $after) = @$case;
	prepare('transaction', 0);
	$node->safe_psql($db, "SELECT migrate_stamp('r2'); SELECT migrate_set_model(\$m\$$model\$m\$)");
	$blocker->query_safe($held{transaction}{close});
	my $running = start_call($node, $db, $compare{$function});
	await($node, $held{transaction}{closed});
	$node->safe_psql($db, $action);
	$blocker->query_safe('COMMIT');
	my ($out, $err) = end_call($running);
	is(errors_of($err) || $out, $result, "$function: $action: result");
	is($node->safe_psql($db, $stands), $after, "$function: $action: state");
}

ok($node->safe_psql($db, 'SELECT 1'), 'the server is up');
unlike(slurp_file($node->logfile), qr/terminated by signal|XX000/, 'and has been all the time');
done_testing();
