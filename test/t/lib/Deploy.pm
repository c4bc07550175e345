# What the tests of deploys have in common: calls that go on while the test
# looks at them, and waiting for what it wants to see.

package Deploy;

use strict;
use warnings FATAL => 'all';

use Exporter 'import';
use IPC::Run;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(start_call end_call await await_calls await_restart session say_in
  errors_of);

# Start a query in a psql of its own.  The handle has the backend's pid; out
# and err are what psql has said so far.
sub start_call
{
	my ($node, $dbname, $query, %options) = @_;
	my $call = { out => '', err => '', node => $node };
	my $name = $options{name} // 'caller';

	$call->{in} =
	  "\\set VERBOSITY verbose\nSELECT pg_backend_pid();\n\\echo started\n$query;\n";
	$call->{run} = IPC::Run::start(
		[
			'psql', '-XAtq', '--set=ON_ERROR_STOP=1', '-d',
			$node->connstr($dbname) . " application_name='$name'"
		],
		'<', \$call->{in}, '>', \$call->{out}, '2>', \$call->{err},
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	$call->{run}->pump until $call->{out} =~ /started\n/ || !$call->{run}->pumpable;
	($call->{pid}) = $call->{out} =~ /^(\d+)\n/;
	return $call;
}

# Wait for its end: the result, the messages, and whether all went well
sub end_call
{
	my ($call) = @_;
	my $ok = $call->{run}->finish;
	my $out = $call->{out};

	$out =~ s/^.*?started\n//s;
	chomp $out;
	return wantarray ? ($out, $call->{err}, $ok ? 1 : 0) : $out;
}

# Wait until a query returns true.  Where the server is on its way back from a
# crash psql may end before it has read the query, of which IPC::Run dies: that is
# tried again.
sub await
{
	my ($node, $query, $dbname) = @_;
	my $came;

	until (eval { $came = $node->poll_query_until($dbname // 'postgres', $query); 1 })
	{
		die $@ unless $@ =~ /Broken pipe/;
	}
	return if $came;
	die "waited in vain: $query\n"
	  . $node->safe_psql('postgres',
		'SELECT pid, state, wait_event_type, wait_event, application_name, query FROM pg_stat_activity WHERE datname IS NOT NULL'
	  );
}

# Wait until so many calls are under way.
sub await_calls
{
	my ($node, $number) = @_;

	await($node,
		"SELECT count(*) >= $number FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%migrate_%' AND pid <> pg_backend_pid()"
	);
	return;
}

# After kill -9 of a backend: wait until the server has thrown out a session
# and is back.
sub await_restart
{
	my ($node, $session) = @_;

	await($node,
		"SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $session->{pid})"
	);
	return;
}

# A session that goes on after errors
sub session
{
	my ($node, $dbname) = @_;
	my $session = $node->background_psql($dbname, on_error_stop => 0);

	$session->query_safe('\set VERBOSITY verbose');
	$session->{pid} = $session->query_safe('SELECT pg_backend_pid()');
	return $session;
}

# Run a query in it: result and messages
sub say_in
{
	my ($session, $query) = @_;

	$session->{stderr} = '';
	my $out = $session->query($query);
	my $err = $session->{stderr};
	$session->{stderr} = '';
	$err =~ s/^background_psql: QUERY_SEPARATOR \d+:\n//gm;
	return wantarray ? ($out, $err) : $out;
}

# The SQLSTATEs of the errors in psql's messages
sub errors_of
{
	my ($messages) = @_;

	return join ' ', $messages =~ /(?:ERROR|FATAL):  ([0-9A-Z]{5}):/g;
}

1;
