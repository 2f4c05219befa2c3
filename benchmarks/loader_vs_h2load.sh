#!/usr/bin/env bash
# How many requests a second does loader make on one core, with checks and JSON parsing, next to h2load --h1, which does
# neither? Both against the same nginx, alternating. nginx may be the slower side, and then requests a second say nothing
# about the clients: so the ratio is that of requests per CPU second of the client, and the plain rates are shown beside it.
# Usage: loader_vs_h2load.sh [ROUNDS]. Ends with 1 below the target of 0.8.
set -euo pipefail
source "$(dirname "$0")/bench.sh"
rounds=${1:-5}
seconds=5
connections=32

start_mockgw --instant
body=$(chat_answer "$mockgw_address")
start_nginx "$body"
printf '%s' "$chat_body" >"$folder/request.json"
cd "$folder"

# Each prints: requests, wall seconds, CPU seconds.
run_h2load() {
  local wall cpu memory code
  read -r wall cpu memory code < <(MEASURE_OUTPUT=h2load.log taskset -c $client_core "$measure" h2load --h1 -t 1 \
    -c $connections -D $seconds -d request.json -H 'Content-Type: application/json' \
    -H 'Authorization: Bearer test-api-key' "http://$nginx_address/v1/chat/completions")
  ((code == 0)) || { cat h2load.log >&2; exit 1; }
  echo "$(awk '/^status codes:/ {print $3}' h2load.log) $wall $cpu"
}
run_loader() {
  local wall cpu memory code
  read -r wall cpu memory code < <(MEASURE_OUTPUT=loader.log taskset -c $client_core "$measure" "$loader" run \
    "$lab_root/benchmarks/chat-throughput.json" --threads 1 -d ${seconds}s -q --url "http://$nginx_address")
  ((code == 0)) || { cat loader.log >&2; exit 1; }
  echo "$(python3 -c 'import json; print(json.load(open("chat-throughput-test-summary.json"))["metrics"]["http_reqs"]["values"]["count"])') $wall $cpu"
}

for ((round = 1; round <= rounds; round++)); do
  echo "$(run_h2load) $(run_loader)" | awk -v round="$round" '{
    printf "round %d: h2load %.0f/s (%.0f per CPU second), loader %.0f/s (%.0f per CPU second), ratio %.3f\n",
      round, $1 / $2, $1 / $3, $4 / $5, $4 / $6, ($4 / $6) / ($1 / $3)
    printf "%.3f\n", ($4 / $6) / ($1 / $3) >>"ratios"
  }'
done
ratio=$(median <ratios)
echo "median ratio per CPU second: $ratio (target: 0.8)"
awk -v r="$ratio" 'BEGIN {exit !(r >= 0.8)}'
