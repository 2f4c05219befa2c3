#!/usr/bin/env bash
# How many chats a second does a k6 script make on one core, each answer parsed and checked twice, by 20 virtual users? Next
# to it the same flow as a suite, and k6 itself if its program is given. The gateway is alone on another core and may be the
# slower side: then chats a second say little about the clients, and CPU time a chat says it.
# Usage: script_throughput.sh [--k6 PROGRAM] [ROUNDS]
set -euo pipefail
source "$(dirname "$0")/bench.sh"
k6=
if [[ ${1:-} == --k6 ]]; then
  k6=$(realpath "${2:?--k6 wants the path of a program}")
  shift 2
fi
rounds=${1:-3}
seconds=20  # Each virtual user has code of its own to make, in the first of them.
scripts=$lab_root/benchmarks/scripts

start_mockgw --instant
cd "$folder"
export GATEWAY_URL=http://$mockgw_address GOMAXPROCS=1

# run NAME COMMAND…: one run; adds "chats a second, microseconds of CPU a chat, peak MB" to the file NAME.
run() {
  local name=$1 wall cpu memory code
  shift
  rm -f export.json
  read -r wall cpu memory code < <(MEASURE_OUTPUT=run.log taskset -c $client_core "$measure" "$@" \
    --summary-export export.json -d ${seconds}s -u 20 -q)
  ((code == 0)) || { cat run.log >&2; exit 1; }
  python3 - "$cpu" "$memory" >>"$name" <<'END'
import json, sys
requests = json.load(open("export.json"))["metrics"]["http_reqs"]
print(f"{requests['rate']:.0f} {float(sys.argv[1]) / requests['count'] * 1e6:.1f} {sys.argv[2]}")
END
}

names=(script suite)
if [[ -n $k6 ]]; then names+=(k6); fi
for ((round = 0; round < rounds; round++)); do
  run script "$loader" run "$scripts/chat.js" --threads 1
  run suite "$loader" run "$scripts/chat.json" --threads 1
  if [[ -n $k6 ]]; then run k6 "$k6" run "$scripts/chat.js"; fi
done

printf '%-8s %10s %14s %9s   (medians of %d)\n' "" "chats/s" "us CPU a chat" "peak MB" "$rounds"
for name in "${names[@]}"; do
  printf '%-8s %10.0f %14.1f %9.1f\n' "$name" "$(cut -d' ' -f1 "$name" | median)" "$(cut -d' ' -f2 "$name" | median)" \
    "$(cut -d' ' -f3 "$name" | median)"
done
