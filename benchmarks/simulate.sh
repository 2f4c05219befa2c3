#!/usr/bin/env bash
# How long each suite takes in virtual time: the median wall time of a few runs, CPU, peak memory, against its target.
# Also a 24-hour soak, whose memory may be at most 1.3 times that of the two-hour one; how many buffered chat requests one
# core simulates a second, and that time grows linearly in requests and in tokens. Each run of a suite must write the same
# summary, to the byte.
# Usage: simulate.sh [RUNS]. Ends with 1 if a target is missed.
set -euo pipefail
source "$(dirname "$0")/bench.sh"
runs=${1:-5}
cd "$folder"

missed=0
walls_of_tokens=()
# run NAME TARGET_SECONDS ARGUMENT…: prints one line; sets wall (seconds), peak_memory (MB) and requests.
run() {
  local name=$1 target=$2 cpu code i
  shift 2
  rm -f walls summaries
  for ((i = 0; i < runs; i++)); do
    read -r wall cpu peak_memory code < <(taskset -c $client_core "$measure" "$loader" run "$@" -q)
    ((code == 0)) || { echo "$name: exit code $code"; missed=1; return; }
    echo "$wall" >>walls
    sha256sum -- *-test-summary.json >>summaries
    requests=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["metrics"]["http_reqs"]["values"]["count"])' \
      *-test-summary.json)
    rm -- *-test-summary.json
  done
  [[ $(sort -u summaries | wc -l) == 1 ]] || { echo "$name: its runs wrote different summaries"; missed=1; }
  wall=$(median <walls)
  printf '%-12s %8.3f s wall, %8.3f s CPU, %7.1f MB, target %s\n' "$name" "$wall" "$cpu" "$peak_memory" "${target:--}"
  if [[ -n $target ]] && awk -v w="$wall" -v t="$target" 'BEGIN {exit !(w > t)}'; then missed=1; fi
}

run smoke 0.2 smoke --simulate
run baseline 0.5 baseline --simulate
run streaming 6 streaming --simulate
run stress 6 stress --simulate
run soak 1.5 soak --simulate
soak_memory=$peak_memory

# at_most TEXT VALUE LIMIT
at_most() {
  printf '%s: %.2f (at most %s)\n' "$1" "$2" "$3"
  if awk -v v="$2" -v l="$3" 'BEGIN {exit !(v > l)}'; then missed=1; fi
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {print a / b}'; }

# Buffered answers without latency, each parsed and checked, of a gateway one round trip of 0.2 ms away.
run "chats" "" "$lab_root/benchmarks/chat-throughput.json" --simulate=instant -d 2s
at_most "microseconds a buffered chat request" "$(awk -v w="$wall" -v r="$requests" 'BEGIN {print w / r * 1e6}')" 20

run "soak 1 h" "" soak -d 1h --simulate
hour=$wall
run "soak 4 h" "" soak -d 4h --simulate
at_most "time of 4 times the requests" "$(ratio "$wall" "$hour")" 4.4

cat >tokens.json <<'END'
{"name": "tokens",
 "options": {"scenarios": {"s": {"executor": "shared-iterations", "vus": 20, "iterations": 1000, "maxDuration": "10h"}}},
 "flows": {"default": [{"chat": {"prompt": "Hello", "stream": true, "max_tokens": 10000}}]}}
END
for tokens in 250 1000; do
  echo "{\"latency\": {\"ttft\": \"100ms\", \"itl\": {\"uniform\": [\"5ms\", \"30ms\"]}}, \"tokens\": {\"output\": $tokens}}" >"tokens-$tokens.json"
  run "$tokens tokens" "" tokens.json --simulate="tokens-$tokens.json"
  walls_of_tokens+=("$wall")
done
at_most "time of 4 times the tokens" "$(ratio "${walls_of_tokens[1]}" "${walls_of_tokens[0]}")" 4.4

runs=1
run "soak 24 h" "" soak -d 24h --simulate
at_most "memory of 24 h to that of 2 h" "$(ratio "$peak_memory" "$soak_memory")" 1.3
exit $missed
