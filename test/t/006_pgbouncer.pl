# PgBouncer in transaction pooling mode: clients share a connection to the
# server, so whatever a run left behind in the session would hit a stranger.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my ($pgbouncer) = grep { -x $_ }
  map { "$_/pgbouncer" } (split(/:/, $ENV{PATH}), '/usr/sbin', '/usr/local/sbin');
plan skip_all => 'PgBouncer is not installed' unless defined $pgbouncer;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$node->safe_psql(
	'postgres', q{
	CREATE ROLE regress_mig_deployer;
	CREATE SCHEMA app AUTHORIZATION regress_mig_deployer;
	CREATE SCHEMA tenant;
	CREATE SCHEMA mig;
	CREATE EXTENSION pg_migrations SCHEMA mig;
	CREATE TABLE app.gate ();
	ALTER DATABASE postgres SET search_path = app, mig;
});

#
# Start it, with one connection to the server for all clients.
#
my $dir = PostgreSQL::Test::Utils::tempdir_short;
my $user = $node->safe_psql('postgres', 'SELECT current_user');
my $port = PostgreSQL::Test::Cluster::get_free_port();
my $host = $node->host;
my $server_port = $node->port;

append_to_file("$dir/users", "\"$user\" \"\"\n");
append_to_file(
	"$dir/pgbouncer.ini", qq{
[databases]
one = host=$host port=$server_port dbname=postgres pool_size=1
many = host=$host port=$server_port dbname=postgres pool_size=8
[pgbouncer]
listen_addr =
listen_port = $port
unix_socket_dir = $dir
auth_type = trust
auth_file = $dir/users
pool_mode = transaction
max_client_conn = 100
logfile = $dir/log
pidfile = $dir/pid
});

# The IPC::Run handle's kill_kill is not enough if the test dies.
my ($out, $err) = ('', '');
my $bouncer = IPC::Run::start([ $pgbouncer, '-q', "$dir/pgbouncer.ini" ],
	'>', \$out, '2>', \$err);

END
{
	# $? must survive
	my $status = $?;
	$bouncer->kill_kill if defined $bouncer;
	$? = $status;
}

# The methods of a node, with PgBouncer in between
my $proxy = bless { %$node, _host => $dir, _port => $port }, ref $node;

for (my $i = 0; $i < 10 * $PostgreSQL::Test::Utils::timeout_default; $i++)
{
	last if $proxy->psql('one', 'SELECT 1') == 0;
	usleep(100_000);
}

# A client: a psql that stays connected
sub client
{
	my ($name) = @_;
	local $ENV{PGAPPNAME} = $name;
	return $proxy->background_psql('one', on_error_stop => 0);
}

# A result and its messages
sub query
{
	my ($client, $query) = @_;
	$client->{stderr} = '';
	my $result = $client->query($query);
	my $messages = $client->{stderr};
	$client->{stderr} = '';
	return wantarray ? ($result, $messages) : $result;
}

my $ann = client('ann');
my $bob = client('bob');
my $settings =
  q{SELECT current_setting('search_path'), current_user, current_setting('statement_timeout'),
	current_setting('work_mem'), current_setting('application_name')};

is( query($ann, 'SELECT pg_backend_pid()'),
	query($bob, 'SELECT pg_backend_pid()'),
	'two clients share a connection');
is(query($ann, $settings), "app, mig|$user|0|4MB|ann", 'settings for one');
is(query($bob, $settings), "app, mig|$user|0|4MB|bob", 'and for the other');

# Stored by one, applied by the other; messages reach the one who asked.
my ($result, $messages) = query(
	$ann, q{SELECT migrate_revision('create a', $$CREATE TABLE a (name text);
	INSERT INTO a VALUES (current_setting('application_name'));
	SET search_path = tenant; SET work_mem = '1MB'; SET statement_timeout = '7s'; SET ROLE regress_mig_deployer$$,
	'DROP TABLE a', rev_id => 'aaaa')});
is($result, 'aaaa', 'stored');
like($messages, qr/NOTICE:  stored revision "aaaa"/, 'with a notice');
($result, $messages) =
  query($bob, q{SELECT revision FROM migrate_upgrade('head')});
is($result, 'aaaa', 'applied');
like($messages, qr/NOTICE:  \[1\/1\] upgrade base -> aaaa/, 'with a notice');
is(query($ann, $settings), "app, mig|$user|0|4MB|ann",
	'what the script has set is gone');
is(query($bob, $settings), "app, mig|$user|0|4MB|bob", 'for both');
is(query($ann, 'SELECT name FROM a'), 'bob', 'the script ran for bob');
is( $node->safe_psql('postgres',
		q{SELECT application_name FROM migrate_log WHERE action = 'upgrade'}),
	'bob',
	'and so says the log');

# pg_stat_activity as others see it
sub server_names
{
	return $node->safe_psql('postgres',
		q{SELECT string_agg(application_name, ' ' ORDER BY application_name)
		FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()}
	);
}

is(query($bob, 'SELECT 1'), '1', 'bob speaks last');
is(server_names(), 'bob', 'his name is shown');

# A failing script
query($ann,
	q{SELECT migrate_revision('fails', 'SET search_path = tenant; CREATE TABLE b (); SELECT 1/0', '', rev_id => 'bbbb')}
);
($result, $messages) = query($bob, q{SELECT migrate_upgrade('head')});
like($messages, qr/ERROR:  division by zero/, 'an error reaches the one who asked');
is(server_names(), 'bob', 'his name is shown after an error');
is(query($ann, $settings), "app, mig|$user|0|4MB|ann",
	'settings after an error');
is(query($ann, q{SELECT to_regclass('tenant.b') IS NULL}),
	't', 'nothing is left of it');
is( query($ann,
		q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}),
	'0',
	'no lock is left');
is(query($bob, q{SELECT revision FROM migrate_current()}),
	'aaaa', 'the next call is not taken for a run in a run');
query($ann, q{SELECT migrate_remove('bbbb')});

# An open transaction keeps the connection: the other one waits outside.
query($ann,
	q{SELECT migrate_revision('create c', 'CREATE TABLE c ()', 'DROP TABLE c', rev_id => 'cccc')}
);
is( query($ann, q{BEGIN; SELECT revision FROM migrate_upgrade('head')}),
	'cccc', 'ann upgrades in a transaction');
$bob->query_until(qr/started/,
	"\\echo started\nSELECT 'steps', count(*) FROM migrate_upgrade('head');\n");
query($ann, 'COMMIT');
is(query($bob, q{SELECT revision FROM migrate_current()}),
	"steps|0\ncccc", 'bob comes next and has nothing to do');

# Plans that are kept in the shared connection, while the extension is dropped
# and created, moves, and is renamed
$node->safe_psql(
	'postgres', q{DROP EXTENSION pg_migrations;
	CREATE EXTENSION pg_migrations SCHEMA mig});
is( query($bob,
		q{SELECT migrate_revision('anew', 'CREATE TABLE n ()', 'DROP TABLE n', rev_id => 'nnnn')}
	),
	'nnnn',
	'the extension was created anew: storing works');
is(query($ann, q{SELECT revision FROM migrate_upgrade('head')}),
	'nnnn', 'upgrading works');
$node->safe_psql('postgres',
	'ALTER EXTENSION pg_migrations SET SCHEMA app');
is(query($bob, q{SELECT revision FROM migrate_downgrade('base')}),
	'nnnn', 'it has moved: downgrading works');
is(query($ann, q{SELECT revision FROM migrate_upgrade('head')}),
	'nnnn', 'upgrading works');
is(query($bob, q{SELECT count(*) FROM migrate_upgrade('head')}),
	'0', 'and doing nothing');

# Temporary names and prepared transactions aside, nothing of ours is left in
# the session.
is( query($ann,
		q{SELECT count(*) FROM pg_prepared_statements;
		SELECT count(*) FROM pg_cursors;
		SELECT count(*) FROM pg_listening_channels();
		SELECT count(*) FROM pg_class WHERE relpersistence = 't'}),
	"0\n0\n0\n0",
	'no session state');

#
# Many clients over few connections
#
$node->safe_psql(
	'postgres', q{
	SELECT migrate_revision('number ' || i, format('CREATE TABLE x%s (); SELECT pg_sleep(0.01)', i), rev_id => 'x00' || i)
	FROM generate_series(1, 9) i});
my @clients;
foreach my $i (1 .. 20)
{
	my $client = { out => '', err => '' };
	$client->{run} = IPC::Run::start(
		[
			'psql', '-XAtqc',
			q{SET client_min_messages = warning; SELECT count(*) FROM migrate_upgrade('head')},
			'-d', $proxy->connstr('many')
		],
		'>', \$client->{out}, '2>', \$client->{err},
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	push @clients, $client;
}
my ($failed, $steps) = (0, 0);
foreach my $client (@clients)
{
	$failed++ unless $client->{run}->finish;
	$steps += $client->{out} if $client->{out} ne '';
	is($client->{err}, '', 'no messages');
}
is($failed, 0, 'nobody fails');
is($steps, 9, 'each revision once');
is($node->safe_psql('postgres', q{SELECT revision FROM migrate_current()}),
	'x009', 'all are applied');

$ann->quit;
$bob->quit;

done_testing();
