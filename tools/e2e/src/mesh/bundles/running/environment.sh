env
printf '%s' "${CANARY%????}"
sleep 0.1
printf '%s\n' "${CANARY#"${CANARY%????}"}"
tr '\0' '\n' </proc/self/environ
echo "to the other stream: $CANARY" >&2
