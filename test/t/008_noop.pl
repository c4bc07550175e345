# An upgrade with nothing to do costs nothing: no WAL, no transaction id, no
# lock beyond AccessShare, for whoever may call it and in any transaction.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;

# Nobody else may write WAL: no vacuum, no checkpoint, no snapshots for
# standbys.
$node->append_conf(
	'postgresql.conf', q{
wal_level = minimal
max_wal_senders = 0
autovacuum = off
checkpoint_timeout = 1d
wal_log_hints = off
});
$node->start;

$ENV{PGOPTIONS} = '-c client_min_messages=warning';

$node->safe_psql(
	'postgres', q{
	CREATE EXTENSION pg_migrations;
	CREATE SCHEMA tenant;
	CREATE ROLE regress_mig_caller;
	GRANT USAGE ON SCHEMA tenant TO regress_mig_caller;
	GRANT EXECUTE ON FUNCTION migrate_upgrade, migrate_downgrade TO regress_mig_caller;
	DO $$
	BEGIN
		FOR i IN 1 .. 200 LOOP
			PERFORM migrate_revision('number ' || i, 'SELECT 1', 'SELECT 1', rev_id => 'r' || lpad(i::text, 4, '0'));
		END LOOP;
		PERFORM migrate_revision('a branch', 'SELECT 1', 'SELECT 1', rev_id => 'branch', head => 'r0100', splice => true, branch_label => 'side');
		PERFORM migrate_merge(rev_id => 'merged');
	END $$;
	SELECT migrate_upgrade('r0050');
	SELECT migrate_upgrade('head');
	SELECT migrate_upgrade('r0100', schema => 'tenant');
	VACUUM;
});

my $session = $node->background_psql('postgres');

# What a number of calls does and costs: steps, WAL in bytes, transaction ids
sub cost_of
{
	my ($call, $times) = @_;
	my $measure =
	  q{SELECT pg_current_wal_insert_lsn() - '0/0', pg_snapshot_xmax(pg_current_snapshot())};
	my ($lsn, $xid) = split /\|/, $session->query_safe($measure);
	my $steps = 0;

	foreach (1 .. $times)
	{
		$steps += $session->query_safe("SELECT count(*) FROM $call");
	}
	my ($lsn_after, $xid_after) = split /\|/, $session->query_safe($measure);
	return ($steps, $lsn_after - $lsn, $xid_after - $xid);
}

my @calls = (
	q{migrate_upgrade('head')},
	q{migrate_upgrade()},
	q{migrate_upgrade('heads')},
	q{migrate_upgrade('merged')},
	q{migrate_upgrade('r0007')},
	q{migrate_upgrade('side@head')},
	q{migrate_upgrade('r0099', schema => 'tenant')},
	q{migrate_downgrade('base', schema => 'public')});

foreach my $call (@calls)
{
	# The first call after a change may prune pages.
	cost_of($call, 1);
	is_deeply([ cost_of($call, 50) ], [ 0, 0, 0 ],
		"$call does nothing and costs nothing");
}

# The measure measures.
my ($steps, $bytes, $ids) =
  cost_of(q{migrate_upgrade('r0101', schema => 'tenant')}, 1);
is($steps, 1, 'an upgrade with something to do');
cmp_ok($bytes, '>', 0, 'writes WAL');
cmp_ok($ids, '>', 0, 'and takes a transaction id');

# In transactions of all kinds, and what they hold afterwards
my $held =
  q{SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()
	AND (locktype = 'advisory' OR mode NOT IN ('AccessShareLock', 'SIReadLock')
		AND NOT (locktype = 'virtualxid' AND mode = 'ExclusiveLock'))};
foreach my $begin (
	'BEGIN',
	'BEGIN READ ONLY',
	'BEGIN ISOLATION LEVEL REPEATABLE READ',
	'BEGIN ISOLATION LEVEL SERIALIZABLE',
	'BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE')
{
	$session->query_safe($begin);
	foreach my $call (@calls)
	{
		is($session->query_safe("SELECT count(*) FROM $call"),
			'0', "$begin: $call");
	}
	is($session->query_safe('SELECT pg_current_xact_id_if_assigned() IS NULL'),
		't', "$begin: no transaction id");
	is($session->query_safe($held),
		'0', "$begin: no lock beyond AccessShare");
	$session->query_safe('COMMIT');
}
$session->query_safe('BEGIN');
$session->query_safe(q{SELECT migrate_upgrade('+1', schema => 'tenant')});
is( $session->query_safe(
		q{SELECT string_agg(mode, ' ' ORDER BY mode) FROM pg_locks
		WHERE pid = pg_backend_pid() AND locktype = 'advisory'}),
	'AccessShareLock ExclusiveLock ShareLock',
	'a run holds the graph lock, a run lock, and a deploy lock');
$session->query_safe('ROLLBACK');

# The SQLSTATE of a query's error, or its result
sub result_of
{
	my ($query) = @_;
	my ($rc, $out, $err) = $node->psql('postgres', $query,
		extra_params => [ '-v', 'VERBOSITY=sqlstate' ]);
	return $rc == 0 ? $out : $err =~ /ERROR:  (\S+)/ ? $1 : $err;
}

# A database that is read-only for its sessions
is( result_of(
		q{SET default_transaction_read_only = on; SELECT count(*) FROM migrate_upgrade('head')}
	),
	'0',
	'default_transaction_read_only: nothing to do');
is( result_of(
		q{SET default_transaction_read_only = on; SELECT count(*) FROM migrate_upgrade('head', schema => 'tenant')}
	),
	'25006',
	'default_transaction_read_only: something to do');

# A role that may call and nothing else
foreach my $call (@calls)
{
	is(result_of("SET ROLE regress_mig_caller; SELECT count(*) FROM $call"),
		'0', "EXECUTE is enough for $call");
}

# Settings that would turn a plan into something slow do not matter: there is
# no plan.
is( result_of(
		q{SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off;
		SELECT count(*) FROM migrate_upgrade('head');
		SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'migrate_revision'}
	),
	"0\n0",
	'index scans whatever the planner is told');

$session->quit;

done_testing();
