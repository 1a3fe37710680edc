# Ignores SIGTERM for $1 seconds; what it starts inherits that.
trap '' TERM
echo 'ignoring SIGTERM'
sleep "$1"
