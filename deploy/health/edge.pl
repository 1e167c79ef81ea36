# The health check of the edge image: perl health.pl. Ends with 0 where nginx answers on its http port, else with 1 and a line
# that says why. Perl, since Debian's base has it, and neither curl nor Node is in that image.
#
# It also lets nginx read its files again where they changed, so that a renewed certificate is served. Docker calls it every 15 s
# in the container of nginx, as the same user: a container of its own that shared nginx's processes would be left behind, and stay
# down, when Docker starts the edge anew.
use strict;
use warnings;
use IO::Socket::INET;

my $port = $ENV{EDGE_HTTP_PORT} || 8080;
$SIG{ALRM} = sub { print "127.0.0.1:$port did not answer within 4 s\n"; exit 1 };
alarm 4;
reload_where_changed();

my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Proto => 'tcp');
if (!$socket) { print "127.0.0.1:$port cannot be reached: $@\n"; exit 1 }

# No file has this name: any answer of HTTP shows that nginx serves. What is behind it has health checks of its own.
print $socket "GET /.well-known/acme-challenge/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
my $status = <$socket> // '';
$status =~ s/\s+\z//;
print $status eq '' ? "127.0.0.1:$port closed the connection without an answer\n" : "$status\n";
exit($status =~ m{\AHTTP/1\.[01] [234]\d\d } ? 0 : 1);

# Tells nginx by SIGHUP, once a change. Nginx tests what it reads and keeps what it has where that is wrong, such as a certificate
# whose key comes a moment later: then the key is the next change.
sub reload_where_changed {
  my $run = $ENV{EDGE_RUN_DIR} || '/tmp';
  my $folder = $ENV{EDGE_CONFIGURATION} || '/etc/lamplight/nginx';
  my ($pid, $started) = running_nginx("$run/nginx.pid") or return;
  my @files = ((sort glob "\Q$folder\E/*.conf"),
    $ENV{EDGE_CERTIFICATE} || '/etc/lamplight/tls/tls.crt', $ENV{EDGE_CERTIFICATE_KEY} || '/etc/lamplight/tls/tls.key');
  my ($now, $newest) = ("nginx $pid $started\n", 0);
  for my $file (@files) {
    # Of what a link leads to. The time of the last change of any kind, since a file that is moved here may be older than nginx.
    my ($device, $inode, $size, $changed) = (stat $file)[0, 1, 7, 10];
    $now .= defined $changed ? "$file $device $inode $size $changed " . sum_of($file) . "\n" : "$file -\n";
    $newest = $changed if defined $changed && $changed > $newest;
  }
  my $record = "$run/health-seen";
  my $before = '';
  if (open my $in, '<', $record) { local $/; $before = <$in> // ''; close $in }
  return if $now eq $before;

  # The first look at this nginx: it has read what was there when it started, and writes its pid a moment after that.
  my $first = index($before, "nginx $pid $started\n") != 0;
  # First the record, or a folder that is full would have nginx reload at every look.
  write_record($record, $now);
  return if $first && $newest < $started - 2;
  if (!kill 'HUP', $pid) {
    my $reason = $!;
    unlink $record;
    print "nginx ($pid) cannot be told to read its files again: $reason\n";
    exit 1;
  }
  print "its files changed: nginx was told to read them again\n";
}

# Of the bytes, since the time says whole seconds only: a file may change once more after we looked, within the same one.
sub sum_of {
  my ($file) = @_;
  open my $in, '<:raw', $file or return 'unreadable';
  local $/;
  return unpack '%32C*', <$in> // '';
}

# Its process and when it started; nothing where no nginx runs, which the request then says.
sub running_nginx {
  my ($file) = @_;
  open my $in, '<', $file or return;
  my ($pid) = (<$in> // '') =~ /\A(\d+)\s*\z/ or return;
  my $started = (stat $in)[9];
  # The number may be that of another process by now, which SIGHUP would end.
  open my $command, '<', "/proc/$pid/cmdline" or return;
  return (<$command> // '') =~ /\Anginx: master/ ? ($pid, $started) : ();
}

sub write_record {
  my ($record, $text) = @_;
  my $out;
  my $written = open($out, '>', "$record.new") && print({$out} $text) && close($out) && rename("$record.new", $record);
  return if $written;
  print "$record cannot be written, so nothing is reloaded: $!\n";
  exit 1;
}
