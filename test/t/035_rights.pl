# Walks over all functions and procedures of the extension: each is called by
# roles of all sorts in a database where others have planted code wherever the
# server has a place for it.  Nobody ends with more than he had, and no planted
# code runs as somebody who is stronger than its owner.
#
# A new function needs a row in the table below.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', "log_min_messages = warning\nlog_statement = none\n");
$node->start;
my $folder = PostgreSQL::Test::Utils::tempdir();
chmod 0777, $folder or die "chmod: $!";

#
# The situations: who logs in, whom he becomes, which schema is his, and the
# column of the table below that is about him.  Somebody else has planted code
# in each schema.
#
my $planter = 'regress_mig_planter';
my %situations = (
	execute  => { column => 0, user => 'regress_mig_execute', schema => 'public' },
	schema   => { column => 1, user => 'regress_mig_schema', schema => 'app' },
	database => { column => 2, user => 'regress_mig_database', schema => 'public' },
	set_role => { column => 1, user => 'postgres', role => 'SET ROLE regress_mig_schema', schema => 'app' },
	set_session => { column => 1, user => 'postgres', role => 'SET SESSION AUTHORIZATION regress_mig_schema', schema => 'app' },
	superuser => { column => 3, user => 'postgres', schema => 'public' },
);
my @situations = qw(execute schema database set_role set_session superuser);

#
# The database
#
$node->safe_psql('postgres', q{
	ALTER ROLE postgres SET search_path = pg_catalog;	-- others have operators in public
	CREATE ROLE regress_mig_execute LOGIN;
	CREATE ROLE regress_mig_schema LOGIN;
	CREATE ROLE regress_mig_database LOGIN;
	CREATE ROLE regress_mig_planter LOGIN;
	CREATE DATABASE walk OWNER regress_mig_database;
});
$node->safe_psql('walk', q{
	CREATE SCHEMA mig;
	CREATE EXTENSION pg_migrations SCHEMA mig;
	CREATE SCHEMA app AUTHORIZATION regress_mig_schema;
	GRANT USAGE ON SCHEMA mig TO PUBLIC;
	GRANT EXECUTE ON ALL ROUTINES IN SCHEMA mig TO regress_mig_execute, regress_mig_schema, regress_mig_database, regress_mig_planter;
	GRANT CREATE, USAGE ON SCHEMA app, public TO regress_mig_planter;
	GRANT USAGE ON SCHEMA app TO PUBLIC;
	GRANT TEMPORARY, CONNECT ON DATABASE walk TO PUBLIC;
	SELECT mig.migrate_revision('base', '', '', rev_id => 'base0');
	SELECT mig.migrate_upgrade();
});

# The spy: says in the server's log whose it is, where it was planted and as
# whom it runs, tries to get back to whoever stands behind, and takes what it
# can.
sub spy
{
	my ($schema, $owner) = @_;
	return qq{
		CREATE FUNCTION $schema.spy(place text) RETURNS text LANGUAGE plpgsql AS \$spy\$
		BEGIN
			RAISE LOG 'planted by $owner in %, runs as %', place, current_user;
			BEGIN
				PERFORM pg_catalog.set_config('role', 'none', true);
				RAISE LOG 'planted by $owner in %, led back to %', place, current_user;
			EXCEPTION WHEN OTHERS THEN NULL;
			END;
			BEGIN
				EXECUTE 'ALTER ROLE $owner SUPERUSER CREATEROLE';
			EXCEPTION WHEN OTHERS THEN NULL;
			END;
			BEGIN
				EXECUTE 'GRANT pg_execute_server_program TO $owner';
			EXCEPTION WHEN OTHERS THEN NULL;
			END;
			BEGIN
				EXECUTE format('COPY (SELECT 1) TO PROGRAM %L', 'touch $folder/' || place);
			EXCEPTION WHEN OTHERS THEN NULL;
			END;
			BEGIN
				EXECUTE 'ALTER SCHEMA mig OWNER TO $owner';
			EXCEPTION WHEN OTHERS THEN NULL;
			END;
			RETURN place;
		END \$spy\$;
		CREATE FUNCTION $schema.spy_fixed(place text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS \$spy\$
			BEGIN RETURN $schema.spy(place); END \$spy\$;
		CREATE FUNCTION $schema.spy_true(place text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS \$spy\$
			BEGIN RETURN $schema.spy(place) IS NOT NULL; END \$spy\$;
	};
}

# What is planted in a schema.  The spy is harmless meanwhile, so that only
# what runs afterwards is seen.
sub plants
{
	my ($schema) = @_;
	return qq{
		CREATE FUNCTION $schema.valid(text) RETURNS boolean LANGUAGE plpgsql AS \$\$BEGIN RETURN $schema.spy_true('valid'); END\$\$;
		CREATE FUNCTION $schema.valid_int(integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS \$\$BEGIN RETURN $schema.spy_true('valid_int'); END\$\$;
		CREATE DOMAIN $schema.checked AS text CHECK ($schema.spy_true('domain'));
		CREATE DOMAIN $schema.defaulted AS text DEFAULT $schema.spy_fixed('domain_default');
		CREATE TYPE $schema.composite AS (a text, b $schema.checked);
		CREATE FUNCTION $schema.to_composite(text) RETURNS $schema.composite LANGUAGE plpgsql AS
			\$\$BEGIN PERFORM $schema.spy('cast'); RETURN NULL; END\$\$;
		CREATE CAST (text AS $schema.composite) WITH FUNCTION $schema.to_composite(text) AS IMPLICIT;
		CREATE FUNCTION $schema.from_composite($schema.composite) RETURNS integer LANGUAGE plpgsql AS
			\$\$BEGIN PERFORM $schema.spy('cast'); RETURN 1; END\$\$;
		CREATE CAST ($schema.composite AS integer) WITH FUNCTION $schema.from_composite($schema.composite) AS IMPLICIT;
		CREATE TYPE $schema.state AS ENUM ('on', 'off');
		CREATE TABLE $schema.trap (
			id integer PRIMARY KEY,
			v text DEFAULT $schema.spy_fixed('default'),
			n integer,
			s $schema.state,
			c $schema.composite,
			d $schema.checked,
			g text GENERATED ALWAYS AS ($schema.spy_fixed('generated')) STORED,
			CONSTRAINT live CHECK ($schema.spy_true('check')));
		INSERT INTO $schema.trap (id, v, n, s, c, d) VALUES (1, 'a', 1, 'on', ROW('a', 'b'), 'd'), (2, 'b', 2, NULL, NULL, NULL);
		CREATE INDEX trap_expression ON $schema.trap ($schema.spy_fixed('index'));
		CREATE INDEX trap_partial ON $schema.trap (n) WHERE $schema.spy_true('partial_index');
		CREATE STATISTICS $schema.trap_statistics ON ($schema.spy_fixed('statistics')), n FROM $schema.trap;
		CREATE TABLE $schema.child (id integer, trap_id integer);
		INSERT INTO $schema.child VALUES (1, 1), (NULL, 2);
		CREATE TABLE $schema.parted (id integer, v text) PARTITION BY RANGE (($schema.spy_fixed('partition' || left(v, 0))));
		CREATE TABLE $schema.parted_rest PARTITION OF $schema.parted DEFAULT;
		CREATE TABLE $schema.policed (id integer, v text);
		INSERT INTO $schema.policed VALUES (1, 'a');
		CREATE POLICY trap ON $schema.policed USING ($schema.spy_true('policy')) WITH CHECK ($schema.spy_true('policy'));
		ALTER TABLE $schema.policed ENABLE ROW LEVEL SECURITY;
		ALTER TABLE $schema.policed FORCE ROW LEVEL SECURITY;
		CREATE VIEW $schema.seen AS SELECT $schema.spy('view') AS v, id FROM $schema.trap;
		CREATE MATERIALIZED VIEW $schema.stored AS SELECT $schema.spy('matview') AS v, id FROM $schema.trap;
		CREATE RULE trap AS ON UPDATE TO $schema.child DO ALSO SELECT $schema.spy('rule');
		CREATE FUNCTION $schema.fire() RETURNS trigger LANGUAGE plpgsql AS \$\$BEGIN PERFORM $schema.spy('trigger'); RETURN NEW; END\$\$;
		CREATE TRIGGER trap BEFORE INSERT OR UPDATE OR DELETE ON $schema.trap FOR EACH ROW EXECUTE FUNCTION $schema.fire();
		CREATE CONSTRAINT TRIGGER trap_later AFTER INSERT OR UPDATE OR DELETE ON $schema.child
			DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION $schema.fire();
		CREATE FUNCTION $schema.operate(oid, regclass) RETURNS boolean LANGUAGE plpgsql AS \$\$BEGIN RETURN $schema.spy_true('operator'); END\$\$;
		CREATE OPERATOR $schema.= (FUNCTION = $schema.operate, LEFTARG = oid, RIGHTARG = regclass);
		CREATE FUNCTION $schema.operate("char", text) RETURNS boolean LANGUAGE plpgsql AS \$\$BEGIN RETURN $schema.spy_true('operator'); END\$\$;
		CREATE OPERATOR $schema.= (FUNCTION = $schema.operate, LEFTARG = "char", RIGHTARG = text);
		CREATE FUNCTION $schema.operate(name, varchar) RETURNS text LANGUAGE plpgsql AS \$\$BEGIN RETURN $schema.spy('operator'); END\$\$;
		CREATE OPERATOR $schema.|| (FUNCTION = $schema.operate, LEFTARG = name, RIGHTARG = varchar);
		CREATE FUNCTION $schema.gather(text, integer) RETURNS text LANGUAGE plpgsql AS \$\$BEGIN RETURN $schema.spy('aggregate'); END\$\$;
		CREATE AGGREGATE $schema.sum_up(integer) (SFUNC = $schema.gather, STYPE = text);
		CREATE FUNCTION $schema.count(integer) RETURNS bigint LANGUAGE plpgsql AS \$\$BEGIN PERFORM $schema.spy('overload'); RETURN 1; END\$\$;
		CREATE FUNCTION $schema.quote_ident(name) RETURNS text LANGUAGE plpgsql AS \$\$BEGIN RETURN $schema.spy('overload'); END\$\$;
		CREATE FUNCTION $schema.format_type(oid, integer) RETURNS text LANGUAGE plpgsql AS \$\$BEGIN RETURN $schema.spy('overload'); END\$\$;
		CREATE FUNCTION $schema.pg_get_expr(pg_node_tree, oid) RETURNS text LANGUAGE plpgsql AS \$\$BEGIN RETURN $schema.spy('overload'); END\$\$;
		CREATE TABLE $schema.alembic_version (version_num text);
		CREATE VIEW $schema.goose_db_version AS SELECT $schema.spy('ledger')::text AS version_num;
	};
}

# Harmless code first, then what it is for.
for my $schema (qw(public app))
{
	my $armed = spy($schema, $planter);
	my $harmless = $armed =~ s/RAISE LOG 'planted.*?RETURN place;/RETURN place;/sr;
	$node->safe_psql('walk', $harmless . plants($schema) . ($armed =~ s/CREATE FUNCTION/CREATE OR REPLACE FUNCTION/gr),
		extra_params => [ '-U', $planter ]);
}

mkdir "$folder/export" or die "mkdir: $!";

# What the planter has stored, and whoever owns the schema.  Nobody has run it.
$node->safe_psql('walk', q{
	SET search_path = app, mig;
	GRANT ALL ON app.child TO PUBLIC;
	SELECT migrate_revision('evil', $$SELECT app.spy('upgrade'); INSERT INTO app.child VALUES (3, 3)$$,
		$$SELECT app.spy('downgrade')$$, $$SELECT app.spy('verify')$$, rev_id => 'evil1');
	SELECT migrate_revision('evil again', $$SELECT app.spy('upgrade')$$, $$SELECT app.spy('downgrade')$$, rev_id => 'evil2');
	SELECT migrate_revision('only verified', 'SELECT 1', '', $$SELECT app.spy('verify')$$, rev_id => 'evil3');
}, extra_params => [ '-U', $planter ]);
my $model_of_owner = q{
	CREATE FUNCTION app.fresh(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $f$BEGIN RETURN app.spy('model_function'); END$f$;
	CREATE FUNCTION app.spy(text) RETURNS text LANGUAGE plpgsql AS $f$BEGIN
		RAISE LOG 'planted by regress_mig_schema in %, runs as %', $1, current_user;
		PERFORM pg_catalog.set_config('role', 'none', true);
		RAISE LOG 'planted by regress_mig_schema in %, led back to %', $1, current_user;
		RETURN $1;
	EXCEPTION WHEN OTHERS THEN RETURN $1;
	END$f$;
	CREATE TABLE app.trap (id integer PRIMARY KEY, v text DEFAULT app.fresh('model_default') CONSTRAINT fresh CHECK (app.fresh(v) <> ''));
	INSERT INTO app.trap VALUES (1);
	CREATE INDEX ON app.trap (app.fresh(v));
	CREATE MATERIALIZED VIEW app.stored AS SELECT app.spy('model_matview') AS v;
	DO $do$BEGIN PERFORM app.spy('model_do'); END$do$;
};
$node->safe_psql('walk', 'SET search_path = app, mig; SELECT migrate_set_model($model$' . $model_of_owner . '$model$)',
	extra_params => [ '-U', 'regress_mig_schema' ]);

#
# Models that the caller gives, for the schema that is his: everything goes,
# everything changes, everything stays.
#
my $drop = q{$m$CREATE TABLE mine (id integer)$m$};
my $change = q{$m$
	CREATE FUNCTION valid(text) RETURNS boolean LANGUAGE sql AS $f$SELECT $1 <> ''$f$;
	CREATE FUNCTION valid_int(integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS $f$SELECT $1 > 0$f$;
	CREATE FUNCTION spy_fixed(text) RETURNS text LANGUAGE sql IMMUTABLE AS $f$SELECT $1$f$;
	CREATE FUNCTION spy_true(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $f$SELECT true$f$;
	CREATE DOMAIN checked AS text CHECK (spy_true(VALUE)) NOT NULL;
	CREATE TYPE composite AS (a text, b checked, z integer);
	CREATE TYPE state AS ENUM ('on');
	CREATE TABLE trap (
		id integer PRIMARY KEY,
		v varchar(1) NOT NULL UNIQUE CONSTRAINT v_ok CHECK (valid(v)),
		n smallint CONSTRAINT n_ok CHECK (valid_int(n)),
		s state,
		c integer,
		d checked,
		g checked,
		e text DEFAULT spy_fixed('x') NOT NULL);
	CREATE UNIQUE INDEX trap_expression ON trap (spy_fixed(v));
	CREATE UNIQUE INDEX trap_partial ON trap (n) WHERE spy_true(v);
	CREATE TABLE child (id integer NOT NULL, trap_id smallint NOT NULL REFERENCES trap);
	CREATE TABLE policed (id smallint PRIMARY KEY, v varchar(1) CHECK (valid(v)));
	CREATE VIEW seen AS SELECT id FROM trap;
	CREATE MATERIALIZED VIEW stored AS SELECT valid(v) AS v, id FROM trap;
	CREATE TABLE parted (id integer NOT NULL, v checked) PARTITION BY RANGE (id);
	CREATE TABLE parted_rest PARTITION OF parted DEFAULT;
$m$};
my $same = q{(SELECT pg_catalog.string_agg(l, E'\n') FROM migrate_schema_sql(ARRAY[current_schema()::text]) l)};

#
# The table: how each function is called, and what its statements come to, ok
# or their SQLSTATE, for a role with EXECUTE alone, for the schema's owner
# (also by SET ROLE), for the database's owner, and for a superuser; all ok
# where nothing is said.  "runs" marks what runs scripts of others as the
# caller, which only superusers are kept from; "top" what commits.
#
my @remove = map { "SELECT migrate_remove('$_')" } qw(evil3 evil2 evil1);
my %walk = (
	migrate_adopt => {
		calls => [ q{SELECT migrate_adopt()}, q{SELECT migrate_adopt('goose_db_version')} ],
		expect => [ '42501 42809', '42501 42809', '42501 42809', 'ok 42809' ] },
	# what goes with the composite type are casts, too, which are dropped before
	# it by its owner alone; where they would run, $change is not proven
	migrate_autogenerate => {
		runs => 1,
		calls => [
			@remove,
			qq{SELECT migrate_autogenerate('x', $drop, rev_id => 'new1')}, q{SELECT migrate_upgrade('new1')}, q{SELECT migrate_downgrade('base0')},
			q{SELECT migrate_remove('new1')},
			qq{SELECT migrate_autogenerate('x', $change, rev_id => 'new2')}, q{SELECT migrate_upgrade('new2')}, q{SELECT migrate_downgrade('base0')},
			q{SELECT migrate_remove('new2')},
			q{SELECT migrate_autogenerate('x', rev_id => 'new3')} ],
		expect => [ 'ok ok ok 42501 MG002 ok MG002 42501 MG002 ok MG002 42501', 'ok ok ok ok 42501 ok ok ok 42501 ok ok ok', ('ok ok ok ok 42501 ok ok ok 42501 ok ok 42501') x 2 ] },
	"migrate_autogenerate amend" => {
		runs => 1,
		calls => [
			@remove[0, 1],
			qq{SELECT migrate_autogenerate('x', $drop, amend => true)}, q{SELECT migrate_upgrade('evil1')}, q{SELECT migrate_downgrade('base0')},
			qq{SELECT migrate_autogenerate('x', $change, amend => true)}, q{SELECT migrate_upgrade('evil1')}, q{SELECT migrate_downgrade('base0')},
			q{SELECT migrate_autogenerate('x', amend => true)}, q{SELECT migrate_upgrade('evil1')} ],
		expect => [ 'ok ok 42501 ok ok 42501 ok ok 42501 ok', 'ok ok ok 42501 ok ok 42501 ok ok 42501', ('ok ok ok 42501 ok ok 42501 ok 42501 42501') x 2 ] },
	migrate_autogenerate_sql => {
		calls => [
			qq{SELECT migrate_autogenerate_sql($drop)}, qq{SELECT migrate_autogenerate_sql($change)},
			qq{SELECT migrate_autogenerate_sql($change, qualify => false)}, qq{SELECT migrate_autogenerate_sql($change, schema => current_schema()::text)},
			qq{SELECT migrate_autogenerate_sql($same)}, q{SELECT migrate_autogenerate_sql()} ],
		expect => [ '42501 42501 42501 42501 42501 42501', 'ok ok ok ok 42501 ok', 'ok ok ok ok 42501 42501', 'ok ok ok ok ok 42501' ] },
	migrate_baseline => {
		runs => 1,
		calls => [
			q{SELECT migrate_baseline()}, @remove, q{SELECT migrate_stamp('base', purge => true)}, q{SELECT migrate_remove('base0')},
			q{SELECT migrate_baseline(rev_id => 'new1')}, q{SELECT migrate_stamp('base')}, q{DROP SCHEMA app CASCADE}, q{SELECT migrate_upgrade()} ],
		expect => [ 'MG012 ok ok ok ok ok ok ok 42501 42501', 'MG012 ok ok ok ok ok ok ok ok 42501', 'MG012 ok ok ok ok ok ok ok 42501 42P06', 'MG012 ok ok ok ok ok ok ok ok 42501' ] },
	"migrate_check against" => {
		calls => [
			qq{SELECT migrate_check($drop, against => 'heads')}, qq{SELECT migrate_check($change, against => 'base0')}, qq{SELECT migrate_diff($same, against => 'heads')},
			qq{SELECT migrate_autogenerate_sql($drop, against => 'heads')}, qq{SELECT migrate_autogenerate('x', $drop, head => 'evil3', against => 'heads')} ],
		expect => [ '42501 42501 42501 42501 42501', ('MG043 MG021 MG043 MG043 MG043') x 3 ] },
	migrate_capture => {
		runs => 1,
		calls => [ @remove, q{SELECT migrate_capture('x', rev_id => 'new1')}, q{SELECT migrate_downgrade('base0')} ],
		expect => [ 'ok ok ok 42501 ok', ('ok ok ok ok 42501') x 3 ] },
	migrate_drift => {
		calls => [ q{SELECT migrate_drift()}, q{SELECT migrate_stamp('heads')}, q{SELECT migrate_drift()}, q{SELECT migrate_drift(include => ARRAY[current_schema()::text])} ],
		expect => [ '42501 ok 42501 42501', ('ok ok MG043 MG043') x 3 ] },
	migrate_prove => {
		calls => [ q{SELECT migrate_prove('evil1')}, q{SELECT migrate_prove('evil3')}, q{SELECT migrate_prove('base0')} ],
		expect => [ '42501 42501 42501', ('ok ok ok') x 3 ] },
	migrate_branches => { calls => [ q{SELECT migrate_branches()} ] },
	migrate_check => {
		calls => [ qq{SELECT migrate_check($drop)}, qq{SELECT migrate_check($change)}, qq{SELECT migrate_check($same)}, q{SELECT migrate_check()} ],
		expect => [ '42501 42501 42501 42501', 'MG020 MG020 42501 MG020', 'MG020 MG020 42501 42501', 'MG020 MG020 MG020 42501' ] },
	migrate_current => { calls => [ q{SELECT migrate_current()} ] },
	migrate_deploy => {
		runs => 1, top => 1,
		calls => [ q{CALL migrate_deploy('heads')} ],
		expect => [ 'ok', 'ok', 'ok', '42501' ] },
	migrate_diff => {
		calls => [
			qq{SELECT migrate_diff($drop)}, qq{SELECT migrate_diff($change)}, qq{SELECT migrate_diff($change, schema => current_schema()::text)},
			qq{SELECT migrate_diff($same)}, q{SELECT migrate_diff()} ],
		expect => [ '42501 42501 42501 42501 42501', 'ok ok ok 42501 ok', 'ok ok ok 42501 42501', 'ok ok ok ok 42501' ] },
	migrate_downgrade => {
		runs => 1,
		calls => [ q{SELECT migrate_stamp('evil3')}, q{SELECT migrate_downgrade('evil2')}, q{SELECT migrate_downgrade('base0')} ],
		expect => [ 'ok ok ok', 'ok ok ok', 'ok ok ok', 'ok 42501 42501' ] },
	migrate_edit => {
		runs => 1,
		calls => [
			q{SELECT migrate_edit('evil1', message => 'mine')}, q{SELECT migrate_edit('evil1', upgrade => 'SELECT 1')}, q{SELECT migrate_upgrade('evil1')},
			q{SELECT migrate_edit('evil1', downgrade => '')}, q{SELECT migrate_upgrade('evil1')},
			q{SELECT migrate_edit('evil3', upgrade => 'SELECT 2', downgrade => '')}, q{SELECT migrate_stamp('evil2')}, q{SELECT migrate_upgrade('evil3')} ],
		expect => [ 'ok ok ok ok ok ok ok ok', 'ok ok ok ok ok ok ok ok', 'ok ok ok ok ok ok ok ok', 'ok ok 42501 ok 42501 ok ok 42501' ] },
	migrate_export => { calls => [ q{SELECT migrate_export('evil1')} ] },
	migrate_export_directory => {
		calls => [ qq{SELECT migrate_export_directory('$folder/export')} ],
		expect => [ '42501', '42501', '42501', 'ok' ] },
	migrate_get_model => { calls => [ q{SELECT migrate_get_model()} ] },
	migrate_graph => { calls => [ q{SELECT migrate_graph()} ] },
	migrate_guard => {
		calls => [ q{SELECT migrate_guard('log')}, q{CREATE TABLE logged (a int)}, q{DROP TABLE logged}, q{SELECT migrate_guard('off')} ],
		expect => [ '42501 42501 42P01 42501', '42501 ok ok 42501', '42501 ok ok 42501', 'ok ok ok ok' ] },
	migrate_heads => { calls => [ q{SELECT migrate_heads()} ] },
	migrate_history => { calls => [ q{SELECT migrate_history()} ] },
	migrate_import => {
		runs => 1,
		calls => [
			q{SELECT migrate_stamp('evil2')}, q{SELECT migrate_import(replace(migrate_export('evil3'), 'SELECT 1', 'SELECT 2'))}, q{SELECT migrate_upgrade('evil3')},
			q{SELECT migrate_import(migrate_export('evil3'))}, q{SELECT migrate_redo('-1')} ],
		expect => [ 'ok ok ok ok ok', 'ok ok ok ok ok', 'ok ok ok ok ok', 'ok ok 42501 ok 42501' ] },
	migrate_import_directory => {
		calls => [ qq{SELECT migrate_import_directory('$folder')} ],
		expect => [ '42501', '42501', '42501', 'ok' ] },
	migrate_merge => {
		runs => 1,
		calls => [
			q{SELECT migrate_revision('side', '', '', head => 'base0', splice => true, rev_id => 'side1')}, q{SELECT migrate_merge('evil3, side1', rev_id => 'both1')},
			q{SELECT migrate_upgrade('both1')} ],
		expect => [ 'ok ok ok', 'ok ok ok', 'ok ok ok', 'ok ok 42501' ] },
	migrate_pending => { calls => [ q{SELECT migrate_pending()} ] },
	migrate_plan => { calls => [ q{SELECT migrate_plan('heads')}, q{SELECT migrate_plan('base')}, q{SELECT migrate_plan('new1', files => E'-- revision: new1\n-- down_revision: base0\n-- message: x\n-- migrate:upgrade\n')} ],
		expect => [ 'ok ok 42501', 'ok ok 42501', 'ok ok 42501', 'ok ok ok' ] },
	migrate_redo => {
		runs => 1,
		calls => [ q{SELECT migrate_stamp('evil3')}, q{SELECT migrate_redo()}, q{SELECT migrate_redo('base0')} ],
		expect => [ 'ok ok ok', 'ok ok ok', 'ok ok ok', 'ok 42501 42501' ] },
	migrate_remove => { calls => [ q{SELECT migrate_remove('evil3')} ] },
	migrate_require => { calls => [ q{SELECT migrate_require('base0')} ] },
	migrate_revert => {
		runs => 1, top => 1,
		calls => [ q{SELECT migrate_stamp('evil3')}, q{CALL migrate_revert('base0')} ],
		expect => [ 'ok ok', 'ok ok', 'ok ok', 'ok 42501' ] },
	migrate_revision => {
		runs => 1,
		calls => [ q{SELECT migrate_revision('x', 'SELECT 1', head => 'evil3', rev_id => 'new1')}, q{SELECT migrate_upgrade('new1')} ],
		expect => [ 'ok ok', 'ok ok', 'ok ok', 'ok 42501' ] },
	migrate_schema_sql => { calls => [ q{SELECT migrate_schema_sql()}, q{SELECT migrate_schema_sql(ARRAY['app', 'public'])} ] },
	migrate_set_model => {
		calls => [
			qq{SELECT migrate_set_model($drop)}, qq{SELECT migrate_set_model($change)}, q{SELECT migrate_check()},
			qq{SELECT migrate_set_model($same)}, q{SELECT migrate_check()} ],
		expect => [ '42501 42501 42501 42501 42501', 'ok ok MG020 42501 MG020', 'ok ok MG020 42501 MG020', 'ok ok MG020 ok MG020' ] },
	migrate_show => { calls => [ q{SELECT migrate_show('evil1')} ] },
	migrate_sql => { calls => [ q{SELECT migrate_sql()} ] },
	migrate_squash => {
		runs => 1,
		calls => [ q{SELECT migrate_squash('evil1:evil3', 'all')}, q{SELECT migrate_upgrade('evil3')}, q{SELECT migrate_downgrade('base0')} ],
		expect => [ 'ok ok ok', 'ok ok ok', 'ok ok ok', 'ok 42501 ok' ] },
	migrate_stamp => { calls => [ q{SELECT migrate_stamp('evil3')}, q{SELECT migrate_stamp('base', purge => true)} ] },
	migrate_status => { calls => [ q{SELECT migrate_status()} ] },
	migrate_test => {
		calls => [ q{SELECT migrate_test()}, q{SELECT migrate_test('base0:evil1')}, q{SELECT migrate_test(schema => current_schema()::text)}, q{SELECT migrate_test(strict => true)} ],
		expect => [ '42501 42501 42501 42501', 'ok ok ok MG024', 'ok ok ok MG024', 'ok ok ok MG024' ] },
	migrate_upgrade => {
		runs => 1,
		calls => [ q{SELECT migrate_upgrade('evil1')}, q{SELECT migrate_upgrade('heads')}, q{SELECT migrate_upgrade('heads', schema => current_schema()::text)} ],
		expect => [ 'ok ok ok', 'ok ok ok', 'ok ok ok', '42501 42501 42501' ] },
	migrate_wait => { top => 1, calls => [ q{CALL migrate_wait('base0')} ] },
);

is($node->safe_psql('walk', q{
	SELECT DISTINCT proname::text COLLATE "C" FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
	JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
	WHERE extname = 'pg_migrations' AND p.prokind IN ('f', 'p') AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype) ORDER BY 1}),
	join("\n", sort grep { !/ / } keys %walk), 'every function has its row');

# What nobody may have changed
my $invariants = q{SELECT pg_catalog.string_agg(r::pg_catalog.text, ' ' ORDER BY r::pg_catalog.text) FROM (
	SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolcanlogin FROM pg_catalog.pg_roles WHERE oid >= 16384
	UNION ALL SELECT pg_catalog.pg_get_userbyid(roleid), false, false, admin_option, false, false, true FROM pg_catalog.pg_auth_members WHERE roleid >= 16384 OR member >= 16384
	UNION ALL SELECT pg_catalog.pg_get_userbyid(nspowner), false, false, false, false, false, false FROM pg_catalog.pg_namespace WHERE nspname = 'mig'
	UNION ALL SELECT DISTINCT pg_catalog.pg_get_userbyid(c.relowner), false, false, false, false, false, false FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE nspname = 'mig') r};
my $before = $node->safe_psql('walk', $invariants);

sub files { return join ' ', grep { !/export/ } map { s{.*/}{}r } glob "$folder/*"; }

# Call a function in a situation: what its statements came to, and what the
# server's log says of planted code.
sub call
{
	my ($row, $situation, $dbname) = @_;
	my $log = -s $node->logfile;
	my ($out, $err);
	my $role = $situation->{role} // '';

	if ($row->{top})
	{
		$node->safe_psql('postgres', "CREATE DATABASE copy TEMPLATE $dbname OWNER regress_mig_database");
		$dbname = 'copy';
	}
	my $script = "\\set ON_ERROR_ROLLBACK on\n\\o /dev/null\n" . ($row->{top} ? '' : "BEGIN;\n") . ($role ? "$role;\n" : '')
	  . "SELECT pg_catalog.set_config('search_path', '$situation->{schema}, mig', false);\n"
	  . join('', map { "$_;\n\\echo :SQLSTATE\n" } @{ $row->{calls} })
	  . "\\o\nSELECT current_user;\nRESET SESSION AUTHORIZATION;\nRESET ROLE;\nSET search_path = pg_catalog;\nSET CONSTRAINTS ALL IMMEDIATE;\n"
	  . "$invariants;\n" . ($row->{top} ? '' : "ROLLBACK;\n");
	$node->psql($dbname, $script, stdout => \$out, stderr => \$err, on_error_stop => 0,
		extra_params => [ '-U', $situation->{user} ]);
	$node->safe_psql('postgres', 'DROP DATABASE copy') if $row->{top};
	my @lines = split /\n/, $out;
	my $after = pop @lines;
	my $user = pop @lines;
	$node->safe_psql('postgres', "ALTER ROLE $planter NOSUPERUSER NOCREATEROLE; REVOKE pg_execute_server_program FROM $planter") if $after ne $before;
	return {
		outcome => join(' ', map { $_ eq '00000' ? 'ok' : $_ } @lines),
		after => $after, user => $user, err => $err,
		log => slurp_file($node->logfile, $log) };
}

my %seen;
for my $function (sort keys %walk)
{
	for my $name (@situations)
	{
		my ($row, $situation) = ($walk{$function}, $situations{$name});
		my $result = call($row, $situation, 'walk');
		my ($caller) = ($situation->{role} // '') =~ /(\w+)$/;
		my %wrong;

		$caller //= $situation->{user};
		while ($result->{log} =~ /planted by (\w+) in (\w+), (runs as|led back to) (\w+)/g)
		{
			my ($owner, $place, $how, $as) = ($1, $2, $3, $4);

			$seen{$place} = 1;

			# What is planted may run as its owner, and as whoever runs it.
			next if $as eq $owner;
			next if $row->{runs} && $as eq $caller && $caller ne 'postgres';

			# A model is its caller's own text, whoever wrote it, and the
			# server evaluates a constant when it makes a generated column.
			next if $place eq 'generated' && $as eq $caller;
			$wrong{"$owner\'s $place $how $as"} = 1;
		}
		is(join(', ', sort keys %wrong), '', "$function, $name: no planted code runs as somebody stronger");
		is($result->{after}, $before, "$function, $name: nobody has more than before")
		  or diag $result->{err};
		is($result->{user}, $caller, "$function, $name: and the session is whose it was");
		is(files(), '', "$function, $name: no file was written");
		unlink glob "$folder/*" if files() ne '';
		is($result->{outcome}, $row->{expect} ? $row->{expect}[ $situation->{column} ] : join(' ', ('ok') x @{ $row->{calls} }), "$function, $name: statements end as they should")
		  or diag $result->{err};
	}
}

# Places that are allowed to be reached show that the spy works.  Rows are not
# asked about checks by functions that change with the model, such as valid().
is(join(' ', sort grep { $seen{$_} } qw(upgrade downgrade verify trigger model_do index valid)),
	'downgrade index model_do trigger upgrade verify', 'planted code runs as its owner, and as whoever runs scripts');

#
# Once more with triggers on the tables of the extension, for which somebody
# has given a grant: whoever writes is refused.
#
$node->safe_psql('postgres', 'CREATE DATABASE trapped TEMPLATE walk OWNER regress_mig_database');
$node->safe_psql('trapped', "GRANT TRIGGER ON ALL TABLES IN SCHEMA mig TO $planter");
my $triggers = $node->safe_psql('trapped', "SELECT pg_catalog.format('CREATE TRIGGER trap BEFORE INSERT OR UPDATE OR DELETE ON %s EXECUTE FUNCTION public.fire();', c.oid::regclass)"
	  . " FROM pg_class c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e' WHERE relkind = 'r'");
$node->safe_psql('trapped', $triggers, extra_params => [ '-U', $planter ]);
for my $function (sort keys %walk)
{
	my $result = call($walk{$function}, $situations{superuser}, 'trapped');

	unlike($result->{log}, qr/planted by $planter in trigger, runs as postgres/, "$function: no trigger of others runs");
	is($result->{after}, $before, "$function: nobody has more than before");
}

# The guard writes on behalf of whoever changes the schema; then it is refused,
# and the change is made.
$node->safe_psql('walk', "SELECT mig.migrate_guard('log'); GRANT TRIGGER ON ALL TABLES IN SCHEMA mig TO $planter");
my $position = -s $node->logfile;
my ($rc, $out, $err) = $node->psql('walk', "$triggers; CREATE TABLE app.logged (a int); SELECT * FROM mig.migrate_log",
	extra_params => [ '-U', $planter ], on_error_stop => 0);
like($err, qr/WARNING:  could not log that CREATE TABLE changed the schema: table "migrate_\w+" of extension "pg_migrations" has triggers/, 'the guard does not write where triggers of others are');
like($err, qr/permission denied for table migrate_log/, 'and nobody reads the log by it');
is($node->safe_psql('walk', q{SELECT to_regclass('app.logged')}), 'app.logged', 'the table is made');
unlike(slurp_file($node->logfile, $position), qr/planted by $planter in \w+, runs as postgres/, 'nothing of others runs as the owner of the tables');

unlike(slurp_file($node->logfile), qr/XX\d\d\d|PANIC|TRAP:/, 'the log has no internal errors');
$node->stop;
done_testing();
