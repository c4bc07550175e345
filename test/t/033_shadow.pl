# A model of a thousand tables is built with few locks; a backend or the whole
# server that dies meanwhile leaves nothing behind; a standby builds nothing.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

# The lock table has room for a few hundred locks, the model needs thousands.
my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 1);
$node->append_conf(
	'postgresql.conf', q{
restart_after_crash = on
max_locks_per_transaction = 10
max_connections = 12
max_worker_processes = 2
max_wal_senders = 3
max_prepared_transactions = 0
});
$node->start;
$ENV{PGOPTIONS} = '-c client_min_messages=warning';
$node->safe_psql(
	'postgres', q{
	CREATE SCHEMA mig;
	CREATE EXTENSION pg_migrations SCHEMA mig;
	ALTER DATABASE postgres SET search_path = public, mig;
	CREATE TABLE precious (id int PRIMARY KEY, name text);
	INSERT INTO precious VALUES (1, 'one');
});

# $n tables, each with a key, a foreign key, an index and a comment
sub model_of
{
	my ($n) = @_;
	my $model = "CREATE TABLE precious (id int PRIMARY KEY, name text);\n";
	for my $i (1 .. $n)
	{
		$model .= "CREATE TABLE t$i (id serial PRIMARY KEY, name text NOT NULL, precious_id int REFERENCES precious);\n"
		  . "CREATE INDEX ON t$i (name);\nCOMMENT ON TABLE t$i IS 'table $i';\n";
	}
	return $model;
}

# What a comparison could leave behind
my $nothing_left = q{
	SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'migrate\_%';
	SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace;
	SELECT count(*) FROM pg_locks WHERE locktype = 'advisory';
	SELECT count(*) FROM pg_depend d JOIN pg_class c ON c.oid = d.refobjid
	WHERE d.classid = 'pg_class'::regclass AND NOT EXISTS (SELECT FROM pg_class WHERE oid = d.objid);
	SELECT name FROM precious;
};
my $clean = "0\nprecious precious_pkey\n0\n0\none";

#
# Locks
#
is($node->safe_psql('postgres', "SELECT count(*) FROM migrate_diff('" . (model_of(1000) =~ s/'/''/gr) . "') WHERE operation = 'create'"),
	'2000', 'a thousand tables, with keys and indexes, are compared');
is($node->safe_psql('postgres', $nothing_left), $clean, 'and nothing of them is left');

#
# A backend, then the server, dies.
#
my $held = model_of(3) . q{DO 'BEGIN PERFORM pg_advisory_xact_lock(1); END'};
$held =~ s/'/''/g;

# Start a comparison that waits within its model.
sub start_held
{
	my $keeper = $node->background_psql('postgres');
	my ($out, $err) = ('', '');

	$keeper->query_safe('SELECT pg_advisory_lock(1)');
	my $run = IPC::Run::start(
		[ 'psql', '-XAt', '-d', $node->connstr('postgres'), '-c', "SELECT * FROM migrate_diff('$held', renames => '{\"precious\": \"dear\"}')" ],
		'>', \$out, '2>', \$err,
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	$node->poll_query_until('postgres',
		q{SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted})
	  or die 'the comparison did not reach its model';
	my $pid = $node->safe_psql('postgres',
		q{SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted});
	return ($keeper, $run, $pid);
}

# A query would be written to a psql that may have given up already.
sub await_server
{
	my $attempts = 10 * $PostgreSQL::Test::Utils::timeout_default;
	until (run_log([ 'pg_isready', '-q', '-h', $node->host, '-p', $node->port ]))
	{
		die 'the server did not come back' unless $attempts-- > 0;
		usleep(100_000);
	}
	return;
}

# The session that holds the lock dies with the server.
sub end_keeper
{
	my ($keeper) = @_;
	eval { $keeper->{run}->kill_kill; 1 } or note "psql has ended: $@";
	return;
}

my ($keeper, $run, $pid) = start_held();
is($node->safe_psql('postgres', 'SELECT name FROM precious'), 'one', 'others see the live table meanwhile');
kill 'KILL', $pid;
ok(!$run->finish, 'the client of a killed backend is told');
end_keeper($keeper);
await_server();
is($node->safe_psql('postgres', $nothing_left), $clean, 'a killed backend leaves nothing');
is($node->safe_psql('postgres', "SELECT count(*) FROM migrate_diff('CREATE TABLE precious (id int PRIMARY KEY, name text)')"),
	'0', 'and the next comparison works');

($keeper, $run, $pid) = start_held();
$node->stop('immediate');
$run->finish;
end_keeper($keeper);
$node->start;
is($node->safe_psql('postgres', $nothing_left), $clean, 'a crash of the server leaves nothing');

($keeper, $run, $pid) = start_held();
$node->safe_psql('postgres', "SELECT pg_terminate_backend($pid, 10000)");
$run->finish;
is($node->safe_psql('postgres', "SELECT count(*) FROM pg_stat_activity WHERE pid = $pid"), '0', 'a comparison can be ended');
$keeper->quit;
is($node->safe_psql('postgres', $nothing_left), $clean, 'and leaves nothing');

#
# What a comparison tells at debug2
#
$node->safe_psql('postgres', 'CREATE TABLE goods (id int PRIMARY KEY, v int); CREATE VIEW cheap AS SELECT id, v FROM goods');
my $other = q{
	CREATE TABLE precious (id int PRIMARY KEY, name text);
	CREATE TABLE goods (id int PRIMARY KEY, v bigint);
	CREATE VIEW cheap AS SELECT id, v FROM goods};
my (undef, undef, $told) = $node->psql('postgres',
	"SET client_min_messages = debug2; SELECT migrate_diff('$other')");
my @told = $told =~ /DEBUG:  ((?:comparison|old|new|edge:|action) .*)$/mg;
$told = join "\n", @told;
like($told, qr/^comparison for the upgrade, round 1$/m, 'debug2 tells which comparison');
like($told, qr/^old column public.goods.v: alter \(type\)$/m, 'what becomes of an object, and why');
like($told, qr/^new table public.goods: keep; needs schema public$/m, 'of those that stay, too');
like($told, qr/^old view public.cheap: re-create \(columns\); needs .*column public.goods.v/m,
	'what an object needs');
like(
	$told,
	qr/^edge: drop to re-create view public.cheap before alter column public.goods.v \(type\), because of edges_of_drop\(\)$/m,
	'what comes before what, and why');
is_deeply(
	[ grep { /^action / } @told ],
	[
		'action 1: drop to re-create view public.cheap',
		'action 2: alter column public.goods.v (type)',
		'action 3: re-create view public.cheap'
	],
	'and the order in the end');
(undef, undef, $told) = $node->psql('postgres',
	"SET client_min_messages = debug1; SELECT migrate_diff('$other')");
like($told, qr/DEBUG:  built the model/, 'debug1 tells how long it took');
unlike($told, qr/DEBUG:  (?:comparison|old|new|edge:|action) /, 'and nothing of this');
$node->safe_psql('postgres', 'DROP TABLE goods CASCADE');

#
# A standby
#
$node->safe_psql('postgres', q{SELECT migrate_set_model('CREATE TABLE precious (id int PRIMARY KEY, name text)')});
$node->backup('backup');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'backup', has_streaming => 1);
$standby->start;
for my $call ("migrate_check('CREATE TABLE t ()')", "migrate_diff('CREATE TABLE t ()')",
	"migrate_autogenerate_sql('CREATE TABLE t ()')",
	"migrate_set_model('CREATE TABLE t ()')", "migrate_autogenerate('x')")
{
	my ($rc, $out, $err) = $standby->psql('postgres', "SELECT $call",
		extra_params => [ '-v', 'VERBOSITY=verbose' ]);
	my ($function) = $call =~ /^(\w+)/;
	like($err, qr/ERROR:  25006: .*\Q$function\E\(\).*(?:recovery|read-only)/, "a standby refuses $function()");
}
is($standby->safe_psql('postgres', 'SELECT migrate_check(); SELECT count(*) FROM migrate_diff()'),
	"\n0", 'but holds what is kept of the stored model against its schema');
is($standby->safe_psql('postgres', 'SELECT migrate_get_model()'),
	'CREATE TABLE precious (id int PRIMARY KEY, name text)', 'a standby shows the model');
like($standby->safe_psql('postgres', 'SELECT migrate_schema_sql()'), qr/CREATE TABLE public.precious/, 'and its schema');
$standby->stop;

unlike(slurp_file($node->logfile), qr/XX\d\d\d|PANIC|TRAP:/, 'the log has no internal errors');
$node->stop;

done_testing();
