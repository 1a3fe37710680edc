trap '' TERM
setsid sh -c 'trap "" TERM; sleep 300 & sleep 300' </dev/null >/dev/null 2>&1 &
(setsid sleep 300 </dev/null >/dev/null 2>&1 &)
echo ready
sleep 300
