# Plants faults in generated scripts: a proof must refuse each of them, and
# tell what is wrong, before the scripts are stored, where the build has
# assertions, and must not find them proven when they are.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

$node->safe_psql('postgres', q{
	CREATE SCHEMA mig;
	CREATE EXTENSION pg_migrations SCHEMA mig;
	CREATE SCHEMA app;
	ALTER DATABASE postgres SET search_path = app, mig;
});
my $plants = $node->safe_psql('postgres', "LOAD 'pg_migrations'; SELECT count(current_setting('migrate.plant', true))");

$node->safe_psql('postgres', q{
	CREATE TYPE mood AS ENUM ('sad', 'happy');
	CREATE DOMAIN score AS int CHECK (VALUE > 0);
	CREATE TABLE person (id int PRIMARY KEY, age int, mood mood, old text);
	CREATE TABLE note (id int PRIMARY KEY, person int CONSTRAINT note_person REFERENCES person, body text);
	CREATE VIEW adult AS SELECT id, age FROM person WHERE age > 18;
	CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT 2 * $1';
	CREATE POLICY own ON note USING (true);
	CREATE TABLE base (id int PRIMARY KEY);
	CREATE TABLE away (a int CONSTRAINT away_base REFERENCES base);
	CREATE VIEW far AS SELECT a FROM away;
	CREATE VIEW farther AS SELECT a FROM far;
	INSERT INTO person VALUES (1, 20, 'sad', '');
});
my $model = q{
	CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
	CREATE DOMAIN score AS int CHECK (VALUE > 1);
	CREATE TABLE person (id int PRIMARY KEY, age bigint, mood mood, name text COLLATE "C" DEFAULT 'nobody');
	CREATE TABLE note (id int PRIMARY KEY, person int CONSTRAINT note_person REFERENCES person ON DELETE CASCADE, body text);
	CREATE TABLE tag (name text PRIMARY KEY);
	CREATE UNIQUE INDEX once ON note (person, body) WHERE body <> '';
	CREATE VIEW adult AS SELECT id, age FROM person WHERE age > 18;
	CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT $1 + $1';
	CREATE POLICY own ON note USING (person = 1);
	COMMENT ON TABLE note IS 'remarks';
	CREATE TABLE base (id int PRIMARY KEY);
	CREATE TABLE away (a int CONSTRAINT away_base REFERENCES base);
	CREATE VIEW far AS SELECT a FROM away;
	CREATE VIEW farther AS SELECT a FROM far;
};
my $call = "SELECT upgrade || downgrade FROM migrate_autogenerate_sql(\$model\$$model\$model\$)";

# what is replaced, what by, and what the detail says
my @faults = (
	['a type', 'ADD COLUMN name text', 'ADD COLUMN name varchar', 'column app.person.name: type is "character varying" instead of "text"'],
	['a collation', ' COLLATE pg_catalog."C"', '', 'column app.person.name: collation is nothing instead of'],
	['a default', "DEFAULT 'nobody'", "DEFAULT 'somebody'", 'default app.person.name: .*somebody.* instead of .*nobody'],
	['a foreign key', ' ON DELETE CASCADE', '', 'foreign key note_person ON app.note: definition is'],
	['an index', 'CREATE UNIQUE INDEX', 'CREATE INDEX', 'index app.once: unique is "false" instead of "true"'],
	['a predicate', "btree \\(person, body\\) WHERE \\(body <> ''::text\\)", 'btree (person, body)', 'index app.once: '],
	['a statement that is missing', 'CREATE TABLE app.tag \\(.*?\\);', '', 'table app.tag is missing'],
	['a statement too much', 'CREATE TABLE app.tag', 'CREATE TABLE app.more (); CREATE TABLE app.tag', 'table app.more is left over'],
	['an order', 'DROP VIEW app.adult;', '', 'cannot alter type of a column used by a view'],
	['a syntax error', 'ALTER POLICY', 'ALTER POLICIES', 'syntax error'],
	['a name that is not there', 'ALTER TABLE app.person', 'ALTER TABLE app.persons', 'relation "app.persons" does not exist'],
	['a body', '\\$1 \\+ \\$1', '$1 * $1', 'function app.twice\\(integer\\): '],
	['a policy', 'USING \\(person = 1\\)', 'USING (person = 2)', 'policy own ON app.note: '],
	['a comment', "IS 'remarks'", "IS 'marks'", 'table app.note: comment is "marks" instead of "remarks"'],
	['a label', "AFTER 'sad'", "AFTER 'happy'", 'enumerated type app.mood: labels is'],
	['a check of a domain', 'VALUE > 1', 'VALUE >= 1', 'check of a domain|app.score'],
	# in what the scripts should not touch, of which a proof begins with nothing
	['a statement about something else', 'CREATE TABLE app.tag', 'DROP VIEW app.farther; CREATE TABLE app.tag', 'view app.farther is missing'],
	['a change of something else', 'CREATE TABLE app.tag', 'ALTER TABLE app.away ALTER a TYPE bigint; CREATE TABLE app.tag', 'cannot alter type of a column used by a view'],
	['a change back and forth', 'CREATE TABLE app.tag', 'DROP VIEW app.far; CREATE VIEW app.far AS SELECT a FROM app.away; CREATE TABLE app.tag', 'cannot drop view far because other objects depend on it'],
	['a key back and forth', 'CREATE TABLE app.tag', 'ALTER TABLE app.base DROP CONSTRAINT base_pkey CASCADE, ADD CONSTRAINT base_pkey PRIMARY KEY (id); CREATE TABLE app.tag', 'foreign key away_base ON app.away is missing'],
	['a name that is taken for a moment', 'CREATE TABLE app.tag', 'CREATE TABLE app.away (); DROP TABLE app.away; CREATE TABLE app.tag', 'relation "away" already exists'],
	['a name that is made by code', 'CREATE TABLE app.tag', 'DO $$BEGIN EXECUTE \'DROP VIEW app.far\' || \'ther\'; END$$; CREATE TABLE app.tag', 'view app.farther is missing'],
	['a name in a string', 'CREATE TABLE app.tag', 'CREATE TABLE app.tag1 (a regclass DEFAULT \'app.far\'); CREATE TABLE app.tag', 'table app.tag1 is left over'],
	['a name in numbers', 'CREATE TABLE app.tag', 'DROP VIEW app.U&"f\\0061rther"; CREATE TABLE app.tag', 'view app.farther is missing'],
	['an index of something else', 'CREATE TABLE app.tag', 'CREATE INDEX more ON app.away (a); CREATE TABLE app.tag', 'index app.more is left over'],
	['a comment on something else', 'CREATE TABLE app.tag', 'COMMENT ON VIEW app.far IS \'x\'; CREATE TABLE app.tag', 'view app.far: comment is "x" instead of nothing'],
	['all of a schema', 'CREATE TABLE app.tag', 'ALTER SCHEMA app RENAME TO apps; CREATE SCHEMA app; CREATE TABLE app.tag', 'relation "app.*" does not exist|is missing'],
	['a downgrade of something else', 'DROP TABLE app.tag', 'DROP VIEW app.farther; DROP TABLE app.tag', 'view app.farther is missing'],
	['a downgrade that keeps a column', 'DROP COLUMN name', 'ALTER COLUMN name SET STATISTICS -1', 'column app.person.name is left over'],
	['a downgrade that fails', 'DROP TABLE app.tag', 'DROP TABLE app.tags', 'table "tags" does not exist'],
	['a downgrade to something else', 'CHECK \\(\\(?VALUE > 0\\)?\\)', 'CHECK (VALUE > 3)', 'app.score'],
);

my $scripts = $node->safe_psql('postgres', $call);
like($scripts, qr/CREATE TABLE app\.tag/, 'the scripts are right as they are');
unlike($scripts, qr/NOT PROVEN/, 'and proven');
foreach my $fault ($plants ? @faults : ())
{
	my ($name, $pattern, $replacement, $detail) = @$fault;
	my ($found) = $scripts =~ /($pattern)/s;

	if (!ok(defined $found, "$name: there is something to spoil"))
	{
		diag $scripts;
		next;
	}
	my ($status, $stdout, $stderr) = $node->psql('postgres',
		"\\set VERBOSITY verbose\nSET migrate.plant = \$plant\$$found=>$replacement\$plant\$;\n$call");
	like($stderr, qr/ERROR:  MG044.*DETAIL:.*$detail/s, "$name is refused");
	is($stdout, '', "$name: nothing is returned");
}
if ($plants)
{
	my ($status, $stdout, $stderr) = $node->psql('postgres',
		"SET migrate.plant = 'CREATE UNIQUE INDEX=>CREATE INDEX'; SELECT migrate_autogenerate('wrong', \$model\$$model\$model\$)");
	like($stderr, qr/does not lead to the model/, 'a revision is refused');
	is($node->safe_psql('postgres', 'SELECT count(*) FROM migrate_revision'), '0', 'and not stored');
	($status, $stdout, $stderr) = $node->psql('postgres',
		"SET migrate.plant = 'CREATE TABLE app.note=>CREATE UNLOGGED TABLE app.note'; SELECT migrate_baseline()");
	like($stderr, qr/does not build the schema of the database.*persistence/s, 'a wrong baseline is refused');
}

# The same in stored scripts, which somebody has edited
$node->safe_psql('postgres', qq{
	SET client_min_messages = error;
	SELECT migrate_baseline(include => '{app}', rev_id => 'first');
	SELECT migrate_set_model(\$model\$$model\$model\$);
	SELECT migrate_autogenerate('more', rev_id => 'more');
});
my %stored = map { $_ => $node->safe_psql('postgres',
		"SELECT ${_}_sql FROM migrate_revision WHERE revision = 'more'") } qw(upgrade downgrade);
my $prove = "SELECT direction, result FROM migrate_prove('more')";
is($node->safe_psql('postgres', $prove), "upgrade|proven\ndowngrade|proven", 'the stored scripts are proven');
foreach my $fault (grep { $_->[0] ne 'a syntax error' } @faults)
{
	my ($name, $pattern, $replacement) = @$fault;
	my %spoilt = %stored;
	my ($direction) = grep { $stored{$_} =~ /$pattern/s } qw(upgrade downgrade);

	if (!ok(defined $direction, "$name: there is something to spoil in what is stored"))
	{
		diag $stored{upgrade}, $stored{downgrade};
		next;
	}
	$spoilt{$direction} =~ s/$pattern/$replacement/s;
	like($node->safe_psql('postgres', qq{
			SET client_min_messages = error;
			SELECT migrate_edit('more', upgrade => \$script\$$spoilt{upgrade}\$script\$, downgrade => \$script\$$spoilt{downgrade}\$script\$);
			$prove;
		}), qr/^$direction\|disproven$/m, "$name is found in what is stored");
}

done_testing();
