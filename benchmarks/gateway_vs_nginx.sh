#!/usr/bin/env bash
# How many instant buffered chat completions a second does mockgw serve, next to nginx's `return 200` of the same body?
# Both are single-threaded and pinned to one core, wrk has the other; the runs alternate, and the ratio is the median of
# the rounds' ratios. Beside it: the ratio per CPU second of the server, which other work on the machine disturbs less.
# Usage: gateway_vs_nginx.sh [ROUNDS [SECONDS]]. Ends with 1 below the target of 0.8.
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
# cpu_ticks PID: the CPU time of a process, user and system.
cpu_ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }
# measure_server PID ADDRESS: requests a second, and requests per CPU second of the server. An answer that is not 2xx makes
# the measurement worthless.
measure_server() {
  local before after
  before=$(cpu_ticks "$1")
  taskset -c $client_core wrk -t 1 -c $connections -d "${seconds}s" -s "$folder/chat.lua" \
    "http://$2/v1/chat/completions" >"$folder/wrk.log" </dev/null
  after=$(cpu_ticks "$1")
  if grep -E 'Non-2xx|Socket errors' "$folder/wrk.log" >&2; then exit 1; fi
  awk -v ticks=$((after - before)) -v hertz="$(getconf CLK_TCK)" '
    /requests in/ {requests = $1}
    /^Requests\/sec/ {printf "%.0f %.0f\n", $2, requests * hertz / ticks}' "$folder/wrk.log"
}

echo "Answer: ${#body} bytes. wrk: $connections connections, $seconds s a run."
measure_server "$nginx_id" "$nginx_address" >/dev/null  # Warm up both.
measure_server "$mockgw_id" "$mockgw_address" >/dev/null
for ((round = 1; round <= rounds; round++)); do
  read -r nginx_rate nginx_cpu_rate < <(measure_server "$nginx_id" "$nginx_address")
  read -r mockgw_rate mockgw_cpu_rate < <(measure_server "$mockgw_id" "$mockgw_address")
  ratio=$(awk -v a="$mockgw_rate" -v b="$nginx_rate" 'BEGIN {printf "%.3f", a / b}')
  cpu_ratio=$(awk -v a="$mockgw_cpu_rate" -v b="$nginx_cpu_rate" 'BEGIN {printf "%.3f", a / b}')
  echo "round $round: nginx $nginx_rate/s, mockgw $mockgw_rate/s, ratio $ratio; per CPU second $nginx_cpu_rate and" \
    "$mockgw_cpu_rate, ratio $cpu_ratio"
  echo "$ratio" >>"$folder/ratios"
  echo "$cpu_ratio" >>"$folder/cpu_ratios"
done
echo "median ratio per CPU second: $(median <"$folder/cpu_ratios")"
ratio=$(median <"$folder/ratios")
echo "median ratio: $ratio (target: 0.8)"
awk -v r="$ratio" 'BEGIN {exit !(r >= 0.8)}'
