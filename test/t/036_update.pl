# The next version of the extension, made up here: ALTER EXTENSION UPDATE with
# revisions, state and a model, what sessions with the old module may do then,
# and that the way there leads to what a fresh install has.

use strict;
use warnings FATAL => 'all';

use File::Basename;
use File::Copy;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $next = '0.9.9';
my ($now) = slurp_file(dirname(__FILE__) . '/../../pg_migrations.control') =~
  /^default_version = '(.*)'/m;
my $share = `pg_config --sharedir`;
my $lib = `pg_config --pkglibdir`;
chomp($share, $lib);
$share .= '/extension';
plan skip_all => "needs to write into $share and $lib"
  unless -w $share && -w $lib;

my @made = (
	"$share/pg_migrations--$now--$next.sql",
	"$share/pg_migrations--$next.sql",
	"$lib/pg_migrations_next.so");
END { unlink @made }

# What a release may bring: a column, a table, a function
my $update = q{
ALTER TABLE migrate_revision ADD COLUMN reviewed_by text;
COMMENT ON COLUMN migrate_revision.reviewed_by IS 'who has read it';
CREATE TABLE migrate_review (revision text COLLATE "C" PRIMARY KEY, note text);
COMMENT ON TABLE migrate_review IS 'notes';
SELECT pg_catalog.pg_extension_config_dump('migrate_review', '');
CREATE FUNCTION migrate_reviews() RETURNS text LANGUAGE sql AS $$SELECT 'none'$$;
COMMENT ON FUNCTION migrate_reviews() IS 'what they say';
REVOKE EXECUTE ON FUNCTION migrate_reviews() FROM PUBLIC;
};
append_to_file($made[0], $update);
append_to_file($made[1], slurp_file("$share/pg_migrations--$now.sql") . $update);

# The next module: this one, which says that it is another
my $module = slurp_file("$lib/pg_migrations.so");
ok(length($now) == length($next) && $module =~ s/\x{00}\Q$now\E\x{00}/\x{00}$next\x{00}/g,
	'the module holds its version');
append_to_file($made[2], $module);

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$ENV{PGOPTIONS} = '-c client_min_messages=warning -c search_path=public,mig';

sub sql { return $node->safe_psql(@_) }

foreach my $db (qw(walked fresh old))
{
	$node->safe_psql('postgres', "CREATE DATABASE $db");
	sql($db, 'CREATE SCHEMA mig');
}
sql($_, "CREATE EXTENSION pg_migrations SCHEMA mig VERSION '$now'")
  foreach qw(walked old);
sql('fresh', "CREATE EXTENSION pg_migrations SCHEMA mig VERSION '$next'");

my $model = 'CREATE TABLE public.a (x int); CREATE TABLE public.b (y text);';
my $fill = qq{
	SELECT migrate_revision('a', 'CREATE TABLE a (x int)', 'DROP TABLE a', rev_id => 'aaaa');
	SELECT count(*) FROM migrate_upgrade();
	SELECT migrate_set_model('$model');
	SELECT migrate_autogenerate('b', rev_id => 'bbbb');
};
sql($_, $fill) foreach qw(walked old);

# All that is in its tables, but for what the guard notes; a row of each
sql('walked', q{INSERT INTO migrate_progress
	VALUES ('elsewhere', 'aaaa', 'upgrade', 1, now(), true)});
my @tables = split /\n/, sql('walked', q{SELECT relname FROM pg_class
	WHERE relkind = 'r' AND relnamespace = 'mig'::regnamespace ORDER BY 1});
my $state = join(";\n", map {
	"SELECT '$_', to_jsonb(r) - 'reviewed_by' FROM mig.$_ r"
	  . ($_ eq 'migrate_log' ? " WHERE action <> 'ddl'" : '') . ' ORDER BY 2' } @tables);
my $before;

# A session that has written with the old module before the update
my ($in, $out, $err) = ("SET search_path = public, mig;\n", '', '');
my $session = IPC::Run::start(
	[ 'psql', '-XAtq', '-d', $node->connstr('walked') ],
	'<', \$in, '>', \$out, '2>', \$err,
	IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));

# What it answers
sub ask
{
	my ($query) = @_;
	($out, $err) = ('', '');
	$in .= "$query;\n\\echo done\n";
	$session->pump until $out =~ /done\n$/;
	return $out =~ s/\n?done\n$//r;
}

# ... by what a pool keeps prepared, and with what the guard notes of its DDL
ask(q{SELECT migrate_guard('log', '{public}')});
ask(q{PREPARE store AS SELECT migrate_remove(migrate_revision($1, '', ''))});
ask(q{PREPARE heads AS SELECT * FROM migrate_history()});
ask(q{EXECUTE store('c')});
ask(q{CREATE TABLE by_hand (x int); DROP TABLE by_hand});
is($err, '', 'a session writes');
ask('BEGIN; SELECT migrate_remove(migrate_revision($$c$$, $$$$, $$$$))');
my $update_now = IPC::Run::start(
	[ 'psql', '-XAtq', '-d', $node->connstr('walked'), '-c',
		"ALTER EXTENSION pg_migrations UPDATE TO '$next'" ],
	'<', \undef, '>', \my $update_out, '2>', \my $update_err);
$node->poll_query_until('walked',
	"SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE 'ALTER EXT%' AND wait_event_type = 'Lock'")
  or die 'the update does not wait';
pass('an update waits for a transaction that writes');
ask(q{SELECT count(*) FROM migrate_upgrade('base')});
$before = ask($state);
is(join(' ', grep { $before !~ /^$_\|/m } @tables), '', 'all tables have rows');
ask('COMMIT');
is($err, '', 'which goes on to its end');
$update_now->finish;
is($update_err, '', 'and then comes the update');
is(sql('walked', $state), $before, 'which leaves every row of every table as it was');
sql('walked', q{DELETE FROM migrate_progress});
$before = sql('walked', $state);

my $refused = qr/ERROR:  extension "pg_migrations" has version \Q$next\E, its module has \Q$now\E/;
foreach my $write (
	q{SELECT migrate_revision('d', '', '')},
	q{EXECUTE store('d')},
	'SELECT count(*) FROM migrate_upgrade()',
	q{SELECT count(*) FROM migrate_downgrade('-1')},
	'CALL migrate_deploy()',
	q{CALL migrate_revert('base')},
	q{SELECT migrate_set_model('CREATE TABLE public.c ()')},
	q{SELECT migrate_stamp('heads')},
	q{SELECT migrate_edit('bbbb', message => 'd')},
	q{SELECT migrate_remove('bbbb')},
	q{SELECT migrate_squash('aaaa:bbbb', 'd')},
	q{SELECT count(*) FROM migrate_redo()},
	q{SELECT migrate_guard('off')})
{
	ask($write);
	like($err, $refused, "after the update it does not: $write");
}
ask('CREATE TABLE by_hand (x int); DROP TABLE by_hand');
unlike($err, qr/ERROR/, 'its own DDL is not held up by the guard');
like($err, qr/WARNING/, '... which warns that it has not noted it');
is(ask('SELECT count(*) FROM migrate_history()'), '2', 'but reads');
like(ask('EXECUTE heads'), qr/^aaaa/m, '... by what is prepared');
is(ask('SELECT count(*) FROM migrate_diff()'), '1', '... and compares');
is(ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"),
	'0', 'no locks are left');
$session->finish;
is(sql('walked', $state), $before, 'revisions, state and model are what they were');

# New sessions, still with the old module
like(
	($node->psql('walked', q{SELECT migrate_revision('d', '', '')}))[2],
	qr/has version \Q$next\E, its module has \Q$now\E/,
	'the old module writes no newer objects');

# ... and with the new one
my $module_of = q{UPDATE pg_proc SET probin = '$libdir/pg_migrations_next'
	WHERE probin = '$libdir/pg_migrations'};
sql($_, $module_of) foreach qw(walked fresh old);
is( sql('walked', 'SELECT revision FROM migrate_upgrade()'),
	'bbbb', 'the new module goes on');
is(sql('walked', 'SELECT count(*) FROM migrate_diff()'),
	'0', 'the model is that of the database');
is(sql('walked', 'SELECT migrate_reviews()'), 'none', 'new functions are there');

# Catalogs, walked and fresh
my $catalog = q{
	SELECT c.relname, c.relkind, c.relacl, a.attname, a.atttypid::regtype, a.attnotnull, a.attnum,
		col_description(c.oid, a.attnum), obj_description(c.oid)
	FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
	WHERE c.relnamespace = 'mig'::regnamespace ORDER BY c.relname, a.attnum;
	SELECT oid::regprocedure, prorettype::regtype, pg_get_function_result(oid), proacl, prosrc,
		provolatile, proisstrict, proparallel, prosecdef, obj_description(oid)
	FROM pg_proc WHERE pronamespace = 'mig'::regnamespace ORDER BY 1::text;
	SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
	WHERE connamespace = 'mig'::regnamespace ORDER BY 1;
	SELECT c.relname, x.extcondition[n] FROM pg_extension x,
		unnest(x.extconfig) WITH ORDINALITY u (relid, n) JOIN pg_class c ON c.oid = u.relid
	WHERE x.extname = 'pg_migrations' ORDER BY 1;
	SELECT pg_describe_object(classid, objid, 0) FROM pg_depend
	WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
		AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'pg_migrations') ORDER BY 1;
};
my %fresh = map { $_ => 1 } split /\n/, sql('fresh', $catalog);
my @walked = split /\n/, sql('walked', $catalog);
is(join("\n", grep { !delete $fresh{$_} } @walked),
	'', 'the way there leads to nothing that a fresh install has not');
is(join("\n", sort keys %fresh), '', 'and to all that it has');

# The new module and objects that nobody has updated
(my $status, $out, $err) = $node->psql('old',
	'SELECT revision FROM migrate_upgrade(); SELECT count(*) FROM migrate_downgrade(\'-1\')');
is("$status $out", "0 bbbb\n1", 'the new module serves old objects');
is(() = $err =~ /WARNING:  extension "pg_migrations" has version/g,
	1, 'and says so once');
like($err, qr/ALTER EXTENSION pg_migrations UPDATE/, 'with what to do');

$node->stop;
done_testing();
