#!/usr/bin/env bash
# How many instant buffered chat completions a second does mockgw serve, next to nginx's `return 200` of the same body?
# Both are single-threaded and pinned to one core, wrk has the other; the runs alternate, and the ratio is the median of
# the rounds' ratios. Usage: gateway_vs_nginx.sh [ROUNDS [SECONDS]]. Ends with 1 below the target of 0.8.
set -euo pipefail
source "$(dirname "$0")/bench.sh"
rounds=${1:-5}
seconds=${2:-5}
connections=32

start_mockgw --instant
body=$(chat_answer "$mockgw_address")
start_nginx "$body"

cat >"$folder/chat.lua" <<END
wrk.method = "POST"
wrk.body = [[$chat_body]]
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer test-api-key"
END
# requests_per_second ADDRESS; an answer that is not 2xx makes the measurement worthless.
requests_per_second() {
  taskset -c $client_core wrk -t 1 -c $connections -d "${seconds}s" -s "$folder/chat.lua" \
    "http://$1/v1/chat/completions" >"$folder/wrk.log" </dev/null
  if grep -E 'Non-2xx|Socket errors' "$folder/wrk.log" >&2; then exit 1; fi
  awk '/^Requests\/sec/ {print $2}' "$folder/wrk.log"
}

echo "Answer: ${#body} bytes. wrk: $connections connections, $seconds s a run."
requests_per_second "$nginx_address" >/dev/null  # Warm up both.
requests_per_second "$mockgw_address" >/dev/null
for ((round = 1; round <= rounds; round++)); do
  nginx_rate=$(requests_per_second "$nginx_address")
  mockgw_rate=$(requests_per_second "$mockgw_address")
  ratio=$(awk -v a="$mockgw_rate" -v b="$nginx_rate" 'BEGIN {printf "%.3f", a / b}')
  echo "round $round: nginx $nginx_rate/s, mockgw $mockgw_rate/s, ratio $ratio"
  echo "$ratio" >>"$folder/ratios"
done
ratio=$(median <"$folder/ratios")
echo "median ratio: $ratio (target: 0.8)"
awk -v r="$ratio" 'BEGIN {exit !(r >= 0.8)}'
