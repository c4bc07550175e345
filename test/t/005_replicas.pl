# Many replicas of an application start at once: each revision runs exactly
# once, one works and nobody fails, also when some of them are killed.  Then
# everything at random, which must neither deadlock nor leave a wrong record.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $REPLICAS = 40;
my $REVISIONS = 30;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', 'max_connections = 100');
$node->start;

$ENV{PGOPTIONS} = '-c client_min_messages=warning';

# Each revision leaves a table and a row.
sub create_database
{
	my ($dbname) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $dbname");
	$node->safe_psql(
		$dbname, qq{
		CREATE EXTENSION pg_migrations;
		CREATE TABLE ran (revision text);
		CREATE TABLE gate ();
		DO \$\$
		BEGIN
			FOR i IN 1 .. $REVISIONS LOOP
				PERFORM migrate_revision('number ' || i,
					format('CREATE TABLE t%s (id int); INSERT INTO ran VALUES (\$q\$r%3\$s\$q\$)%2\$s', i,
						CASE WHEN i = 15 THEN '; LOCK TABLE gate' ELSE '' END, lpad(i::text, 4, '0')),
					format('DROP TABLE t%s', i), rev_id => 'r' || lpad(i::text, 4, '0'));
			END LOOP;
		END \$\$;
	});
	return;
}

# A session that holds everybody up: it edits.
sub hold
{
	my ($dbname) = @_;
	my $editor = $node->background_psql($dbname);
	$editor->query_safe(
		q{BEGIN; SELECT migrate_edit('r0001', message => 'never committed')});
	return $editor;
}

# Start the replicas, and come back when all of them wait.
sub start_replicas
{
	my ($dbname) = @_;
	my @replicas;

	foreach my $i (1 .. $REPLICAS)
	{
		my $replica = { out => '', err => '' };
		$replica->{run} = IPC::Run::start(
			[
				'psql', '-XAt', '-d', $node->connstr($dbname) . " application_name=replica",
				'-c', q{SELECT count(*) FROM migrate_upgrade('head')}
			],
			'>', \$replica->{out}, '2>', \$replica->{err},
			IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
		push @replicas, $replica;
	}
	$node->poll_query_until('postgres',
		"SELECT count(*) = $REPLICAS FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
	) or die 'the replicas did not arrive';
	return @replicas;
}

# How it ended: number of revisions run by all, number of those that ran some,
# number of those that failed, and their messages
sub finish_replicas
{
	my @replicas = @_;
	my ($steps, $workers, $failed, $messages) = (0, 0, 0, '');

	foreach my $replica (@replicas)
	{
		if ($replica->{run}->finish)
		{
			chomp $replica->{out};
			$steps += $replica->{out};
			$workers++ if $replica->{out} > 0;
		}
		else
		{
			$failed++;
		}
		$messages .= $replica->{err};
	}
	return ($steps, $workers, $failed, $messages);
}

sub check_once
{
	my ($dbname, $name) = @_;
	is( $node->safe_psql(
			$dbname, q{
			SELECT count(*), count(DISTINCT revision), min(revision), max(revision) FROM ran;
			SELECT count(*), count(*) FILTER (WHERE tip) FROM migrate_applied;
			SELECT count(*), count(DISTINCT revision) FROM migrate_log WHERE action = 'upgrade';
			SELECT string_agg(revision, ' ') FROM migrate_current();
			SELECT count(*) FROM pg_class WHERE relname ~ '^t[0-9]+$'}),
		"30|30|r0001|r0030\n30|1\n30|30\nr0030\n30",
		"$name: each revision exactly once");
	return;
}

#
# All at once
#
create_database('calm');
my $editor = hold('calm');
my @replicas = start_replicas('calm');
$editor->query_safe('ROLLBACK');
my ($steps, $workers, $failed, $messages) = finish_replicas(@replicas);
is($failed, 0, 'nobody fails');
is($messages, '', 'and nobody complains');
is($workers, 1, 'one works');
is($steps, 30, 'and does all of it');
check_once('calm', 'all at once');

# Once more: nothing to do
$editor->query_safe(
	q{BEGIN; SELECT migrate_edit('r0001', message => 'never committed')});
is( $node->safe_psql('calm', q{SELECT count(*) FROM migrate_upgrade('head')}),
	'0',
	'a replica that starts later does not even wait');
$editor->query_safe('ROLLBACK');
$editor->quit;

#
# A third of them are killed: three while they work, the others while they
# wait.
#
create_database('stormy');
my $seed = int(rand(2**31));
srand($seed);
note "random seed: $seed";
$editor = hold('stormy');
my $gatekeeper = $node->background_psql('stormy');
$gatekeeper->query_safe('BEGIN; LOCK TABLE gate IN ACCESS SHARE MODE');
@replicas = start_replicas('stormy');
$editor->query_safe('ROLLBACK');
$editor->quit;

my $to_kill = int($REPLICAS / 3);
foreach my $i (1 .. $to_kill)
{
	my $victim;
	if ($i <= 3)
	{
		# in the middle of the fifteenth revision
		$node->poll_query_until(
			'postgres', q{SELECT count(*) = 1 FROM pg_stat_activity
			WHERE application_name LIKE 'migrate 15/30 %' AND wait_event_type = 'Lock'}
		) or die 'nobody works';
		$victim = $node->safe_psql('postgres',
			q{SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'migrate 15/30 %'}
		);
	}
	else
	{
		my @waiting = split /\n/,
		  $node->safe_psql('postgres',
			q{SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted ORDER BY pid}
		  );
		$victim = $waiting[ int(rand(@waiting)) ];
	}
	is( $node->safe_psql(
			'postgres', "SELECT pg_terminate_backend($victim, 180000)"),
		't',
		"killed number $i");
}
is($node->safe_psql('stormy', 'SELECT count(*) FROM ran'),
	'0', 'nothing of what the killed ones did is there');
$gatekeeper->query_safe('COMMIT');
$gatekeeper->quit;
($steps, $workers, $failed, $messages) = finish_replicas(@replicas);
is($failed, $to_kill, 'nobody fails but those that were killed');
my $fatal = () = $messages =~ /FATAL:  terminating connection due to administrator command/g;
is($fatal, $to_kill, 'and they were told');
unlike($messages, qr/ERROR/, 'no errors');
is($workers, 1, 'one works');
is($steps, 30, 'and does all of it');
check_once('stormy', 'with killing');

#
# Everything at random: single calls cannot deadlock, and what is recorded is
# what has happened.
#
$node->safe_psql('postgres', 'CREATE DATABASE wild');
$node->safe_psql(
	'wild', q{
	CREATE EXTENSION pg_migrations;
	CREATE SCHEMA made;
	CREATE SCHEMA tenant;
	CREATE TABLE outcome (op int, sqlstate text, message text);
	CREATE SEQUENCE number;

	CREATE FUNCTION store(head text, splice boolean DEFAULT false) RETURNS void LANGUAGE plpgsql AS $$
	DECLARE
		id text := 'r' || lpad(nextval('number')::text, 6, '0');
	BEGIN
		PERFORM migrate_revision('create ' || id, format('CREATE TABLE %I ()', id),
			format('DROP TABLE %I', id), rev_id => id, head => head, splice => splice);
	END $$;

	-- any revision; the first two are never removed
	CREATE FUNCTION any_revision() RETURNS text LANGUAGE sql AS
		$$ SELECT revision FROM migrate_revision ORDER BY random() LIMIT 1 $$;

	CREATE FUNCTION act(op int) RETURNS void LANGUAGE plpgsql AS $$
	DECLARE
		target text := CASE WHEN random() < 0.5 THEN 'tenant' ELSE 'made' END;
	BEGIN
		CASE op
			WHEN 1 THEN PERFORM migrate_upgrade('heads', target);
			WHEN 2 THEN PERFORM migrate_upgrade(any_revision(), target);
			WHEN 3 THEN PERFORM migrate_downgrade('-1', target);
			WHEN 4 THEN PERFORM migrate_downgrade(any_revision(), target);
			WHEN 5 THEN PERFORM migrate_redo(schema => target);
			WHEN 6 THEN PERFORM store('heads');
			WHEN 7 THEN PERFORM store(any_revision(), true);
			WHEN 8 THEN PERFORM migrate_edit(any_revision(), message => 'edited');
			WHEN 9 THEN PERFORM migrate_remove(coalesce((SELECT revision FROM migrate_revision
				WHERE revision > 'r000002' ORDER BY random() LIMIT 1), 'none'));
			WHEN 10 THEN PERFORM migrate_merge();
			ELSE PERFORM migrate_upgrade('+1', target);
		END CASE;
		INSERT INTO outcome VALUES (op, '00000', NULL);
	EXCEPTION WHEN OTHERS THEN
		INSERT INTO outcome VALUES (op, sqlstate, sqlerrm);
	END $$;
	SELECT store('base') FROM generate_series(1, 2);
});
my $script = PostgreSQL::Test::Utils::tempdir . '/wild.sql';
append_to_file($script,
	"\\set op random(1, 11)\nSELECT act(:op);\n\\set ms random(0, 20)\n\\sleep :ms ms\n");
$node->command_ok(
	[
		'pgbench', '--no-vacuum', '--client=8', '--transactions=60',
		"--random-seed=$seed", '-f', $script, 'wild'
	],
	'everything at random');

note $node->safe_psql('wild',
	'SELECT sqlstate, count(*) FROM outcome GROUP BY 1 ORDER BY 1');
is($node->safe_psql('wild', 'SELECT count(*) FROM outcome'),
	'480', 'every call has come back');
is( $node->safe_psql(
		'wild', q{SELECT op, sqlstate, message FROM outcome
		WHERE sqlstate NOT IN ('00000', '55P03') AND sqlstate !~ '^MG'}),
	'',
	'with success, a refusal of ours, or 55P03: no deadlock, no other error');
is( $node->safe_psql(
		'wild', q{SELECT string_agg(DISTINCT to_char(op, 'FM00'), ' ') FROM outcome
		WHERE sqlstate = '00000' AND op NOT IN (8, 9)}),
	'01 02 03 04 05 06 07 10 11',
	'all kinds of calls that wait have succeeded');

# The record against the facts
is( $node->safe_psql(
		'wild', q{
		SELECT a.schema_name, a.revision FROM migrate_applied a JOIN migrate_revision r USING (revision)
		WHERE r.upgrade_sql <> '' AND to_regclass(schema_name || '.' || revision) IS NULL}),
	'',
	'what is applied is there');
is( $node->safe_psql(
		'wild', q{
		SELECT relnamespace::regnamespace, relname FROM pg_class
		WHERE relnamespace IN ('made'::regnamespace, 'tenant'::regnamespace) AND relkind = 'r'
			AND NOT EXISTS (SELECT FROM migrate_applied a
				WHERE a.schema_name = relnamespace::regnamespace::text AND a.revision = relname)}
	),
	'',
	'what is there is applied');
is( $node->safe_psql(
		'wild', q{
		SELECT a.schema_name, a.revision FROM migrate_applied a
		WHERE tip <> NOT EXISTS (SELECT FROM migrate_applied c
			JOIN migrate_edge e ON e.child = c.revision AND e.kind IN ('p', 'd')
			WHERE c.schema_name = a.schema_name AND e.parent = a.revision)}),
	'',
	'tips are those that no applied revision needs');
is( $node->safe_psql(
		'wild', q{
		SELECT a.schema_name, a.revision, e.parent FROM migrate_applied a
		JOIN migrate_edge e ON e.child = a.revision AND e.kind IN ('p', 'd') AND e.parent <> ''
		WHERE NOT EXISTS (SELECT FROM migrate_applied p
			WHERE p.schema_name = a.schema_name AND p.revision = e.parent)}),
	'',
	'what is applied is closed downwards');
is( $node->safe_psql(
		'wild', q{
		SELECT r.revision FROM migrate_revision r
		WHERE is_head <> NOT EXISTS (SELECT FROM migrate_edge e WHERE e.parent = r.revision AND e.kind = 'p')
			OR is_real_head <> NOT EXISTS (SELECT FROM migrate_edge e WHERE e.parent = r.revision AND e.kind IN ('p', 'd'))}
	),
	'',
	'heads are those without children');
is( $node->safe_psql(
		'wild', q{
		SELECT (SELECT head_count FROM migrate_revision ORDER BY seq DESC LIMIT 1) = count(*) FILTER (WHERE is_head),
			(SELECT real_head_count FROM migrate_revision ORDER BY seq DESC LIMIT 1) = count(*) FILTER (WHERE is_real_head)
		FROM migrate_revision}),
	't|t',
	'and they are counted');
is( $node->safe_psql(
		'wild', q{
		SELECT r.revision, r.down_revision FROM migrate_revision r
		WHERE r.generation <> 1 + coalesce((SELECT max(p.generation) FROM migrate_revision p
			WHERE p.revision = ANY (r.down_revision || r.requires)), 0)}),
	'',
	'generations are right');
foreach my $schema ('made', 'tenant')
{
	$node->safe_psql('wild', "SELECT migrate_upgrade('heads', '$schema')");
	is( $node->safe_psql('wild',
			"SELECT count(*) FROM migrate_pending('$schema')"),
		'0',
		"$schema: an upgrade brings it to the heads");
	$node->safe_psql('wild', "SELECT migrate_downgrade('base', '$schema')");
	is( $node->safe_psql(
			'wild',
			"SELECT (SELECT count(*) FROM migrate_applied WHERE schema_name = '$schema'),
			(SELECT count(*) FROM pg_class WHERE relnamespace = '$schema'::regnamespace AND relkind = 'r')"
		),
		'0|0',
		"$schema: a downgrade empties it");
}

done_testing();
