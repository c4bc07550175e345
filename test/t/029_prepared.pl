# Locks that a prepared transaction holds: it belongs to no session and stays
# until somebody ends it, so that it is named, with the command that ends it.

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
$node->append_conf('postgresql.conf', "autovacuum = off\nmax_prepared_transactions = 5");
$node->start;

$ENV{PGOPTIONS} = '-c client_min_messages=notice';

my $db = 'postgres';
$node->safe_psql(
	$db, q{
	CREATE ROLE regress_mig_preparer SUPERUSER LOGIN;
	CREATE EXTENSION pg_migrations;
	CREATE TABLE busy (id int);
	CREATE SCHEMA tenant;
	SELECT migrate_revision('a', 'CREATE TABLE a (id int)', 'DROP TABLE a', rev_id => 'aaaa');
	SELECT migrate_revision('b', 'ALTER TABLE busy ADD b int', 'ALTER TABLE busy DROP b', rev_id => 'bbbb');
});
my $session = session($node, $db);
my $pid = $session->{pid};

# Leave a prepared transaction in which something was done.
sub prepare
{
	my ($gid, $work) = @_;
	$session->query_safe("SET client_min_messages = warning; SET ROLE regress_mig_preparer; BEGIN; $work; PREPARE TRANSACTION '$gid'; RESET ROLE; RESET client_min_messages");
	return;
}

# A call that is refused, or waits in vain: SQLSTATE, and who is named
sub check
{
	my ($name, $call, $sqlstate, $gid) = @_;
	my (undef, $err) = say_in($session, $call);
	my ($error) = $err =~ /(ERROR:.*)/s;

	is(errors_of($err), $sqlstate, "$name: SQLSTATE");
	like($error, qr/DETAIL:  .*by prepared transaction "\Q$gid\E" of role "regress_mig_preparer", (?:since|prepared at) 20/,
		"$name: the transaction is named");
	my $quoted = $gid =~ s/'/''/gr;
	like($error, qr/HINT:  COMMIT PREPARED '\Q$quoted\E' or ROLLBACK PREPARED '\Q$quoted\E'.* ends it\./,
		"$name: and how to end it");
	unlike($err, qr/process $pid\b/i, "$name: this process is not");
	return $err;
}

my $status = q{SELECT pid, waiting_for FROM migrate_status()};

#
# A run that was prepared
#
prepare(q{it''s}, q{SELECT migrate_upgrade('aaaa')});
my $err = check('deploy', q{CALL migrate_deploy(wait => '10 ms')}, '55P03', q{it's});
like($err, qr/NOTICE:  00000: waiting for another migration\nDETAIL:  The lock is held by prepared transaction/,
	'a deploy says so before it waits');
check('wait', q{CALL migrate_wait('aaaa', wait => '10 ms')}, 'MG022', q{it's});
check('edit', q{SELECT migrate_edit('bbbb', message => 'edited')}, '55P03', q{it's});
$session->query_safe(q{SET lock_timeout = '10 ms'});
$err = check('upgrade', 'SELECT migrate_upgrade()', '55P03', q{it's});
like($err, qr/NOTICE:  00000: waiting for a prepared transaction\nDETAIL:  The lock is held by prepared transaction/,
	'an upgrade says so before it waits');
check('stamp', q{SELECT migrate_stamp('head')}, '55P03', q{it's});
$session->query_safe('RESET lock_timeout');
is(scalar say_in($session, $status), q{|prepared transaction "it's"}, 'migrate_status names it');
is(scalar say_in($session, q{SELECT pid, waiting_for FROM migrate_status('tenant')}), '|',
	'but not for another target schema');
is(scalar say_in($session, q{CALL migrate_deploy('aaaa', schema => 'tenant')}), '1|aaaa',
	'which is not concerned');
$session->query_safe(q{COMMIT PREPARED 'it''s'});
is(scalar say_in($session, $status), '|', 'nothing is left of it');

#
# A change of the revisions that was prepared
#
prepare('edited', q{SELECT migrate_edit('bbbb', message => 'edited')});
check('deploy beside an edit', q{CALL migrate_deploy(wait => '10 ms')}, '55P03', 'edited');
$session->query_safe(q{SET lock_timeout = '10 ms'});
check('upgrade beside an edit', 'SELECT migrate_upgrade()', '55P03', 'edited');
check('revision beside an edit', q{SELECT migrate_revision('c')}, '55P03', 'edited');
$session->query_safe('RESET lock_timeout');
is(scalar say_in($session, $status), '|prepared transaction "edited"', 'migrate_status names it');
$session->query_safe(q{ROLLBACK PREPARED 'edited'});

#
# A lock on a table that a script needs
#
prepare('reader', 'SELECT count(*) FROM busy');
$session->query_safe(q{SET migrate.lock_timeout = '50 ms'; SET migrate.lock_retries = 0});
$err = check('script', 'CALL migrate_deploy()', '55P03', 'reader');
like($err, qr/ends it\. 0 of 1 revisions were done and stay/, 'how far the deploy came is said, too');
{
	my $deploy = start_call($node, $db, "SET migrate.lock_timeout = 0;\nCALL migrate_deploy()");
	await($node, "SELECT count(*) = 1 FROM pg_locks WHERE pid = $deploy->{pid} AND NOT granted");
	is(scalar say_in($session, $status), qq{$deploy->{pid}|prepared transaction "reader"},
		'migrate_status names it');

	$session->query_safe(q{COMMIT PREPARED 'reader'});
	is(scalar end_call($deploy), '1|bbbb', 'and the deploy goes on behind it');
}

# After a restart it has lost the number of its process.
prepare('restarted', q{SELECT migrate_downgrade('-1')});
$session->quit;
$node->restart;
$session = session($node, $db);
$pid = $session->{pid};
check('after a restart', q{CALL migrate_revert('base', wait => '10 ms')}, '55P03', 'restarted');
is(scalar say_in($session, $status), '|prepared transaction "restarted"', 'after a restart: migrate_status');
$session->query_safe(q{ROLLBACK PREPARED 'restarted'});
is(scalar say_in($session, q{CALL migrate_revert('base')}), '2|', 'after it all goes on');

done_testing();
