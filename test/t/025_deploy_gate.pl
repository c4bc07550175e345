# A procedure that commits must not be called where it cannot: a clear refusal
# everywhere, whatever calls it and over whichever protocol, never a crash,
# and nothing left behind.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use Deploy;
use IO::Socket::UNIX;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'needs sockets of the Unix domain' unless $use_unix_sockets;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', 'log_error_verbosity = verbose');
$node->start;
my $db = 'postgres';

$ENV{PGOPTIONS} = '-c client_min_messages=warning';

$node->safe_psql(
	$db, q{
	CREATE EXTENSION pg_migrations;
	CREATE TABLE ran (revision text);
	CREATE TABLE noted (n int);
	SELECT migrate_revision('a', 'INSERT INTO ran VALUES (''aaaa''); VACUUM ran', 'DELETE FROM ran', rev_id => 'aaaa');
	SELECT migrate_revision('b', 'INSERT INTO ran VALUES (''bbbb'')', 'DELETE FROM ran', rev_id => 'bbbb');

	CREATE FUNCTION in_plpgsql() RETURNS text LANGUAGE plpgsql AS $$ DECLARE a int; h text; BEGIN CALL migrate_deploy('head', NULL, NULL, '1 s', a, h); RETURN h; END $$;
	CREATE FUNCTION in_definer() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ DECLARE a int; h text; BEGIN CALL migrate_deploy('head', NULL, NULL, '1 s', a, h); END $$;
	CREATE FUNCTION in_handler() RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CALL migrate_deploy()'; RETURN 'ran'; EXCEPTION WHEN active_sql_transaction THEN RETURN 'refused'; END $$;
	CREATE FUNCTION in_sql() RETURNS void LANGUAGE sql AS $$ CALL migrate_wait('bbbb') $$;
	CREATE FUNCTION in_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CALL migrate_deploy()'; RETURN NEW; END $$;
	CREATE FUNCTION in_event() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CALL migrate_deploy()'; END $$;
	CREATE TRIGGER deploy BEFORE INSERT ON noted FOR EACH ROW WHEN (NEW.n = 1) EXECUTE FUNCTION in_trigger();
	CREATE CONSTRAINT TRIGGER deploy_deferred AFTER INSERT ON noted DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.n = 2) EXECUTE FUNCTION in_trigger();
	CREATE PROCEDURE p_plain() LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CALL migrate_deploy()'; END $$;
	CREATE PROCEDURE p_static() LANGUAGE plpgsql AS $$ DECLARE a int; h text; BEGIN CALL migrate_deploy('head', NULL, NULL, '1 s', a, h); END $$;
	CREATE PROCEDURE p_static_commit() LANGUAGE plpgsql AS $$ DECLARE a int; h text; BEGIN COMMIT; CALL migrate_revert('base', NULL, NULL, '1 s', NULL, a, h); END $$;
	CREATE PROCEDURE p_commit() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO noted VALUES (3); COMMIT; EXECUTE 'CALL migrate_deploy()'; END $$;
	CREATE PROCEDURE p_rollback() LANGUAGE plpgsql AS $$ BEGIN ROLLBACK; EXECUTE 'CALL migrate_revert(''base'')'; END $$;
	CREATE PROCEDURE p_nested() LANGUAGE plpgsql AS $$ BEGIN CALL p_plain(); END $$;
	CREATE PROCEDURE p_definer() LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN EXECUTE 'CALL migrate_deploy()'; END $$;
	CREATE PROCEDURE p_set() LANGUAGE plpgsql SET work_mem = '1MB' AS $$ BEGIN EXECUTE 'CALL migrate_deploy()'; END $$;
	CREATE PROCEDURE p_sql() LANGUAGE sql AS $$ CALL migrate_wait('bbbb') $$;
	CREATE PROCEDURE p_loop() LANGUAGE plpgsql AS $$ DECLARE r record; BEGIN FOR r IN SELECT generate_series(1, 3) LOOP EXECUTE 'CALL migrate_deploy()'; END LOOP; END $$;
	CREATE PROCEDURE p_handler() LANGUAGE plpgsql AS $$ BEGIN BEGIN EXECUTE 'CALL migrate_deploy()'; EXCEPTION WHEN OTHERS THEN RAISE; END; END $$;
	CREATE PROCEDURE p_cursor() LANGUAGE plpgsql AS $$ DECLARE c refcursor; r record; BEGIN OPEN c FOR EXECUTE 'CALL migrate_deploy()'; FETCH c INTO r; END $$;
	CREATE PROCEDURE p_wait() LANGUAGE plpgsql AS $$ BEGIN CALL migrate_wait('bbbb', NULL, '1 s'); END $$;
});

my $session = session($node, $db);

sub state_of
{
	return $node->safe_psql($db,
		q{SELECT (SELECT count(*) FROM migrate_applied), (SELECT count(*) FROM ran), (SELECT count(*) FROM migrate_progress),
		(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')});
}

my $untouched = state_of();
is($untouched, '0|0|0|0', 'nothing is applied');

sub check_refused
{
	my ($query, $sqlstate, $message) = @_;
	my (undef, $err) = say_in($session, $query);

	is(errors_of($err), $sqlstate, "refused: $query");
	like($err, $message, '... with a message that helps') if defined $message;
	is( scalar say_in($session, 'ROLLBACK; SELECT pg_backend_pid()'),
		$session->{pid}, '... and the session lives');
	is(state_of(), $untouched, '... and nothing has happened');
	return;
}

my $block = qr/migrate_\w+\(\) cannot run inside a transaction block\n.*HINT:  CALL it alone, with autocommit on/s;
my $pl = qr/migrate_\w+\(\) cannot be called from a procedure or DO block\nHINT:  CALL it directly from the client/;

# EXECUTE in a procedure is atomic, CALL is not.
foreach my $case (
	# transaction blocks
	[ 'BEGIN; CALL migrate_deploy()', '25001', $block ],
	[ q{BEGIN; CALL migrate_revert('base')}, '25001', $block ],
	[ q{BEGIN; CALL migrate_wait('aaaa')}, '25001', $block ],
	[ 'BEGIN; SAVEPOINT s; CALL migrate_deploy()', '25001', $block ],
	[ 'BEGIN ISOLATION LEVEL SERIALIZABLE; CALL migrate_deploy()', '25001', $block ],
	# several statements in one message
	[ 'SELECT 1\; CALL migrate_deploy()', '25001', $block ],
	[ 'CALL migrate_deploy()\; SELECT 1', '25001', $block ],
	[ 'INSERT INTO noted VALUES (9)\; CALL migrate_deploy()\; INSERT INTO noted VALUES (9)', '25001', $block ],
	# functions and triggers
	[ 'SELECT in_plpgsql()', '25001', $block ],
	[ 'SELECT in_definer()', '25001', $block ],
	[ 'SELECT in_sql()', '25001', $block ],
	[ 'INSERT INTO noted VALUES (1)', '25001', $block ],
	[ 'INSERT INTO noted VALUES (2)', '25001', $block ],
	[ 'PREPARE p AS SELECT in_plpgsql(); EXECUTE p', '25001', $block ],
	[ 'EXPLAIN ANALYZE SELECT in_plpgsql()', '25001', $block ],
	[ 'BEGIN; DECLARE c CURSOR FOR SELECT in_plpgsql(); FETCH c', '25001', $block ],
	[ 'COPY (SELECT in_plpgsql()) TO STDOUT', '25001', $block ],
	# procedures and DO blocks
	[ 'DO $$ BEGIN EXECUTE \'CALL migrate_deploy()\'; END $$', '25001', $block ],
	[ 'DO $$ BEGIN COMMIT; EXECUTE \'CALL migrate_deploy()\'; END $$', '25001', $block ],
	[ 'DO $$ BEGIN CALL migrate_wait(\'aaaa\'); END $$', '25001', $pl ],
	[ 'CALL p_plain()', '25001', $block ],
	[ 'CALL p_static()', '25001', $pl ],
	[ 'CALL p_commit()', '25001', $block ],
	[ 'CALL p_rollback()', '25001', $block ],
	[ 'CALL p_nested()', '25001', $block ],
	[ 'CALL p_wait()', '25001', $pl ],
	[ 'CALL p_static_commit()', '25001', $pl ],
	[ 'DO $$ DECLARE a int; h text; BEGIN COMMIT; CALL migrate_deploy(applied => a, heads => h); END $$', '25001', $pl ],
	[ 'CALL p_loop()', '25001', undef ],
	[ 'CALL p_cursor()', '25001', undef ],
	[ 'CALL p_definer()', '25001', $block ],
	[ 'CALL p_set()', '25001', $block ],
	[ 'CALL p_sql()', '25001', $block ],
	[ 'CALL p_handler()', '25001', undef ],
	[ 'BEGIN; CALL p_plain()', '25001', $block ],
	# not possible at all
	[ 'PREPARE p AS CALL migrate_deploy()', '42601', undef ],
	[ 'BEGIN; DECLARE c CURSOR FOR CALL migrate_deploy()', '42601', undef ],
	[ q{CALL migrate_deploy((SELECT 'head'))}, '0A000', undef ],
	[ 'SELECT migrate_deploy()', '42809', undef ],
	# arguments
	[ 'CALL migrate_deploy(NULL)', '22004', undef ],
	[ q{CALL migrate_deploy('nothing')}, 'MG002', undef ],
	[ q{CALL migrate_deploy(schema => 'nowhere')}, '3F000', undef ],
	[ q{CALL migrate_deploy('base:head')}, 'MG010', undef ],
	[ q{CALL migrate_revert(NULL)}, '22004', undef ],
	[ q{CALL migrate_wait(NULL)}, '22004', undef ],
	[ q{SET default_transaction_read_only = on; CALL migrate_deploy(); SET default_transaction_read_only = off}, '25006', undef ])
{
	check_refused(@$case);
}
say_in($session, 'RESET default_transaction_read_only');

is(scalar say_in($session, 'SELECT in_handler()'), 'refused', 'the refusal can be caught');
is(state_of(), $untouched, 'and nothing has happened');

$node->safe_psql($db, 'CREATE EVENT TRIGGER deploy ON ddl_command_end EXECUTE FUNCTION in_event()');
check_refused('CREATE TABLE never ()', '25001', $block);
$node->safe_psql($db, 'DROP EVENT TRIGGER deploy');

# From a script: a run inside a run
foreach my $case (
	[ 'CALL migrate_deploy()', 'MG018' ],
	[ 'VACUUM ran; CALL migrate_deploy()', 'MG018' ],
	[ 'SELECT in_plpgsql()', 'MG018' ],
	[ 'VACUUM ran; SELECT migrate_upgrade()', 'MG018' ],
	[ q{VACUUM ran; DO 'BEGIN CALL migrate_wait(''aaaa''); END'}, 'MG018' ])
{
	my ($script, $sqlstate) = @$case;
	$node->safe_psql($db, "SELECT migrate_revision('inner', \$s\$$script\$s\$, head => 'base', rev_id => 'inner')");
	my (undef, $err) = say_in($session, q{CALL migrate_deploy('inner')});
	is(errors_of($err), $sqlstate, "a run inside a run: $script");
	is(scalar say_in($session, 'SELECT pg_backend_pid()'), $session->{pid}, '... and the session lives');
	$node->safe_psql($db, q{DELETE FROM migrate_progress; SELECT migrate_remove('inner')});
}
is(state_of(), $untouched, 'nothing has happened');

#
# Over the extended protocol, message by message
#
sub connect_raw
{
	my $socket = IO::Socket::UNIX->new(Peer => $node->host . '/.s.PGSQL.' . $node->port)
	  or die "could not connect: $!";
	my $user = $node->safe_psql($db, 'SELECT current_user');
	my $body = pack('N', 196608) . "user\0$user\0database\0$db\0options\0-c client_min_messages=warning\0\0";
	print $socket pack('N', 4 + length $body) . $body;
	$socket->flush;
	answers($socket, 1);
	return $socket;
}

sub message { my ($type, $body) = @_; return $type . pack('N', 4 + length $body) . $body; }

sub read_bytes
{
	my ($socket, $n) = @_;
	my $bytes = '';
	while (length $bytes < $n)
	{
		read($socket, $bytes, $n - length $bytes, length $bytes)
		  or die 'the server has closed the connection';
	}
	return $bytes;
}

# Read up to so many ReadyForQuery: rows, SQLSTATEs of errors, and the last
# transaction status
sub answers
{
	my ($socket, $ready) = @_;
	my @said;
	while ($ready > 0)
	{
		my $type = read_bytes($socket, 1);
		my $body = read_bytes($socket, unpack('N', read_bytes($socket, 4)) - 4);
		if ($type eq 'D')
		{
			my ($n, $rest) = unpack('n a*', $body);
			my @values;
			for (1 .. $n)
			{
				my $length = unpack('l>', $rest);
				push @values, $length < 0 ? '' : substr($rest, 4, $length);
				$rest = substr($rest, 4 + ($length < 0 ? 0 : $length));
			}
			push @said, join '|', @values;
		}
		elsif ($type eq 'E')
		{
			push @said, $body =~ /(?:^|\0)C([^\0]*)/;
		}
		elsif ($type eq 'Z')
		{
			$ready--;
			push @said, $body;
		}
	}
	return join ' ', @said;
}

# Parse, Bind, Describe and Execute of a statement, with text parameters
sub extended
{
	my ($query, %options) = @_;
	my @params = @{ $options{params} // [] };
	my $name = $options{name} // '';
	my $rows = $options{rows} // 0;
	my $bytes = '';

	$bytes .= message('P', "$name\0$query\0" . pack('n', 0)) unless $options{parsed};
	return $bytes
	  . message('B', "\0$name\0" . pack('n n', 0, scalar @params) . join('', map { pack('N', length) . $_ } @params) . pack('n', 0))
	  . message('D', "P\0")
	  . message('E', "\0" . pack('N', $rows));
}

my $SYNC = message('S', '');
my $raw = connect_raw();

sub say_raw
{
	my ($bytes, $ready) = @_;
	print $raw $bytes;
	$raw->flush;
	return answers($raw, $ready // 1);
}

sub start_again
{
	$node->safe_psql($db, q{CALL migrate_revert('base')});
	$node->safe_psql($db, 'DELETE FROM ran');
	return;
}

is(say_raw(extended(q{CALL migrate_deploy('aaaa')}) . $SYNC), '1|aaaa I', 'extended protocol');
is(say_raw(extended('CALL migrate_deploy($1, tag => $2)', params => [ 'bbbb', 'x' ]) . $SYNC), '1|bbbb I', 'with parameters');
start_again();
is(say_raw(extended('CALL migrate_deploy($1)', params => ['aaaa'], name => 'p') . $SYNC), '1|aaaa I', 'prepared');
is(say_raw(extended('', params => ['head'], name => 'p', parsed => 1) . $SYNC), '1|bbbb I', 'prepared, with another parameter');
is(say_raw(extended('', params => ['head'], name => 'p', parsed => 1) . $SYNC), '0|bbbb I', 'prepared, with nothing to do') for (1 .. 8);
is(say_raw(extended('', params => ['nothing'], name => 'p', parsed => 1) . $SYNC), 'MG002 I', 'prepared, with an error');
start_again();
like(say_raw(extended('CALL migrate_deploy()', rows => 1) . $SYNC), qr/^2\|bbbb I$/, 'one row at a time');
start_again();
is(say_raw(extended('CALL migrate_deploy()') . message('H', '') . $SYNC), '2|bbbb I', 'with Flush');
start_again();
is(say_raw(message('Q', "CALL migrate_deploy()\0")), '2|bbbb I', 'simple protocol');
start_again();

# in a transaction block
is(say_raw(message('Q', "BEGIN\0") . extended('CALL migrate_deploy()') . $SYNC . message('Q', "ROLLBACK\0"), 3), 'T 25001 E I', 'extended protocol in a block');
is(state_of(), $untouched, '... and nothing has happened');

# A pipeline is a transaction.  What comes before the CALL must not be
# committed by it, and nothing must be half done.
my $said = say_raw(extended('INSERT INTO noted VALUES (101)') . extended('CALL migrate_deploy()') . $SYNC);
is($said, '25001 I', 'pipeline: CALL behind another statement');
is($node->safe_psql($db, 'SELECT count(*) FROM noted WHERE n = 101'), '0', '... which is rolled back');
is(state_of(), $untouched, '... and nothing has happened');
$said = say_raw(extended('CALL migrate_deploy()') . extended('INSERT INTO noted VALUES (102)') . $SYNC);
is($said, '2|bbbb I', 'pipeline: CALL before another statement');
is($node->safe_psql($db, 'SELECT count(*) FROM noted WHERE n = 102'), '1', '... which is done');
$said = say_raw(extended('CALL migrate_deploy()') . $SYNC . extended('INSERT INTO noted VALUES (103)') . $SYNC, 2);
is($said, '0|bbbb I I', 'pipeline: with a Sync between them');
start_again();
$said = say_raw(extended(q{CALL migrate_deploy('aaaa')}) . extended(q{CALL migrate_deploy('bbbb')}) . $SYNC);
like($said, qr/^1\|aaaa (1\|bbbb|25001) I$/, 'pipeline: two CALLs');
start_again();
$said = say_raw(extended('CALL migrate_deploy()') . extended('SELECT 1 / 0') . $SYNC);
like($said, qr/22012 I$/, 'pipeline: an error behind the CALL');
is($node->safe_psql($db, 'SELECT count(*) FROM migrate_applied'), '2', '... does not undo it');
start_again();
$said = say_raw(extended(q{CALL migrate_deploy('nothing')}) . extended('INSERT INTO noted VALUES (104)') . $SYNC);
is($said, 'MG002 I', 'pipeline: an error of the CALL');
is($node->safe_psql($db, 'SELECT count(*) FROM noted WHERE n = 104'), '0', '... skips what is behind it');
is(say_raw(message('Q', "SELECT 'alive'\0")), 'alive I', 'the connection lives');
is(state_of(), $untouched, 'nothing is left');
close $raw;

# A client that is gone while it deploys: the deploy goes on or ends, and
# leaves no lock.
my $gate = session($node, $db);
$node->safe_psql($db, q{SELECT migrate_edit('bbbb', upgrade => 'SELECT pg_advisory_xact_lock_shared(1)')});
$gate->query_safe('SELECT pg_advisory_lock(1)');
$raw = connect_raw();
print $raw extended('CALL migrate_deploy()') . $SYNC;
$raw->flush;
await($node, q{SELECT waiting_for IS NOT NULL FROM migrate_status()});
close $raw;
$gate->query_safe('SELECT pg_advisory_unlock(1)');
await($node, q{SELECT pid IS NULL FROM migrate_status()});
is($node->safe_psql($db, q{CALL migrate_deploy()}), '0|bbbb', 'a client that is gone leaves a finished deploy');
start_again();

# A cursor that survives the transaction is not disturbed.
is( scalar say_in($session,
		q{BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT generate_series(1, 3); FETCH c; COMMIT; FETCH c; CALL migrate_deploy(); FETCH c; CLOSE c}),
	"1\n2\n2|bbbb\n3", 'a cursor WITH HOLD');
start_again();

# Any isolation level that the session has by default
foreach my $level ('repeatable read', 'serializable')
{
	is(scalar say_in($session, "SET default_transaction_isolation = '$level'; CALL migrate_deploy(); CALL migrate_revert('base')"),
		"2|bbbb\n2|", "default_transaction_isolation = $level");
}

unlike(slurp_file($node->logfile), qr/was terminated by signal|TRAP:|PANIC|ERROR:  XX|WARNING:  (?!25P01)/, 'no crash, no internal error, no warning');

done_testing();
