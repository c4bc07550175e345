# Through PgBouncer in transaction mode: a deploy is one statement, which keeps
# its server connection to its end, so that its locks are its own.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use Deploy;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($pgbouncer) = grep { -x } map { "$_/pgbouncer" } (split(/:/, $ENV{PATH}), '/usr/sbin', '/usr/local/sbin');
plan skip_all => 'needs pgbouncer' unless defined $pgbouncer;
plan skip_all => 'needs sockets of the Unix domain' unless $use_unix_sockets;

my $REPLICAS = 12;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf',
	"autovacuum = off\nclient_min_messages = warning\nmigrate.lock_timeout = 0");
$node->start;
my $db = 'postgres';

my $user = $node->safe_psql($db, 'SELECT current_user');
my $folder = PostgreSQL::Test::Utils::tempdir_short();
my $port = PostgreSQL::Test::Cluster::get_free_port();
append_to_file("$folder/users", qq{"$user" ""\n});
append_to_file(
	"$folder/pgbouncer.ini", qq{
[databases]
* = host=@{[$node->host]} port=@{[$node->port]}
[pgbouncer]
listen_port = $port
unix_socket_dir = $folder
auth_type = trust
auth_file = $folder/users
admin_users = $user
pool_mode = transaction
default_pool_size = 30
server_idle_timeout = 600
logfile = $folder/log
pidfile = $folder/pid
});
my ($said, $complained) = ('', '');
my $bouncer = IPC::Run::start([ $pgbouncer, "$folder/pgbouncer.ini" ], '>', \$said, '2>', \$complained);

END
{
	local $?;
	$bouncer->kill_kill if defined $bouncer;
}

my $connstr = "host=$folder port=$port dbname=$db user=$user";

sub pooled
{
	my ($query) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'psql', '-XAtq', '--set=VERBOSITY=verbose', '-d', $connstr, '-c', $query ], '>', \$out, '2>', \$err);
	chomp $out;
	return wantarray ? ($out, $err) : $out;
}

my $attempts = 10 * $PostgreSQL::Test::Utils::timeout_default;
while (scalar(pooled('SELECT 1')) ne '1')
{
	die "pgbouncer does not answer: $complained" if $attempts-- == 0 || !$bouncer->pumpable;
	select(undef, undef, undef, 0.1);
}

$node->safe_psql(
	$db, q{
	CREATE EXTENSION pg_migrations;
	CREATE TABLE ran (revision text);
	SELECT migrate_revision('one', 'INSERT INTO ran VALUES (''aaaa''); CREATE TABLE item (id int)', 'DROP TABLE item', rev_id => 'aaaa');
	SELECT migrate_revision('two', 'SET work_mem = ''9MB''; INSERT INTO ran VALUES (''bbbb''); CREATE INDEX CONCURRENTLY item_id ON item (id); VACUUM item', 'DROP INDEX CONCURRENTLY item_id', rev_id => 'bbbb');
	SELECT migrate_revision('three', 'INSERT INTO ran VALUES (''cccc''); SELECT pg_advisory_xact_lock_shared(1)', '', rev_id => 'cccc');
	SELECT migrate_revision('four', 'INSERT INTO ran VALUES (''dddd'')', '', rev_id => 'dddd')});

my ($out, $err) = pooled('SELECT * FROM migrate_upgrade()');
like($err, qr/ERROR:  MG017/, 'an upgrade refuses what cannot run in a transaction');
is(scalar pooled(q{SELECT revision FROM migrate_upgrade('aaaa')}), 'aaaa', 'an upgrade through the pooler');
is(scalar pooled(q{BEGIN; SELECT migrate_downgrade('base'); ROLLBACK; SELECT revision FROM migrate_current()}) =~ s/.*\n//sr, 'aaaa', 'in a block');

# All at once, on connections of their own and through the pooler
my $gate = session($node, $db);
$gate->query_safe('SELECT pg_advisory_lock(1)');
my @replicas;
foreach my $i (1 .. $REPLICAS)
{
	my $replica = { out => '', err => '' };
	$replica->{run} = IPC::Run::start([ 'psql', '-XAtq', '-d', "$connstr application_name=replica", '-c', q{CALL migrate_deploy('head')} ],
		'>', \$replica->{out}, '2>', \$replica->{err}, IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	push @replicas, $replica;
}
await($node, q{SELECT waiting_for IS NOT NULL FROM migrate_status()});
await_calls($node, $REPLICAS);
is(scalar pooled('SELECT pid IS NOT NULL, revision FROM migrate_status()'), 't|cccc', 'migrate_status() through the pooler');
($out, $err) = pooled(q{CALL migrate_deploy(wait => '10 ms')});
like($err, qr/ERROR:  55P03: another migration is still running/, 'an impatient one gives up');
($out, $err) = pooled('SELECT migrate_upgrade()');
like($err, qr/ERROR:  (55P03|MG017)/, 'an upgrade is refused at once');
$gate->query_safe('SELECT pg_advisory_unlock(1)');
my ($failed, $steps) = ('', 0);
foreach my $replica (@replicas)
{
	$failed .= $replica->{err} unless $replica->{run}->finish;
	$steps += $1 if $replica->{out} =~ /^(\d+)\|dddd/;
}
is($failed, '', 'nobody fails');
is($steps, 3, 'all is done once');
is( $node->safe_psql($db, q{SELECT string_agg(revision, ' ' ORDER BY revision) FROM ran; SELECT indisvalid FROM pg_index WHERE indexrelid = 'item_id'::regclass}),
	"aaaa bbbb cccc dddd\nt", 'each statement ran once');

# The connections are clean when they go back to the pool.
is($node->safe_psql($db, q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid > 2}), '0', 'no lock stays with a pooled connection');
is(join(' ', map { scalar pooled(q{SELECT current_setting('work_mem')}) } (1 .. 5)), join(' ', ('4MB') x 5), 'nor a setting');

# A failure, too
$node->safe_psql($db, q{SELECT migrate_revision('five', 'SET work_mem = ''9MB''; VACUUM item; SELECT 1 / 0', '', rev_id => 'eeee')});
($out, $err) = pooled('CALL migrate_deploy()');
like($err, qr/ERROR:  22012/, 'a failure comes through');
is($node->safe_psql($db, q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid > 2}), '0', '... and leaves no lock');
is(scalar pooled(q{SELECT current_setting('work_mem')}), '4MB', '... and no setting');
$node->safe_psql($db, q{SELECT migrate_edit('eeee', upgrade => 'SET work_mem = ''9MB''; VACUUM item')});

is(scalar pooled('CALL migrate_deploy()'), '1|eeee', 'and it can be repaired');
($out, $err) = pooled(q{CALL migrate_wait('not_there', wait => '50 ms')});
like($err, qr/ERROR:  MG022/, 'migrate_wait() through the pooler');
is(scalar pooled(q{CALL migrate_revert('aaaa')}), '4|aaaa', 'down through the pooler');

done_testing();
