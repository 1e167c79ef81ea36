# The health check of the edge image: perl health.pl. Ends with 0 where nginx answers on its http port, else with 1 and a line
# that says why. Perl, since Debian's base has it, and neither curl nor Node is in that image.
use strict;
use warnings;
use IO::Socket::INET;

my $port = $ENV{EDGE_HTTP_PORT} || 8080;
$SIG{ALRM} = sub { print "127.0.0.1:$port did not answer within 4 s\n"; exit 1 };
alarm 4;

my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Proto => 'tcp');
if (!$socket) { print "127.0.0.1:$port cannot be reached: $@\n"; exit 1 }

# No file has this name: any answer of HTTP shows that nginx serves. What is behind it has health checks of its own.
print $socket "GET /.well-known/acme-challenge/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
my $status = <$socket> // '';
$status =~ s/\s+\z//;
print $status eq '' ? "127.0.0.1:$port closed the connection without an answer\n" : "$status\n";
exit($status =~ m{\AHTTP/1\.[01] [234]\d\d } ? 0 : 1);
