# The guard that logs DDL: what it keeps through dumps, restores, a standby's
# promotion and DROP EXTENSION; scripts of extensions; workers of logical
# replication; cancels and locks; and the way out when the module is missing.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $share = `pg_config --sharedir`;
chomp $share;
$share .= '/extension';
plan skip_all => "needs to write into $share" unless -w $share;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 'logical');
$node->start;
$ENV{LC_ALL} = 'C';
$ENV{PGOPTIONS} = '-c client_min_messages=warning';
my $dir = PostgreSQL::Test::Utils::tempdir;

sub sql { return $node->safe_psql(@_) }

# What was logged after the entry with this number
my $last = 0;

sub logged
{
	my ($db, $on) = @_;
	my $rows = ($on // $node)->safe_psql($db,
		"SELECT id, coalesce(context || ': ', '') || array_to_string(objects, ', ') FROM mig.migrate_log WHERE action = 'ddl' AND id > $last ORDER BY id");
	my @lines;
	foreach my $row (split /\n/, $rows)
	{
		($last, my $line) = split /\|/, $row, 2;
		push @lines, $line;
	}
	return join('; ', @lines);
}

sub succeeds
{
	my ($name, @command) = @_;
	my ($out, $err);
	ok(IPC::Run::run(\@command, '>', \$out, '2>', \$err), "$name succeeds");
	is($err, '', "$name prints no warning");
	return;
}

sql('postgres', 'CREATE DATABASE app');
sql('app', q{
	CREATE SCHEMA mig;
	CREATE EXTENSION pg_migrations SCHEMA mig;
	SET migrate.exclude = 'public.job_*';
	SELECT mig.migrate_guard('log', '{public}');
	CREATE TABLE t (a int PRIMARY KEY);
});
is(logged('app'), 'table public.t, index public.t_pkey', 'the guard is on');

#
# Dump and restore
#
my $triggers = q{SELECT string_agg(evtname || ' ' || evtevent, ', ' ORDER BY evtname) FROM pg_event_trigger};
my $drop = q{
	DROP EXTENSION pg_migrations;
	SELECT count(*) FROM pg_event_trigger;
	CREATE EXTENSION pg_migrations SCHEMA mig;
	CREATE TABLE without (a int);
	SELECT count(*) FROM mig.migrate_log;
};
foreach my $way (
	[ 'plain', [], undef ], [ 'custom', ['-Fc'], [] ], [ 'parallel', ['-Fd'], [ '-j', '2' ] ],
	[ 'at once', ['-Fc'], [ '--single-transaction', '--exit-on-error' ] ])
{
	my ($name, $dump, $restore) = @$way;
	my $file = "$dir/$name";

	succeeds("pg_dump, $name", 'pg_dump', '-f', $file, @$dump, $node->connstr('app'));
	sql('postgres', 'CREATE DATABASE copy');
	succeeds("the restore, $name", $restore ? ('pg_restore', @$restore, '-d', $node->connstr('copy'), $file) :
		('psql', '-Xq', '-o', '/dev/null', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('copy'), '-f', $file));
	is(sql('copy', $triggers), sql('app', $triggers), "$name: the event triggers are there");
	is(sql('copy', 'SELECT count(*) FROM mig.migrate_log'), sql('app', 'SELECT count(*) FROM mig.migrate_log'), "$name: the restore itself is not logged");
	my $before = $last;
	sql('copy', 'CREATE TABLE u (a int); CREATE TABLE job_1 (a int); CREATE SCHEMA other CREATE TABLE o (a int); DROP TABLE u');
	is(logged('copy'), 'table public.u; table public.u', "$name: the guard is on, with its schemas and patterns");
	$last = $before;
	is(sql('copy', $drop), "0\n0", "$name: DROP EXTENSION takes it along, and the next one begins without");
	sql('postgres', 'DROP DATABASE copy');
}

# the schema alone: without its row the guard sees all
succeeds('pg_dump -s', 'pg_dump', '-s', '-f', "$dir/schema", $node->connstr('app'));
sql('postgres', 'CREATE DATABASE copy');
succeeds('its restore', 'psql', '-Xq', '-o', '/dev/null', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('copy'), '-f', "$dir/schema");
sql('copy', 'CREATE SCHEMA other CREATE TABLE o (a int); CREATE TABLE job_1 (a int)');
$last = 0;
is(logged('copy'), 'schema other, table other.o; table public.job_1', 'a dump of the schema: all is seen');
sql('postgres', 'DROP DATABASE copy');
$last = sql('app', 'SELECT max(id) FROM mig.migrate_log');

#
# Scripts of extensions
#
my @files = map { "$share/mig_guard_test$_" } ('.control', '--1.sql', '--1--2.sql');
END { unlink @files if @files }
append_to_file($files[0], "default_version = '1'\nrelocatable = true\n");
append_to_file($files[1], "CREATE FUNCTION made() RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE TABLE of_extension (a int);\n");
append_to_file($files[2], "ALTER TABLE of_extension ADD b int; DROP FUNCTION made(); CREATE FUNCTION made() RETURNS int LANGUAGE sql AS 'SELECT 2';\n");
sql('app', q{
	SELECT mig.migrate_guard('log');
	CREATE EXTENSION mig_guard_test;
	ALTER EXTENSION mig_guard_test UPDATE TO '2';
	ALTER EXTENSION mig_guard_test SET SCHEMA mig;
	ALTER EXTENSION mig_guard_test DROP TABLE mig.of_extension;
	ALTER EXTENSION mig_guard_test ADD TABLE mig.of_extension;
	GRANT SELECT ON mig.of_extension TO PUBLIC;
	CREATE TABLE uses (a int DEFAULT mig.made());
	DROP EXTENSION mig_guard_test CASCADE;
});
like(logged('app'), qr/^extension mig_guard_test; table public.uses; extension mig_guard_test, .*default value for public.uses.a/,
	'of an extension nothing but itself is logged, and what it takes along');

#
# A worker of logical replication, whose triggers make tables
#
$node->safe_psql('postgres', 'CREATE DATABASE subscriber');
sql('app', 'CREATE TABLE sent (a int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE sent');
sql('subscriber', q{
	CREATE SCHEMA mig;
	CREATE EXTENSION pg_migrations SCHEMA mig;
	CREATE TABLE sent (a int PRIMARY KEY);
	CREATE FUNCTION make() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN EXECUTE format('CREATE TABLE public.part_%s (a int)', NEW.a); RETURN NEW; END$$;
	CREATE TRIGGER make BEFORE INSERT ON sent FOR EACH ROW EXECUTE FUNCTION make();
	ALTER TABLE sent ENABLE ALWAYS TRIGGER make;
	SELECT mig.migrate_guard('log');
});
my $connection = $node->connstr('app');
$connection =~ s/'/''/g;
sql('app', q{SELECT pg_create_logical_replication_slot('s', 'pgoutput')});
sql('subscriber', "CREATE SUBSCRIPTION s CONNECTION '$connection' PUBLICATION p WITH (create_slot = false, copy_data = false)");
$last = sql('subscriber', 'SELECT max(id) FROM mig.migrate_log');
sql('app', 'INSERT INTO sent VALUES (1), (2)');
ok($node->poll_query_until('subscriber', q{SELECT count(*) = 2 FROM sent}), 'rows arrive');
is(sql('subscriber', q{SELECT to_regclass('part_1') IS NOT NULL}), 't', 'the worker has made a table');
is(logged('subscriber'), '', 'which is not logged');
sql('subscriber', 'INSERT INTO sent VALUES (3)');
is(logged('subscriber'), 'CREATE TABLE: table public.part_3', 'but one that somebody makes is');
sql('subscriber', 'DROP SUBSCRIPTION s');
$last = sql('app', 'SELECT max(id) FROM mig.migrate_log');

#
# Somebody holds the log
#
my $holder = $node->background_psql('app');
$holder->query_safe('BEGIN; LOCK TABLE mig.migrate_log IN EXCLUSIVE MODE');
my ($rc, $out, $err) = $node->psql('app', q{SET lock_timeout = '10ms'; CREATE TABLE waits (a int)});
is($rc, 0, 'a statement that cannot be logged in time is done');
like($err, qr/WARNING:  could not log that CREATE TABLE changed the schema: canceling statement due to lock timeout/, 'with a warning');
is(sql('app', q{SELECT to_regclass('waits')}), 'waits', 'the table is there');
($rc, $out, $err) = $node->psql('app', q{SET statement_timeout = '10ms'; CREATE TABLE never (a int)});
like($err, qr/ERROR:  canceling statement due to statement timeout/, 'a cancel is obeyed');
is(sql('app', q{SELECT to_regclass('never')}), '', 'there is no table');
$holder->query_safe('COMMIT');
$holder->quit;
is(logged('app'), '', 'neither is logged');

# one log for many at a time
$node->pgbench('-c 4 -t 20 -n', 0, [qr/processed: 80\/80/], [qr/^(?!.*(?:WARNING|ERROR))/s], 'four sessions make and drop tables',
	{ '038_ddl' => "BEGIN;\nCREATE TABLE c:client_id (a int);\nDROP TABLE c:client_id;\nCOMMIT;\n" }, $node->connstr('app'));
is(sql('app', "SELECT count(*) FROM mig.migrate_log WHERE action = 'ddl' AND id > $last"), '160', 'all of it is logged');
$last = sql('app', 'SELECT max(id) FROM mig.migrate_log');

#
# A standby that takes over
#
$node->backup('backup');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'backup', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby);
$standby->promote;
$standby->safe_psql('app', 'CREATE TABLE afterwards (a int)');
is(logged('app', $standby), 'table public.afterwards', 'the promoted standby logs');

# ... and has no module
my $lose = sub {
	$standby->safe_psql('app', q{SET allow_system_table_mods = on;
		UPDATE pg_proc SET probin = '$libdir/pg_migrations_missing' WHERE proname = 'migrate_guard_event'});
};
my $version = $standby->safe_psql('postgres', q{SELECT current_setting('server_version_num')});
foreach my $way (
	[ 'dropping the event triggers', 'DROP EVENT TRIGGER migrate_guard_end; DROP EVENT TRIGGER migrate_guard_drop; DROP EVENT TRIGGER migrate_guard_start' ],
	[ 'disabling them', 'ALTER EVENT TRIGGER migrate_guard_end DISABLE; ALTER EVENT TRIGGER migrate_guard_drop DISABLE' ],
	[ 'session_replication_role', 'SET session_replication_role = replica' ],
	$version >= 170000 ? [ 'event_triggers', 'SET event_triggers = off' ] : ())
{
	my ($name, $statement) = @$way;

	$standby->safe_psql('app', q{SELECT mig.migrate_guard('log')});
	$lose->();
	($rc, $out, $err) = $standby->psql('app', 'CREATE TABLE stopped (a int)');
	like($err, qr/could not access file "(\$libdir\/)?pg_migrations_missing"/, 'without the module nobody changes the schema');
	is($standby->safe_psql('app', "$statement; CREATE TABLE goes_on (a int); DROP TABLE goes_on; SELECT 'on'"), 'on', "$name helps");
	$standby->safe_psql('app', q{SET session_replication_role = replica; SET allow_system_table_mods = on;
		UPDATE pg_proc SET probin = '$libdir/pg_migrations' WHERE proname = 'migrate_guard_event'});
}
$standby->stop;

# DROP OWNED, DROP ROLE and DROP SCHEMA of whoever set it
sql('app', q{
	CREATE ROLE regress_mig_admin SUPERUSER;
	SET ROLE regress_mig_admin;
	SELECT mig.migrate_guard('log');
	RESET ROLE;
	REASSIGN OWNED BY regress_mig_admin TO postgres;
	DROP ROLE regress_mig_admin;
});
$last = sql('app', 'SELECT max(id) FROM mig.migrate_log');
sql('app', 'CREATE TABLE still (a int)');
is(logged('app'), 'table public.still', 'it goes on when who set it is gone');
sql('app', 'DROP SCHEMA mig CASCADE');
is(sql('app', 'SELECT count(*) FROM pg_event_trigger'), '0', 'DROP SCHEMA CASCADE takes all along');

unlike(slurp_file($node->logfile), qr/XX\d\d\d|PANIC|TRAP:/, 'the log has no internal errors');
$node->stop;
done_testing();
