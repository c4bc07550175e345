# The statements that cannot run in a transaction block: each is found out
# when it is stored, refused by an upgrade, and run for real by a deploy, also
# among others; what a script sets holds for its rest and is put back.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use Deploy;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 'logical');
$node->append_conf('postgresql.conf',
	"autovacuum = off\nmax_connections = 50\nallow_in_place_tablespaces = on");
$node->start;
my $db = 'postgres';

$ENV{PGOPTIONS} = '-c client_min_messages=warning';

my $publisher = $node->connstr('publisher') =~ s{'}{''}gr;
$node->safe_psql('postgres', 'CREATE DATABASE publisher');
$node->safe_psql('publisher', q{
	CREATE TABLE item (id int PRIMARY KEY);
	CREATE PUBLICATION pub FOR TABLE item;
	SELECT pg_create_logical_replication_slot('sub', 'pgoutput')});
$node->safe_psql(
	$db, qq{
	CREATE EXTENSION pg_migrations;
	CREATE TABLE item (id int PRIMARY KEY, v int);
	INSERT INTO item SELECT n, n FROM generate_series(1, 100) n;
	CREATE INDEX item_v ON item (v);
	CLUSTER item USING item_pkey;
	CREATE TABLE part (id int) PARTITION BY RANGE (id);
	CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (1) TO (10);
	CREATE INDEX part_id ON part (id);
	CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE face (m mood); INSERT INTO face VALUES ('sad');
	CREATE SCHEMA app;
	CREATE TABLE app.item (id int);
	CREATE TABLE notes (n serial, note text);
	CREATE ROLE worker;
	GRANT CREATE, USAGE ON SCHEMA public TO worker;
	CREATE SUBSCRIPTION sub CONNECTION '$publisher' PUBLICATION pub WITH (create_slot = false, slot_name = 'sub', enabled = false);
});

my $session = session($node, $db);
sub sql { return $node->safe_psql($db, $_[0]); }

sub new_revision
{
	my ($id, $script, $down, $more) = @_;
	$down //= '';
	$more //= '';
	sql("SELECT migrate_revision('number $id', \$s\$$script\$s\$, \$s\$$down\$s\$, rev_id => '$id'$more)");
	return;
}

sub deploy { return say_in($session, 'CALL migrate_deploy(\'heads\')'); }

#
# Each alone: the statement, and a query that is true when it has run
#
my $number = 0;
foreach my $case (
	[ 'CREATE INDEX CONCURRENTLY i_1 ON item (v)', q{(SELECT indisvalid FROM pg_index WHERE indexrelid = 'i_1'::regclass)} ],
	[ 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i_2 ON item (v, id) WHERE v > 0', q{(SELECT indisvalid FROM pg_index WHERE indexrelid = 'i_2'::regclass)} ],
	[ 'CREATE INDEX CONCURRENTLY "I 3" ON ONLY item USING hash (v)', q{(SELECT indisvalid FROM pg_index WHERE indexrelid = '"I 3"'::regclass)} ],
	[ 'DROP INDEX CONCURRENTLY i_2', q{to_regclass('i_2') IS NULL} ],
	[ 'DROP INDEX CONCURRENTLY IF EXISTS not_there', 'true' ],
	[ 'REINDEX INDEX CONCURRENTLY i_1', q{(SELECT count(*) = 1 FROM pg_class WHERE relname ~ '^i_1')} ],
	[ 'REINDEX TABLE CONCURRENTLY item', q{(SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid = 'item'::regclass)} ],
	[ 'REINDEX (CONCURRENTLY, VERBOSE) TABLE item', q{(SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid = 'item'::regclass)} ],
	[ 'REINDEX SCHEMA app', 'true' ],
	[ 'REINDEX SCHEMA CONCURRENTLY public', q{(SELECT count(*) = 0 FROM pg_class WHERE relname ~ '_cc')} ],
	[ 'REINDEX DATABASE postgres', 'true' ],
	[ 'REINDEX SYSTEM postgres', 'true' ],
	[ 'VACUUM item', q{(SELECT relallvisible > 0 FROM pg_class WHERE oid = 'item'::regclass)} ],
	[ 'VACUUM', 'true' ],
	[ 'VACUUM (ANALYZE, SKIP_LOCKED) item, app.item', q{(SELECT reltuples = 100 FROM pg_class WHERE oid = 'item'::regclass)} ],
	[ 'VACUUM FULL item', 'true' ],
	[ 'CLUSTER', 'true' ],
	[ q{ALTER SYSTEM SET work_mem = '5MB'}, q{pg_read_file('postgresql.auto.conf') ~ '5MB'} ],
	[ 'ALTER SYSTEM RESET work_mem', q{pg_read_file('postgresql.auto.conf') !~ '5MB'} ],
	[ 'CREATE DATABASE made', q{EXISTS (SELECT FROM pg_database WHERE datname = 'made')} ],
	[ q{CREATE TABLESPACE space LOCATION ''}, q{EXISTS (SELECT FROM pg_tablespace WHERE spcname = 'space')} ],
	[ 'ALTER DATABASE made SET TABLESPACE space', q{(SELECT spcname = 'space' FROM pg_database d JOIN pg_tablespace t ON t.oid = dattablespace WHERE datname = 'made')} ],
	[ 'DROP DATABASE made', q{NOT EXISTS (SELECT FROM pg_database WHERE datname = 'made')} ],
	[ 'DROP TABLESPACE space', q{NOT EXISTS (SELECT FROM pg_tablespace WHERE spcname = 'space')} ],
	[ 'ALTER TABLE part DETACH PARTITION part_1 CONCURRENTLY', q{NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = 'part'::regclass)} ],
	[ 'ALTER SUBSCRIPTION sub REFRESH PUBLICATION WITH (copy_data = false)', q{EXISTS (SELECT FROM pg_subscription_rel)}, 'ALTER SUBSCRIPTION sub ENABLE' ],
	[ 'DROP SUBSCRIPTION sub', q{NOT EXISTS (SELECT FROM pg_subscription)}, 'ALTER SUBSCRIPTION sub DISABLE' ],
	[ q{ALTER TYPE mood ADD VALUE 'ok'; CREATE TABLE feeling (m mood DEFAULT 'ok')}, q{to_regclass('feeling') IS NOT NULL} ],
	[ q{ALTER TYPE mood ADD VALUE 'happy'; DO 'BEGIN INSERT INTO feeling VALUES (''happy''); END'}, q{EXISTS (SELECT FROM feeling WHERE m = 'happy')} ])
{
	my ($statement, $is_done, $before) = @$case;
	my $id = sprintf 's%03d', ++$number;

	sql($before) if defined $before;
	new_revision($id, $statement);
	is(sql("SELECT transactional FROM migrate_revision WHERE revision = '$id'"), 'f', "found out: $statement");
	my (undef, $err) = say_in($session, 'SELECT * FROM migrate_upgrade()');
	is(errors_of($err), 'MG017', '... an upgrade refuses it');
	like($err, qr/CALL migrate_deploy\(/, '... and names the way');
	my ($out, $messages) = deploy();
	is($out, "1|$id", '... a deploy runs it');
	is(errors_of($messages), '', '... without an error');
	is(sql("SELECT $is_done"), 't', '... and it has happened');
}
is(sql('SELECT count(*) FROM migrate_progress'), '0', 'no marks are left');

#
# Among others, with settings
#
my $settings = q{SELECT current_setting('work_mem'), current_setting('search_path'), current_setting('lock_timeout'), current_setting('statement_timeout'),
	current_user, session_user, current_setting('default_transaction_isolation'), current_setting('DateStyle'), current_setting('app.own', true)};

sub set_all
{
	say_in($session, q{RESET ALL; SET work_mem = '3MB'; SET search_path = public, app; SET lock_timeout = '11s'; SET statement_timeout = '12min'; SET app.own = 'mine'});
	return;
}

set_all();
my $before = say_in($session, $settings);
my $note = q{INSERT INTO public.notes (note) SELECT concat_ws(' ', current_setting('work_mem'), current_schema, current_user, current_setting('app.own', true))};

sub notes
{
	my $notes = sql(q{SELECT string_agg(note, ', ' ORDER BY n) FROM notes});
	sql('DELETE FROM notes');
	return $notes;
}

notes();
my $script = qq{
	$note;
	SET work_mem = '7MB';
	$note;
	VACUUM item;
	$note;
	SET search_path = app;
	CREATE INDEX CONCURRENTLY in_app ON item (id);
	$note;
	GRANT INSERT ON public.notes TO worker;
	GRANT USAGE ON SEQUENCE public.notes_n_seq TO worker;
	SET ROLE worker;
	$note;
	RESET ROLE;
	RESET work_mem;
	SET app.own = 'theirs';
	$note;
	SET DateStyle = 'German';
	SET TIME ZONE 'UTC';
	SET lock_timeout = '1h'};
new_revision('mixed', $script, q{DROP INDEX CONCURRENTLY app.in_app});
is((deploy())[0], '1|mixed', 'a mixed revision');
my $user = sql('SELECT current_user');
is( notes(),
	"3MB public $user mine, 7MB public $user mine, 7MB public $user mine, 7MB app $user mine, 7MB worker mine, 4MB app $user theirs",
	'what it sets holds for its rest');
is(scalar say_in($session, $settings), $before, 'and is put back');
is(sql(q{SELECT indrelid::regclass FROM pg_index WHERE indexrelid = 'app.in_app'::regclass}), 'app.item', 'search_path is that of the script');
is(scalar say_in($session, q{CALL migrate_revert('-1')}) =~ s/\|.*//r, '1', 'down again');
is(sql(q{SELECT to_regclass('app.in_app')}), '', 'it is gone');

# The same when it fails, and when it is taken up in the middle
set_all();
sql(q{SELECT migrate_edit('mixed', upgrade => $s$} . "$script; SELECT 1 / 0" . q{$s$)});
my ($out, $err) = deploy();
is(errors_of($err), '22012', 'a mixed revision fails');
is(scalar say_in($session, $settings), $before, 'what it set is put back');
notes();
sql(q{SELECT migrate_edit('mixed', upgrade => $s$} . "$script; $note" . q{$s$)});
set_all();
is((deploy())[0], '1|mixed', 'it is taken up behind its settings');
is(notes(), "4MB app $user theirs", 'which hold');
is(scalar say_in($session, $settings), $before, 'and are put back');

# More that a script may set
foreach my $set (
	'RESET ALL',
	'SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ',
	'SET SESSION AUTHORIZATION worker; RESET SESSION AUTHORIZATION',
	'SET SESSION AUTHORIZATION worker',
	'SET ROLE worker',
	q{SELECT set_config('work_mem', '9MB', false)},
	q{SET NAMES 'UTF8'},
	q{SET XML OPTION DOCUMENT},
	q{SET work_mem TO DEFAULT},
	q{SET LOCAL work_mem = '9MB'},
	q{SET app.new_one = 'x'; RESET app.own})
{
	my $id = sprintf 's%03d', ++$number;
	set_all();
	new_revision($id, "VACUUM item; $set");
	($out, $err) = deploy();
	is($out, "1|$id", "a script with $set");
	if ($out ne "1|$id")
	{
		$session->quit;
		$session = session($node, $db);
		set_all();
		sql("SELECT migrate_stamp('$id')");
	}
	is(scalar say_in($session, $settings), $before, '... changes nothing in the session');
}

# set_config() holds for the rest of a script as SET does.
{
	my $set = q{SELECT set_config('work_mem', '9MB', false)};
	my $id = sprintf 's%03d', ++$number;
	notes();
	new_revision($id, "$set; VACUUM item; INSERT INTO notes (note) VALUES (current_setting('work_mem'))");
	deploy();
	is(notes(), '9MB', "$set holds for the rest of a mixed script");
}
{
	my $id = sprintf 's%03d', ++$number;
	new_revision($id, "VACUUM item; SET lock_timeout = '7s'; INSERT INTO notes (note) VALUES (current_setting('lock_timeout'))");
	deploy();
	is(notes(), '7s', q{a script's own lock_timeout holds});
}

set_all();

#
# A target schema: unqualified names are found there, by all kinds of
# statements.
#
sql('CREATE SCHEMA tenant');
sql(q{SELECT migrate_stamp('heads', schema => 'tenant')});
new_revision('tenant', q{
	CREATE TABLE thing (id int);
	INSERT INTO thing VALUES (1), (2);
	CREATE UNIQUE INDEX CONCURRENTLY thing_id ON thing (id);
	VACUUM thing;
	REINDEX TABLE CONCURRENTLY thing;
	INSERT INTO public.notes (note) VALUES (current_setting('search_path'))},
	'DROP INDEX CONCURRENTLY thing_id; DROP TABLE thing', q{, verify => 'SELECT 1 / (count(*) - 1) FROM thing'});
notes();
is(scalar say_in($session, q{CALL migrate_deploy(schema => 'tenant')}), '1|tenant', 'a target schema');
is(notes(), 'tenant, public, app', 'its search_path is that schema, then that of the session');
is(sql(q{SELECT indrelid::regclass, indisvalid FROM pg_index WHERE indexrelid = 'tenant.thing_id'::regclass}), 'tenant.thing|t', 'the index is there');
is(sql(q{SELECT to_regclass('public.thing')}), '', 'and nothing elsewhere');
is(scalar say_in($session, $settings), $before, 'the settings are put back');
is(scalar say_in($session, q{CALL migrate_revert('-1', schema => 'tenant')}) =~ s/\|.*//r, '1', 'down again');
is(sql(q{SELECT to_regclass('tenant.thing')}), '', 'and gone');

# The verify script sees the whole.
sql(q{SELECT migrate_edit('tenant', verify => 'SELECT 1 / (count(*) - 2) FROM thing')});
($out, $err) = say_in($session, q{CALL migrate_deploy(schema => 'tenant')});
is(errors_of($err), '22012', 'a verify script that fails');
is(sql(q{SELECT count(*) FROM migrate_applied WHERE schema_name = 'tenant' AND revision = 'tenant'}), '0', '... keeps it from being applied');
sql(q{SELECT migrate_edit('tenant', verify => 'SELECT 1 FROM thing')});
is(scalar say_in($session, q{CALL migrate_deploy(schema => 'tenant')}), '1|tenant', '... until it succeeds');

# All the way down, one commit each
is(sql(q{SELECT count(*) FROM migrate_progress}), '0', 'no marks are left');
like(scalar say_in($session, q{CALL migrate_revert('base')}), qr/^\d\d+\|$/, 'all the way down');
is(sql(q{SELECT count(*) FROM migrate_applied WHERE schema_name = ''}), '0', 'nothing is applied any more');

done_testing();
