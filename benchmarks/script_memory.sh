#!/usr/bin/env bash
# What virtual users of a k6 script cost: peak memory with 150 and with 1,000 of the stress script, CPU time and seconds to
# start 150 of them (one iteration each included), and the script's whole 25 minutes simulated. k6's figures are beside them
# if its program is given.
# Usage: script_memory.sh [--k6 PROGRAM] [SCRIPT]
set -euo pipefail
source "$(dirname "$0")/bench.sh"
k6=
if [[ ${1:-} == --k6 ]]; then
  k6=$(realpath "${2:?--k6 wants the path of a program}")
  shift 2
fi
script=$(realpath "${1:-$lab_root/fixtures/scripts/stress-test.js}")

start_mockgw --instant
cd "$folder"
export GATEWAY_URL=http://$mockgw_address GOMAXPROCS=1

# run COMMAND…: sets wall, cpu (seconds) and memory (MB). Thresholds may fail: they are not what is measured.
run() {
  local code
  read -r wall cpu memory code < <(MEASURE_OUTPUT=run.log taskset -c $client_core "$measure" "$@" --no-thresholds -q)
  ((code == 0)) || { cat run.log >&2; exit 1; }
}
difference() { awk -v a="$1" -v b="$2" -v n="$3" -v f="$4" 'BEGIN {printf "%.2f", (a - b) / n * f}'; }

# measure_program NAME COMMAND…
measure_program() {
  local name=$1 one_cpu one_memory users
  shift
  run "$@" -u 1 -i 1
  one_cpu=$cpu one_memory=$memory
  run "$@" -u 150 -i 150
  echo "$name: 150 users, one iteration each: $wall s wall, $cpu s CPU, $(difference "$cpu" "$one_cpu" 149 1000) ms CPU a user"
  for users in 150 1000; do
    run "$@" -u $users -d 10s
    echo "$name: $users users for 10 s: $memory MB, $(difference "$memory" "$one_memory" $((users - 1)) 1) MB a user"
  done
}
measure_program loader "$loader" run "$script" --threads 1
if [[ -n $k6 ]]; then measure_program k6 "$k6" run "$script"; fi

run "$loader" run "$script" --simulate
echo "loader: simulated, as it stands: $wall s wall, $cpu s CPU, $memory MB"
