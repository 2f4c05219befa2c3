#!/usr/bin/env bash
# What idle connections cost mockgw: 10,000 of them, each after one chat, in under 120 MB; and with 5,000 requests more of
# which half has been sent, another chat is still answered within 5 ms (median). Usage: idle_connections.sh [CONNECTIONS
# [HALF_SENT]]. Ends with 1 when one of them is missed.
set -euo pipefail
source "$(dirname "$0")/bench.sh"

cat >"$folder/gateway.json" <<END
{"latency": {"ttft": "0s", "itl": "0s", "other": "0s"}, "tokens": {"output": 20},
 "timeouts": {"idle": "1h", "header": "1h", "body": "1h"}}
END
start_mockgw "$folder/gateway.json"
taskset -c $client_core "$lab_root/benchmarks/idle_connections.py" "${mockgw_address##*:}" "$mockgw_id" "$chat_body" \
  "${1:-10000}" "${2:-5000}"
