# Of a model that differs little from the one that the session has built, only
# a part is built; what comes of it is the same as in a session that knows of
# no other, and what is in doubt is built as a whole.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$node->safe_psql(
	'postgres', q{
	CREATE EXTENSION pg_migrations SCHEMA public;
	CREATE SCHEMA app;
	CREATE SCHEMA lib;
	CREATE SCHEMA two;
	CREATE SEQUENCE lib.numbers;
	CREATE TABLE lib.state (id int PRIMARY KEY);
	CREATE FUNCTION lib.f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
	ALTER DATABASE postgres SET search_path = app, lib, public;
});

my $fill = join('',
	map { "CREATE TABLE fill_$_ (id int PRIMARY KEY, v text);\n" } 1 .. 60);
my $model = <<'MODEL';
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE DOMAIN amount AS numeric CHECK (VALUE >= 0);
CREATE SEQUENCE tickets;
CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * $1';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE hub (id int PRIMARY KEY, code text UNIQUE, kind mood DEFAULT 'sad');
CREATE TABLE spoke (id serial PRIMARY KEY, hub int REFERENCES hub, price amount);
CREATE TABLE far (id int PRIMARY KEY, spoke int REFERENCES spoke, n int DEFAULT nextval('tickets'));
CREATE INDEX ON far (twice(n));
CREATE TABLE lone (a int, b text, c int DEFAULT 1, CHECK (a > 0));
CREATE INDEX ON lone (a);
CREATE TABLE measure (at date NOT NULL, v int) PARTITION BY RANGE (at);
CREATE TABLE measure_1 PARTITION OF measure FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE animal (name text, legs int);
CREATE TABLE cat (color text) INHERITS (animal);
CREATE VIEW cats AS SELECT name, legs FROM cat;
CREATE VIEW few_cats AS SELECT name FROM cats WHERE legs < 4;
CREATE FUNCTION any_hub() RETURNS hub LANGUAGE sql AS 'SELECT * FROM hub';
CREATE FUNCTION code_of(x hub) RETURNS hub.code%TYPE LANGUAGE sql AS 'SELECT x.code';
CREATE TRIGGER touch BEFORE UPDATE ON lone FOR EACH ROW EXECUTE FUNCTION touch();
CREATE POLICY own ON far USING (spoke > 0);
CREATE VIEW states AS SELECT id, f(id) AS g FROM state;
COMMENT ON TABLE lone IS 'is alone';
COMMENT ON COLUMN lone.a IS 'a';
MODEL

# The bodies of routines that a script makes are looked into while the whole
# stands; so these are there.
$node->safe_psql('postgres', $fill . $model);

# The rows of migrate_diff(), and how the second model was built
sub compare
{
	my @models = @_;
	my $query = 'SELECT * FROM migrate_diff($model$%s$model$);';
	my ($out, $err) = ('', '');
	my $sql = '';

	$sql .= sprintf("\\o /dev/null\n$query\n\\o\n", shift @models) if @models > 1;
	$sql .= "SET client_min_messages = debug1;\n" . sprintf($query, $models[0]);
	$node->psql('postgres', $sql, stdout => \$out, stderr => \$err);
	my $how = 'as nothing was known';
	note($err) if $err !~ /statements of the model, the rest|as a whole/;
	$how = "part of $1" if $err =~ /built (\d+) of \d+ statements of the model, the rest/;
	$how = "whole: $1" if $err =~ /the model is built as a whole: (.*)/;
	$out .= "\n$1" if $err =~ /(ERROR: .*)/;
	return ($out, $how);
}

sub with
{
	my ($from, $to) = @_;
	my $text = $fill . $model;

	return "$text$to\n" if $from eq '';
	die "not in the model: $from" if index($text, $from) < 0;
	$text =~ s/\Q$from\E/$to/;
	return $text;
}

sub check
{
	my ($what, $from, $to, $expected, $before) = @_;
	my $changed = with($from, $to);
	my ($rows, $how) = compare($before // $fill . $model, $changed);
	my ($fresh, undef) = compare($changed);

	like($how, $expected, "$what: how it is built");
	is($rows, $fresh, "$what: what comes of it");
}

# The same for whole texts
sub check_texts
{
	my ($what, $before, $changed, $expected) = @_;
	my ($rows, $how) = compare($before, $changed);
	my ($fresh, undef) = compare($changed);

	like($how, $expected, "$what: how it is built");
	is($rows, $fresh, "$what: what comes of it");
}

# Each kind
check('nothing but a space', '', ' ', qr/^part of 0$/);
check('a column', 'b text, c', 'b text, more int, c', qr/^part of \d+$/);
check('a type, a default, a key', 'a int, b text, c int DEFAULT 1',
	'a bigint PRIMARY KEY, b text, c int DEFAULT 2', qr/^part/);
check('a check', 'CHECK (a > 0)', 'CHECK (a > 1)', qr/^part/);
check('an index', '', 'CREATE INDEX ON lone (b);', qr/^part/);
check('another index', 'ON lone (a)', 'ON lone (b, a)', qr/^part/);
check('an index less', 'CREATE INDEX ON lone (a);', '', qr/^part/);
check('a table more', '', 'CREATE TABLE extra (id int REFERENCES hub);', qr/^part/);
check('a table less', 'CREATE TABLE fill_7 (id int PRIMARY KEY, v text);', '', qr/^part/);
check('what others refer to', 'code text UNIQUE', 'code text UNIQUE, w int', qr/^part/);
check('a comment', "'is alone'", "E'is \\\\t lonely'", qr/^part/);
check('an enum', "'happy'", "'happy', 'glad'", qr/^part/);
check('a domain', 'VALUE >= 0', 'VALUE > 0', qr/^part/);
check('a sequence', 'SEQUENCE tickets', 'SEQUENCE tickets START 5', qr/^part/);
check('a view', 'legs < 4', 'legs < 5', qr/^part/);
check('below a view', 'legs int', 'legs bigint', qr/^part/);
check('a trigger', 'BEFORE UPDATE ON lone', 'BEFORE UPDATE OR DELETE ON lone', qr/^part/);
check('a policy', 'spoke > 0', 'spoke > 1', qr/^part/);
check('a partition', '', "CREATE TABLE measure_2 PARTITION OF measure FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');", qr/^part/);
check('an index of a partitioned table', '', 'CREATE INDEX ON measure (v);', qr/^part/);
check('a foreign key apart', '', 'ALTER TABLE fill_3 ADD FOREIGN KEY (id) REFERENCES lone (a);', qr/^whole/);
check('statistics', '', 'CREATE STATISTICS few ON a, b FROM lone;', qr/^part/);

# What moves, and what others need
check('a statement moves', 'CREATE TYPE mood',
	"CREATE TABLE fill_61 (id int PRIMARY KEY, v text);\nCREATE TYPE mood", qr/^part/,
	with('', 'CREATE TABLE fill_61 (id int PRIMARY KEY, v text);'));
check('before what needs it', "CREATE TABLE hub", "CREATE TABLE hub2 (id int);\nCREATE TABLE hub", qr/^part/);

# Names that now mean something else
check('a table before one of another schema', '', 'CREATE TABLE state (id int, w int);', qr/^part/);
check('a table before what names it', 'CREATE TYPE mood', "CREATE TABLE state (id bigint);\nCREATE TYPE mood", qr/^(part|whole)/);
check('a function before what names it', 'CREATE TYPE mood',
	"CREATE FUNCTION f(int) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT 1::text';\nCREATE TYPE mood", qr/^whole/);
check('a routine that is to be looked into', "'SELECT 2 * \$1'", "'SELECT 3 * \$1'", qr/^whole/);

# Tables that refer to one another in a chain, as pg_dump writes them: of what
# a table refers to the keys are left out, and of what refers to it
my $chain = join('', map { "CREATE TABLE link_$_ (id int PRIMARY KEY, up int, v text);\n" } 1 .. 40);
$chain .= "CREATE TABLE two.link_5 (id int PRIMARY KEY, up int);\n";
$chain .= join('',
	map { "ALTER TABLE ONLY link_$_ ADD CONSTRAINT up_${_}_key FOREIGN KEY (up) REFERENCES link_" . ($_ % 40 + 1) . "(id);\n" }
	  1 .. 40);
$chain .= "ALTER TABLE ONLY two.link_5 ADD CONSTRAINT up_5_key FOREIGN KEY (up) REFERENCES link_9(id);\n";
$chain .= "ALTER TABLE link_7 ADD CONSTRAINT self FOREIGN KEY (up) REFERENCES link_7 ON DELETE CASCADE;\n";
my @chained = (
	[ 'a column', 'link_20 (id int PRIMARY KEY, up int, v text', 'link_20 (id int PRIMARY KEY, up int, v varchar', qr/^part of [5-9]$/ ],
	[ 'the key', 'link_20 (id int', 'link_20 (id bigint', qr/^part of [5-9]$/ ],
	[ 'what refers', 'link_20 (id int PRIMARY KEY, up int', 'link_20 (id int PRIMARY KEY, up bigint', qr/^part of [5-9]$/ ],
	[ 'a table of a name that is there twice', 'link_5 (id int PRIMARY KEY, up int, v', 'link_5 (id int PRIMARY KEY, up int, w', qr/^part of \d$/ ],
	[ 'what two refer to', 'link_9 (id int', 'link_9 (id bigint', qr/^part of \d\d?$/ ],
	[ 'what refers to itself', 'link_7 (id int PRIMARY KEY, up int', 'link_7 (id int PRIMARY KEY, up smallint', qr/^part of \d$/ ],
	[ 'below what refers to itself', 'link_8 (id int PRIMARY KEY, up int', 'link_8 (id int PRIMARY KEY, up bigint', qr/^part of \d$/ ],
	[ 'a key', 'REFERENCES link_21(id)', 'REFERENCES link_21(id) ON DELETE CASCADE', qr/^part of \d$/ ],
	[ 'a key less', "ALTER TABLE ONLY link_20 ADD CONSTRAINT up_20_key FOREIGN KEY (up) REFERENCES link_21(id);\n", '', qr/^part of \d$/ ],
	[ 'a key elsewhere', 'REFERENCES link_21(id)', 'REFERENCES link_31(id)', qr/^part of \d$/ ],
	[ 'one more', '', 'ALTER TABLE link_21 ADD CONSTRAINT more FOREIGN KEY (up) REFERENCES link_20;', qr/^part of \d$/ ],
	[ 'another order', "ALTER TABLE link_7 ADD", "ALTER TABLE link_7 ADD UNIQUE (v);\nALTER TABLE link_7 ADD", qr/^part of \d$/ ],
	[ 'one by another', '', 'ALTER TABLE link_20 VALIDATE CONSTRAINT up_20_key;', qr/^(part|whole)/ ],
	[ 'a name of one', '', 'ALTER TABLE link_20 ADD UNIQUE (up); ALTER TABLE link_20 ADD CONSTRAINT self CHECK (up > 0);', qr/^(part|whole)/ ],
	[ 'a table less', "CREATE TABLE link_30 (id int PRIMARY KEY, up int, v text);\n", '', qr/^whole/ ]);

foreach my $case (@chained)
{
	my ($what, $from, $to, $expected) = @$case;

	check_texts("in a chain: $what", $chain, $from eq '' ? "$chain$to\n" : $chain =~ s/\Q$from\E/$to/r, $expected);
}

# Names of keys that all tables share
{
	my $shared = $chain =~ s/CONSTRAINT up_\d+_key/CONSTRAINT up/gr;

	check_texts('keys of one name', $shared, $shared =~ s/link_20 \(id int/link_20 (w int, id int/r, qr/^(part|whole)/);
}

# What names them, and what has them of others
my $described = "${chain}COMMENT ON CONSTRAINT up_21_key ON link_21 IS 'up';\n"
  . "CREATE TABLE parts (id int PRIMARY KEY, up int REFERENCES link_1) PARTITION BY RANGE (id);\n"
  . "CREATE TABLE part_1 PARTITION OF parts FOR VALUES FROM (1) TO (10);\n"
  . "CREATE TABLE part_2 (id int PRIMARY KEY, up int REFERENCES link_1);\n"
  . "ALTER TABLE parts ADD CONSTRAINT apart FOREIGN KEY (up) REFERENCES link_30;\n"
  . "ALTER TABLE part_2 ADD CONSTRAINT apart FOREIGN KEY (up) REFERENCES link_30;\n"
  . "ALTER TABLE part_2 ADD CONSTRAINT own FOREIGN KEY (up) REFERENCES link_35;\n"
  . "ALTER TABLE parts ATTACH PARTITION part_2 FOR VALUES FROM (10) TO (20);\n"
  . "CREATE TABLE on_part (id int);\nALTER TABLE on_part ADD CONSTRAINT on_part FOREIGN KEY (id) REFERENCES parts;\n"
  . "CREATE TABLE chosen (up int);\nALTER TABLE chosen ADD CONSTRAINT chosen_up_fkey FOREIGN KEY (up) REFERENCES link_12;\n"
  . "ALTER TABLE chosen ADD FOREIGN KEY (up) REFERENCES link_13;\n";
foreach my $name (1, 12, 13, 20, 21, 22, 30, 35)
{
	check_texts("beside link_$name", $described,
		$described =~ s/link_$name \(id int PRIMARY KEY, up int, v text/link_$name (id int PRIMARY KEY, up int, v char(3), w int/r, qr/^(part|whole)/);
}
foreach my $change ([ 'part_2 (id int', 'part_2 (w int, id int' ], [ 'up int REFERENCES link_1) PARTITION', 'up int) PARTITION' ],
	[ 'on_part (id int', 'on_part (w int, id int' ], [ 'TO (20)', 'TO (30)' ], [ 'TO (10)', 'TO (9)' ],
	[ 'chosen (up int', 'chosen (w int, up int' ], [ "IS 'up'", "IS 'down'" ])
{
	my ($from, $to) = @$change;

	check_texts("$from becomes $to", $described, $described =~ s/\Q$from\E/$to/r, qr/^(part|whole)/);
}

# Names that the server chooses
check('a name that it would have chosen', 'CREATE INDEX ON lone (a);',
	"CREATE INDEX lone_b_idx ON fill_1 (v);\nCREATE INDEX ON lone (b);", qr/./);
check('a name that is taken meanwhile', 'CREATE TYPE mood', "CREATE TABLE fill_9_pkey (a int);\nCREATE TYPE mood", qr/^whole/);
my $numbered = $fill . $model;
$numbered =~ s/CREATE TABLE lone/CREATE TABLE lone_a_idx (z int);\nCREATE TABLE lone/;
check('a number that goes', '', ' ', qr/^whole/, $numbered);


# Numbers behind names, of which lower ones become free
my $free = 'CREATE TABLE lone_a_idx1 (z int);' . "\nCREATE TABLE lone_c (z int CONSTRAINT lone_a_check1 CHECK (z > 0));\n";
foreach my $user ('CREATE INDEX ON lone (a);', 'ALTER TABLE lone ADD CHECK (a > 1);')
{
	my $taken = with('CREATE INDEX ON lone (a);', "${free}CREATE INDEX ON lone (a);\n$user");

	check_texts("a lower number for $user", $taken, $taken =~ s/\Q$free\E//r, qr/^whole: the server may choose/);
}
check('a type that comes with a range', '', "CREATE TYPE span AS RANGE (SUBTYPE = int);\nCREATE TABLE span_multirange (a int);",
	qr/^(whole: a statement may|whole: a statement has)/, with('', 'CREATE TYPE span AS RANGE (SUBTYPE = int);'));

# Names in strings
foreach my $user (
	[ 'a default of an argument', "CREATE FUNCTION given(x bigint DEFAULT nextval('numbers')) RETURNS int LANGUAGE sql AS 'SELECT 1';" ],
	[ 'a string of several lines', "CREATE TABLE given (x bigint DEFAULT nextval('num'\n'bers'));" ],
	[ 'a string with escapes', "CREATE TABLE given (x bigint DEFAULT nextval(E'num\\x62ers'));" ],
	[ 'a body that is read', "CREATE FUNCTION given() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT nextval('numbers'); END;" ])
{
	my ($what, $sql) = @$user;

	next
	  if $sql =~ /ATOMIC/ && $node->safe_psql('postgres', 'SHOW server_version_num') < 140000;
	$node->safe_psql('postgres', $sql);
	check($what, 'CREATE TYPE mood', "CREATE SEQUENCE numbers;\n$sql\nCREATE TYPE mood", qr/^whole/,
		with('CREATE TYPE mood', "$sql\nCREATE TYPE mood"));
	$node->safe_psql('postgres', 'DROP ' . ($sql =~ /FUNCTION/ ? 'FUNCTION' : 'TABLE') . ' given');
}

# Equal names in several schemas, and of several kinds
$node->safe_psql('postgres', "CREATE FUNCTION lone() RETURNS int LANGUAGE sql AS 'SELECT 1'");
my $equal = with('CREATE TYPE mood', "CREATE FUNCTION lone() RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE TYPE mood");
$equal .= "CREATE TABLE two.lone (a int, b int);\nCREATE TABLE two.extra (a int);\nCREATE STATISTICS two.few ON a, c FROM lone;\n"
  . "CREATE STATISTICS many ON a, b FROM two.lone;\n";
check_texts('order of parts', $equal, $equal =~ s/fill_3 \(id int/fill_3 (id bigint/r, qr/^part/);
check_texts('order of parts below', $equal, $equal =~ s/two\.extra \(a int/two.extra (a bigint/r, qr/^part/);
check_texts('order of statistics', $equal, $equal =~ s/two\.lone \(a int/two.lone (a bigint/r, qr/./);

# What is about more than it names
check('a setting', 'CREATE TYPE mood', "SET default_tablespace = '';\nCREATE TYPE mood", qr/^whole/);
check('code', '', 'DO $$ BEGIN END $$;', qr/^as nothing/);
check('an operator', '', 'CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int);', qr/^whole/);
check('all tables', '', 'GRANT SELECT ON ALL TABLES IN SCHEMA app TO PUBLIC;', qr/^whole/);
check('another name', '', 'ALTER TABLE lone RENAME TO only;', qr/^(whole|as nothing)/);
check('much of it', "v text);\n", "v text, w int);\n" . join('', map { "CREATE TABLE more_$_ (a int);\n" } 1 .. 60), qr/./);
check('something that does not run', '', 'CREATE INDEX ON lone (nothing);', qr/^whole/);

# What the session has built may come from a part itself
{
	my $sql = '';
	my $text = $fill . $model;
	my ($out, $err);

	foreach my $i (1 .. 8)
	{
		$sql .= "SELECT count(*) FROM migrate_diff(\$model\$$text\$model\$);\n";
		$sql .= "SET client_min_messages = debug1;\n";
		$text =~ s/fill_$i \(id int/fill_$i (id bigint, n_$i int/;
	}
	$node->psql('postgres', $sql, stdout => \$out, stderr => \$err);
	is(scalar(() = $err =~ /the rest is as before/g), 7, 'parts of parts');
}

# The stored model is known to each session of its author
$node->safe_psql('postgres', "SELECT migrate_set_model(\$model\$$fill$model\$model\$)");
{
	my (undef, $how) = compare(with('b text, c', 'b text, more int, c'));

	like($how, qr/^part/, 'a model that is much like the stored one');
}
$node->safe_psql('postgres', q{
	CREATE ROLE regress_lesser;
	GRANT ALL ON SCHEMA app, public TO regress_lesser;
	UPDATE migrate_model SET updated_by = 'regress_lesser'});
{
	my (undef, $how) = compare(with('b text, c', 'b text, more int, c'));

	like($how, qr/^as nothing/, 'what a lesser role has stored is not believed');
}

# Where the database stands as the stored model, the live schema is read in
# part, too; what comes of it is what comes of all, which a pattern has read
$node->safe_psql(
	'postgres', q{
	CREATE DATABASE stands TEMPLATE template0;
	ALTER DATABASE stands SET search_path = app, lib, public;
	CREATE ROLE regress_owner});
$node->safe_psql(
	'stands', qq{
	CREATE EXTENSION pg_migrations SCHEMA public;
	CREATE SCHEMA app;
	CREATE SCHEMA lib;
	CREATE SCHEMA rep;
	GRANT ALL ON SCHEMA app TO regress_owner;
	CREATE TABLE lib.state (id int PRIMARY KEY);
	CREATE FUNCTION lib.f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT \$1';
	$fill$model
	CREATE VIEW rep.outer_lone AS SELECT b FROM app.lone;
	INSERT INTO lone VALUES (1, 'b');
	SELECT migrate_set_model(\$model\$$fill$model\$model\$)});

# It is not worth it for so few objects, but for a build with assertions
my $is_tried = $node->safe_psql('stands',
	"LOAD 'pg_migrations'; SELECT current_setting('migrate.check_slices', true) IS NOT NULL") eq 't';

# Scripts for a model, and whether the live schema was read in part; what a
# session does before
sub scripts
{
	my ($changed, $before) = @_;
	my ($out, $err) = ('', '');

	$node->psql(
		'stands',
		($before // '')
		  . "\nSET client_min_messages = debug1;\n"
		  . "SELECT upgrade, downgrade FROM migrate_autogenerate_sql(\$model\$$changed\$model\$);",
		stdout => \$out, stderr => \$err);
	$out .= join('', $err =~ /^((?:psql:\S+ )?(?:ERROR|WARNING|NOTICE):.*\n)/mg);
	# where all of a schema is proven as well, that is read for it
	$err =~ s/trying the scripts on \d+ of .*//s if $out !~ /^f$/m;
	return ($out, $err =~ /read \d+ of \d+ live objects/ ? 'part' : 'all',
		scalar(() = $err =~ /read all live objects after all/g));
}

sub check_scripts
{
	my ($what, $from, $to, $expected, $before) = @_;
	my $changed = with($from, $to);
	my ($part, $how, $rest) = scripts($changed, $before);
	my ($all, $how_all) = scripts($changed, "SET migrate.exclude = 'nothing.at_all';");

	is("$how $rest", $is_tried ? $expected : 'all 0', "$what: how the live schema is read");
	is($how_all, 'all', "$what: all is read for a pattern");
	is($part, $all, "$what: what comes of it");
	like($part, qr/\n/, "$what: something does") if $from ne '' || $to ne '';
}

my @stands = (
	[ 'b text, c', 'b text, more int, c' ],
	[ 'a int, b text, c int DEFAULT 1', 'a bigint PRIMARY KEY, b varchar(1), c int DEFAULT 2' ],
	[ 'b text, c int', 'c int' ],
	[ 'CHECK (a > 0)', 'CHECK (a > 1)' ],
	[ '', 'CREATE INDEX ON lone (b);' ],
	[ '', 'CREATE TABLE extra (id int REFERENCES hub, n int DEFAULT twice(2));' ],
	[ 'CREATE TABLE fill_7 (id int PRIMARY KEY, v text);', '' ],
	[ 'code text UNIQUE', 'code text' ],
	[ "'is alone'", "'is lonely'" ],
	[ "'sad', 'happy'", "'happy'" ],
	[ 'VALUE >= 0', 'VALUE > 0' ],
	[ 'SEQUENCE tickets', 'SEQUENCE tickets START 5' ],
	[ 'legs int', 'legs bigint' ],
	[ 'BEFORE UPDATE ON lone', 'BEFORE UPDATE OR DELETE ON lone' ],
	[ 'spoke > 0', 'spoke > 1' ],
	[ '', "CREATE TABLE measure_2 PARTITION OF measure FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');" ],
	[ 'CREATE VIEW few_cats AS SELECT name FROM cats WHERE legs < 4;', '' ],
	[ 'hub int REFERENCES hub', 'hub int REFERENCES hub ON DELETE CASCADE' ]);
foreach my $change (@stands)
{
	my ($from, $to) = @$change;

	check_scripts("$from becomes $to", $from, $to, 'part 0');
}

# What a proof of a part builds is known as well
my ($proven, @how) = scripts(with('fill_7 (id int', 'fill_7 (id bigint'),
	($is_tried ? "LOAD 'pg_migrations';\nSET migrate.check_slices = off;\n" : '') . "SELECT false;\n");
is("@how", $is_tried ? 'part 0' : 'all 0', 'nothing else is read for a proof');

# What imprints leave out, by hand: it is read of what changes
my ($from, $to) = @{ $stands[1] };
foreach my $by_hand (
	[ 'an owner', 'ALTER TABLE lone OWNER TO regress_owner', 'ALTER TABLE lone OWNER TO CURRENT_USER' ],
	[ 'an owner elsewhere', 'ALTER TABLE animal OWNER TO regress_owner', 'ALTER TABLE animal OWNER TO CURRENT_USER' ],
	[ 'an owner of what is called', 'ALTER FUNCTION touch() OWNER TO regress_owner', 'ALTER FUNCTION touch() OWNER TO CURRENT_USER' ],
	[ 'grants', 'GRANT SELECT, UPDATE (b) ON lone TO PUBLIC; GRANT SELECT ON hub TO regress_owner',
		'REVOKE ALL ON lone FROM PUBLIC; REVOKE ALL ON hub FROM regress_owner' ],
	[ 'default privileges', 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO regress_owner',
		'ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE ALL ON TABLES FROM regress_owner' ],
	[ 'the order of columns elsewhere', 'ALTER TABLE hub DROP COLUMN code CASCADE; ALTER TABLE hub ADD code text UNIQUE', '' ])
{
	my ($what, $done, $undone) = @$by_hand;

	$node->safe_psql('stands', $done);
	check_scripts("by hand, $what", $from, $to, 'part 0');
	check_scripts("by hand, $what, of a key", 'code text UNIQUE', 'code text', $what =~ /columns/ ? 'all 0' : 'part 0');
	$node->safe_psql('stands', $undone);
}
foreach my $by_hand (
	[ 'a comment', "COMMENT ON COLUMN lone.b IS 'by hand'", 'COMMENT ON COLUMN lone.b IS NULL' ],
	[ 'a table', 'CREATE TABLE stray (id int)', 'DROP TABLE stray' ],
	[ 'an index', 'CREATE INDEX stray ON animal (legs)', 'DROP INDEX stray' ],
	[ 'a trigger', 'ALTER TABLE lone DISABLE TRIGGER touch', 'ALTER TABLE lone ENABLE TRIGGER touch' ],
	[ 'a default', 'ALTER TABLE animal ALTER legs SET DEFAULT 4', 'ALTER TABLE animal ALTER legs DROP DEFAULT' ])
{
	my ($what, $done, $undone) = @$by_hand;

	$node->safe_psql('stands', $done);
	check_scripts("by hand, $what", $from, $to, 'all 0');
	$node->safe_psql('stands', $undone);
	check_scripts("by hand, $what no more", $from, $to, 'part 0');
}

# Another session's change while a part is read, and the rest is read after all:
# a comparison waits for what holds the name of the schema
my $keeper = $node->background_psql('stands');
$keeper->query_safe('BEGIN; GRANT CREATE ON SCHEMA app TO regress_owner');
my ($out, $err) = ('', '');
my $run = IPC::Run::start(
	[
		'psql', '-XAt', '-v', 'VERBOSITY=sqlstate', '-d', $node->connstr('stands'),
		'-c', "SELECT upgrade FROM migrate_autogenerate_sql(\$model\$" . with("'is alone'", "'is lonely'") . "\$model\$)"
	],
	'>', \$out, '2>', \$err,
	IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
$node->poll_query_until('stands',
	q{SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted})
  or die 'the comparison did not come to the schema';
$node->safe_psql('stands', 'DROP TRIGGER touch ON lone');
$keeper->query_safe('ROLLBACK');
$keeper->quit;
$run->finish;
$node->safe_psql('stands', 'CREATE TRIGGER touch BEFORE UPDATE ON lone FOR EACH ROW EXECUTE FUNCTION touch()');
like("$out$err", $is_tried ? qr/^(psql:\S+ )?ERROR:  40001/m : qr/is lonely/, 'a part that is gone by the end is noticed');

# Another session's change between two comparisons
my $first = "\\o /dev/null\nSELECT upgrade FROM migrate_autogenerate_sql(\$model\$" . with($from, $to) . "\$model\$);\n\\o\n";
foreach my $query ('ALTER TABLE app.lone OWNER TO regress_owner', 'DROP TABLE app.fill_9', 'DROP VIEW rep.outer_lone',
	'ALTER TABLE app.lone DROP b')
{
	my $between = "$first\\! psql -qXc '$query' stands\n";
	my ($part) = scripts(with('spoke > 0', 'spoke > 1'), $between);
	my ($all) = scripts(with('spoke > 0', 'spoke > 1'), "SET migrate.exclude = 'nothing.at_all';");

	is($part, $all, "another session has done $query");
}

done_testing();
