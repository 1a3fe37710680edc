echo started >>"$1.starts"
echo before
while [ ! -e "$1" ]; do sleep 0.02; done
echo after
echo "trace $TRACEPARENT secret ${XEM_JOIN_KEY:-none}" >&2
