# A deploy fails: what was done stays, the log tells what happened, the rest
# can be mended, and the next deploy goes on where it broke off.

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

my $session;
my $db;

sub use_database
{
	($db) = @_;
	$session->quit if defined $session;
	$node->safe_psql('postgres', "CREATE DATABASE $db");
	$node->safe_psql($db, 'CREATE EXTENSION pg_migrations');
	$session = session($node, $db);
	return;
}

sub new_revision
{
	my ($id, $script, $down, $more) = @_;
	$down //= '';
	$more //= '';
	$node->safe_psql($db,
		"SELECT migrate_revision('number $id', \$s\$$script\$s\$, \$s\$$down\$s\$, rev_id => '$id'$more)"
	);
	return;
}

sub deploy
{
	return say_in($session, 'CALL migrate_deploy()');
}

sub sql
{
	my ($query) = @_;
	return $node->safe_psql($db, $query);
}

my $progress = q{SELECT string_agg(statement || CASE WHEN done THEN '+' ELSE '?' END, ' ' ORDER BY statement) FROM migrate_progress};

#
# The seventh of ten fails
#
use_database('seventh');
foreach my $i (1 .. 10)
{
	my $id = sprintf 'r%03d', $i;
	new_revision($id,
		$i == 7
		? "CREATE TABLE $id (id int);\n\n  -- twice\n  INSERT INTO $id VALUES (1), (1);\n  ALTER TABLE $id\n    ADD UNIQUE (id)"
		: "CREATE TABLE $id (id int)");
}
my ($out, $err) = say_in($session,
	q{CALL migrate_deploy('head', tag => 'release 7')});
is(errors_of($err), '23505', 'the seventh fails with the error of its script');
like(
	$err,
	qr/DETAIL:  Key \(id\)=\(1\) is duplicated\.\nHINT:  6 of 10 revisions were done and stay\. Mend the cause, or the script with SELECT migrate_edit\('[^']+', upgrade => \.\.\.\); then CALL migrate_deploy\('head'.*\) goes on from there\./,
	'with its detail, and what is done');
like(
	$err,
	qr/CONTEXT:  statement 3, line 5 of upgrade script of revision "r007"/,
	'with the place');
is(sql(q{SELECT string_agg(revision, ' ' ORDER BY revision) FROM migrate_applied}),
	'r001 r002 r003 r004 r005 r006',
	'six are applied');
is(sql(q{SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relkind = 'r' AND relname ~ '^r\d'}),
	'r001 r002 r003 r004 r005 r006',
	'and there');
is( sql(q{
		SELECT action, revision, outcome, sqlstate, message, statement, line, tag, role_name, application_name
		FROM migrate_log WHERE action = 'upgrade' ORDER BY id DESC LIMIT 2}),
	q{upgrade|r007|failed|23505|could not create unique index "r007_id_key"|3|5|release 7|}
	  . sql('SELECT current_user')
	  . q{|023_deploy_resume.pl
upgrade|r006|done|||||release 7|} . sql('SELECT current_user') . '|023_deploy_resume.pl',
	'the log has the successes and the failure');
like(
	sql(q{SELECT context FROM migrate_log WHERE outcome = 'failed'}),
	qr/statement 3, line 5 of upgrade script of revision "r007"/,
	'with its context');
is( sql(q{SELECT heads, pending, pid, last_action, last_revision, last_outcome, last_message FROM migrate_status()}),
	'r006|4||upgrade|r007|failed|could not create unique index "r007_id_key"',
	'migrate_status() tells it');
is(say_in($session, q{SELECT 'alive'}), 'alive', 'the session goes on');
sql(q{SELECT migrate_edit('r007', upgrade => 'CREATE TABLE r007 (id int UNIQUE)')});
is((deploy())[0], '4|r010', 'a mended revision and the rest');
is(sql(q{SELECT count(*), count(DISTINCT revision) FROM migrate_log WHERE outcome = 'done' AND action = 'upgrade'}),
	'10|10',
	'each was applied once');

# a deferred constraint fails at the end of the script, not at the commit
new_revision('r011', 'CREATE TABLE up (id int PRIMARY KEY); CREATE TABLE down (id int REFERENCES up DEFERRABLE INITIALLY DEFERRED); INSERT INTO down VALUES (1)');
(undef, $err) = deploy();
is(errors_of($err), '23503', 'a deferred constraint');
like($err, qr/upgrade script of revision "r011"/, 'names the revision');
is(sql(q{SELECT outcome, sqlstate FROM migrate_log ORDER BY id DESC LIMIT 1}),
	'failed|23503',
	'and is logged');
sql(q{SELECT migrate_edit('r011', upgrade => '')});

is((deploy())[0], '1|r011', 'mended');

#
# A mixed revision fails at an index on duplicates.
#
use_database('mixed');
sql('CREATE TABLE ran (statement int)');
new_revision('items', 'CREATE TABLE item (id int, v int); INSERT INTO item VALUES (1, 1), (1, 2)');
my @script = (
	'INSERT INTO ran VALUES (1)',
	'CREATE UNIQUE INDEX CONCURRENTLY item_id ON item (id)',
	'INSERT INTO ran VALUES (3)',
	'CREATE INDEX CONCURRENTLY item_v ON item (v)',
	'INSERT INTO ran VALUES (1 / 0)');
sub script { return join(";\n", @_) }
sub edit
{
	my (@script) = @_;
	return errors_of((say_in($session, q{SELECT migrate_edit('mixed', upgrade => $s$} . script(@script) . '$s$)'))[1]);
}
new_revision('mixed', script(@script), undef, q{, verify => 'SELECT 1 FROM ran'});
(undef, $err) = deploy();
is(errors_of($err), '23505', 'an index on duplicates');
like($err, qr/CONTEXT:  statement 2, line 2 of upgrade script of revision "mixed"/, 'says where');
like($err, qr/HINT:  1 of 2 revisions were done and stay/, 'and what is done');
is(sql($progress), '1+ 2?', 'the marks tell how far it came');
is(sql(q{SELECT indisvalid FROM pg_index WHERE indexrelid = 'item_id'::regclass}),
	'f', 'the server has left an invalid index');
is(sql(q{SELECT revision, outcome, sqlstate, statement, line FROM migrate_log ORDER BY id DESC LIMIT 1}),
	'mixed|failed|23505|2|2', 'the failure is in the log');

# Once more, without any repair: the same
(undef, $err) = deploy();
is(errors_of($err), '23505', 'the same error again');
is(sql(q{SELECT count(*) FROM pg_index WHERE indrelid = 'item'::regclass}), '1', 'not a second index');
is(sql('SELECT string_agg(statement::text, \' \' ORDER BY statement) FROM ran'), '1', 'the statement before did not run again');

# What was run cannot change.
is(edit('INSERT INTO ran VALUES (11)', @script[1 .. 4]), 'MG014', 'what was done cannot be changed');
is(edit(@script[1 .. 4]), 'MG014', 'nor removed');
is(edit('SELECT 1', @script), 'MG014', 'nor can anything come before it');
is(edit('  insert INTO ran VALUES (1)', @script[1 .. 4]), 'MG014', 'nor be written differently');
is(edit("/* one */ $script[0]", @script[1 .. 4]), '', 'comments can');

# The data are mended; the next deploy drops the invalid index and goes on.
sql('UPDATE item SET id = v');
(undef, $err) = deploy();
is(errors_of($err), '22012', 'it goes on, to the next failure');
is(sql($progress), '1+ 2+ 3+ 4+', 'and remembers what it did');
is(sql(q{SELECT string_agg(indexrelid::regclass || ' ' || indisvalid, ', ' ORDER BY indexrelid::regclass::text) FROM pg_index WHERE indrelid = 'item'::regclass}),
	'item_id true, item_v true', 'the indexes are valid');
is(edit(@script[0 .. 2], 'CREATE INDEX CONCURRENTLY item_v ON item (v, id)', $script[4]), 'MG014', 'what was done in the middle cannot be changed');
is(edit(@script[0 .. 3], 'INSERT INTO ran VALUES (5)', 'INSERT INTO ran VALUES (6)'), '', 'the statement that failed in its transaction can be mended, and others added');

# The verify script fails: everything is done, and it is not recorded.
sql(q{SELECT migrate_edit('mixed', verify => 'SELECT 1 / (count(*) - 4) FROM ran')});
(undef, $err) = deploy();
is(errors_of($err), '22012', 'the verify script fails');
like($err, qr/of verify script of revision "mixed"/, 'and is named');
is(sql(q{SELECT count(*) FROM migrate_applied WHERE revision = 'mixed'}), '0', 'the revision is not applied');
is(sql($progress), '1+ 2+ 3+ 4+ 5+ 6+', 'all its statements are done');
sql(q{SELECT migrate_edit('mixed', verify => 'SELECT 1 / (count(*) - 5) FROM ran')});
is((deploy())[0], '1|mixed', 'with a better one it is applied');
is(sql('SELECT string_agg(statement::text, \' \' ORDER BY statement) FROM ran'), '1 3 5 6', 'each statement ran once');
is(sql('SELECT count(*) FROM migrate_progress'), '0', 'nothing is under way any more');
is(sql(q{SELECT statements, revision, outcome FROM migrate_log ORDER BY id DESC LIMIT 1}), '7|mixed|done', 'and the log has it');

#
# Instead of mending: finish by hand, and stamp.
#
new_revision('stuck', 'INSERT INTO ran VALUES (101); VACUUM ran; SELECT 1 / 0; INSERT INTO ran VALUES (104)', 'VACUUM ran; DELETE FROM ran WHERE statement > 100');
(undef, $err) = deploy();
is(errors_of($err), '22012', 'stuck');
sql(q{INSERT INTO ran VALUES (104); SELECT migrate_stamp('stuck')});
is(sql('SELECT count(*) FROM migrate_progress'), '0', 'a stamp forgets what was under way');
is((deploy())[0], '0|stuck', 'nothing is left to do');
is(scalar say_in($session, q{CALL migrate_revert('-1')}), '1|mixed', 'down');
sql(q{SELECT migrate_edit('stuck', upgrade => 'INSERT INTO ran VALUES (101); VACUUM ran; INSERT INTO ran VALUES (104)')});
is((deploy())[0], '1|stuck', 'up again');
is(sql('SELECT string_agg(statement::text, \' \' ORDER BY statement) FROM ran WHERE statement > 100'), '101 104', 'from its first statement');

# A revert that fails goes on where it broke off, too.
sql(q{SELECT migrate_edit('stuck', downgrade => 'DELETE FROM ran WHERE statement = 104; VACUUM ran; INSERT INTO ran VALUES (-1); SELECT 1 / 0')});
(undef, $err) = say_in($session, q{CALL migrate_revert('-1')});
is(errors_of($err), '22012', 'a revert fails');
like($err, qr/CONTEXT:  statement 4, line 1 of downgrade script of revision "stuck"/, 'says where');
like($err, qr/HINT:  0 of 1 revisions were done and stay\. .*CALL migrate_revert\('.*'\) goes on from there/, 'and how to go on');
is(sql(q{SELECT action, revision, outcome, sqlstate, statement FROM migrate_log ORDER BY id DESC LIMIT 1}), 'downgrade|stuck|failed|22012|4', 'it is logged');
is(sql(q{SELECT revision FROM migrate_current()}), 'stuck', 'the revision stays applied');
sql(q{SELECT migrate_edit('stuck', downgrade => 'DELETE FROM ran WHERE statement = 104; VACUUM ran; INSERT INTO ran VALUES (-1); DELETE FROM ran WHERE statement = 101')});
is(scalar say_in($session, q{CALL migrate_revert('-1')}), '1|mixed', 'mended, it goes on');
is(sql('SELECT string_agg(statement::text, \' \' ORDER BY statement) FROM ran WHERE statement > 100 OR statement < 0'), '-1', 'each statement ran once');

#
# A revision that is broken off is forgotten with its marks.
#
sql(q{SELECT migrate_remove('stuck')});
new_revision('again', 'INSERT INTO ran VALUES (201); VACUUM ran; SELECT 1 / 0');
(undef, $err) = deploy();
is(errors_of($err), '22012', 'a revision is broken off');
(undef, $err) = say_in($session, q{SELECT migrate_remove('again')});
if (errors_of($err) eq '')
{
	new_revision('again', 'INSERT INTO ran VALUES (301); VACUUM ran');
	is((deploy())[0], '1|again', 'removed, and stored anew');
	is(sql('SELECT string_agg(statement::text, \' \' ORDER BY statement) FROM ran WHERE statement > 200'), '201 301', 'the new script runs from its beginning');
}
else
{
	is(errors_of($err), 'MG014', 'it cannot be removed');
	sql(q{SELECT migrate_edit('again', upgrade => 'INSERT INTO ran VALUES (201); VACUUM ran; INSERT INTO ran VALUES (301)')});
	is((deploy())[0], '1|again', 'mended');
}

# A schema that was dropped takes what was under way there along.
sql('CREATE SCHEMA tenant');
new_revision('tenant', 'CREATE TABLE tt (id int); CREATE INDEX CONCURRENTLY tt_id ON tt (id); SELECT 1 / 0', undef, q{, head => 'base', branch_label => 'tenants'});
(undef, $err) = say_in($session, q{CALL migrate_deploy('tenants@head', schema => 'tenant')});
is(errors_of($err), '22012', 'a revision of a target schema is broken off');
sql('DROP SCHEMA tenant CASCADE');
sql(q{SELECT migrate_stamp('base', schema => 'tenant')});
is(sql('SELECT count(*) FROM migrate_progress'), '0', 'the stamp of a schema that is gone forgets it');
sql('CREATE SCHEMA tenant');
sql(q{SELECT migrate_edit('tenant', upgrade => 'CREATE TABLE tt (id int); CREATE INDEX CONCURRENTLY tt_id ON tt (id)')});
is(scalar say_in($session, q{CALL migrate_deploy('tenants@head', schema => 'tenant')}), '1|tenant', 'and it begins at the beginning');
is(sql(q{SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('tenant.tt_id')}), 't', 'in the new schema');

#
# The server went down between the end of a statement and its mark: what is
# there is not made again, what is gone is not dropped again.  Where it went down
# before, the statement runs.
#
use_database('marks');
sql('CREATE TABLE ran (statement int)');
$node->safe_psql('postgres', 'CREATE DATABASE old_base');
my $place = PostgreSQL::Test::Utils::tempdir();
mkdir "$place/$_" or die "$place/$_: $!" foreach qw(new old);
sql("CREATE TABLESPACE old_space LOCATION '$place/old'");
my $subscription = q{CREATE SUBSCRIPTION %s CONNECTION 'dbname=nowhere' PUBLICATION p};
sql(sprintf("$subscription WITH (connect = false, slot_name = NONE)", 'old_subscription'));
my @marked = (
	[ 'CREATE DATABASE new_base', q{SELECT count(*) FROM pg_database WHERE datname = 'new_base'}, 1 ],
	[ 'DROP DATABASE old_base', q{SELECT count(*) FROM pg_database WHERE datname = 'old_base'}, 0 ],
	[ "CREATE TABLESPACE new_space LOCATION '$place/new'", q{SELECT count(*) FROM pg_tablespace WHERE spcname = 'new_space'}, 1 ],
	[ 'DROP TABLESPACE old_space', q{SELECT count(*) FROM pg_tablespace WHERE spcname = 'old_space'}, 0 ],
	[ sprintf($subscription, 'new_subscription'), q{SELECT count(*) FROM pg_subscription WHERE subname = 'new_subscription'}, 1,
		sprintf("$subscription WITH (connect = false, slot_name = NONE)", 'new_subscription') ],
	[ 'DROP SUBSCRIPTION old_subscription', q{SELECT count(*) FROM pg_subscription WHERE subname = 'old_subscription'}, 0 ]);
my $id = 'm00';
foreach my $marked (@marked)
{
	my ($statement, $look, $wanted, $by_hand) = @$marked;
	my ($name) = $statement =~ /^(\w+ \w+)/;
	my $done = sql($look) == $wanted;

	ok(!$done, "$name: not there yet");
	new_revision(++$id, "$statement; INSERT INTO ran VALUES (2)");
	sql("INSERT INTO migrate_progress VALUES ('', '$id', 'upgrade', 1, now(), false)");
	if (!defined $by_hand)
	{
		is((deploy())[0], "1|$id", "$name, begun and not done: the deploy goes on");
		is(sql($look), $wanted, 'and runs it');
		new_revision(++$id, "$statement; INSERT INTO ran VALUES (2)");
		sql("INSERT INTO migrate_progress VALUES ('', '$id', 'upgrade', 1, now(), false)");
	}
	else
	{
		sql($by_hand);
	}
	is((deploy())[0], "1|$id", "$name, done and not marked: the deploy goes on");
	is(sql($look), $wanted, 'and does not run it again');
}
is(sql('SELECT count(*) FROM ran'), '11', 'what follows has run each time');
is(sql('SELECT count(*) FROM migrate_progress'), '0', 'nothing is under way any more');
sql('ALTER SUBSCRIPTION new_subscription SET (slot_name = NONE)') if sql(q{SELECT subslotname IS NOT NULL FROM pg_subscription}) eq 't';
sql('DROP SUBSCRIPTION new_subscription');

#
# Leftovers of others are left alone.
#
use_database('others');
sql('CREATE TABLE item (id int, v int); INSERT INTO item VALUES (1, 1), (1, 2)');
$node->psql($db, 'CREATE UNIQUE INDEX CONCURRENTLY item_ccnew ON item (id)');
$node->psql($db, 'CREATE UNIQUE INDEX CONCURRENTLY item_id ON item (id)');
sql('UPDATE item SET id = v');
new_revision('rrrr', 'CREATE INDEX item_fine ON item (id); REINDEX INDEX CONCURRENTLY item_fine');
is((deploy())[0], '1|rrrr', 'invalid indexes of others do not disturb');
is(sql(q{SELECT string_agg(indexrelid::regclass || ' ' || indisvalid, ', ' ORDER BY indexrelid::regclass::text) FROM pg_index WHERE indrelid = 'item'::regclass}),
	'item_ccnew false, item_fine true, item_id false', 'and are not dropped');
# an index of this name that we did not build
new_revision('iiii', 'CREATE UNIQUE INDEX CONCURRENTLY item_id ON item (id)');
(undef, $err) = deploy();
is(errors_of($err), '42P07', 'an invalid index that somebody else left is an error');
sql('DROP INDEX item_id');
is((deploy())[0], '1|iiii', 'once it is gone the deploy goes on');

# Somebody builds an index of our name at this moment.
sql('CREATE TABLE big (id int, v int); INSERT INTO big VALUES (1, 1), (1, 2)');
new_revision('bbbb', 'CREATE UNIQUE INDEX CONCURRENTLY big_id ON big (id)');
(undef, $err) = deploy();
is(errors_of($err), '23505', 'an attempt fails');
sql('UPDATE big SET id = v; DROP INDEX big_id');
my $writer = session($node, $db);
$writer->query_safe('BEGIN; INSERT INTO big VALUES (100)');
my $builder = start_call($node, $db, 'CREATE UNIQUE INDEX CONCURRENTLY big_id ON big (id)');
await($node, 'SELECT count(*) = 1 FROM pg_stat_progress_create_index');
(undef, $err) = say_in($session, "SET migrate.lock_retries = 0;\nCALL migrate_deploy()");
is(errors_of($err), '55P03', 'an index that somebody is building is not dropped');
like($err, qr/big_id is in use/, 'and named');
$writer->query_safe('COMMIT');
$writer->quit;
end_call($builder);
is((deploy())[0], '1|bbbb', 'when it is there, it is taken');
is(sql(q{SELECT indisvalid, indisunique FROM pg_index WHERE indexrelid = 'big_id'::regclass}), 't|t', 'and it is valid');

done_testing();
