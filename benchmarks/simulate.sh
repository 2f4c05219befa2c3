#!/usr/bin/env bash
# How long each suite takes in virtual time: the median wall time of a few runs, CPU, peak memory, against its target.
# Also a 24-hour soak, whose memory may be at most 1.3 times that of the two-hour one. Each run of a suite must write the
# same summary, to the byte.
# Usage: simulate.sh [RUNS]. Ends with 1 if a target is missed.
set -euo pipefail
source "$(dirname "$0")/bench.sh"
runs=${1:-5}
cd "$folder"

missed=0
# run NAME TARGET_SECONDS ARGUMENT…: prints one line; sets peak_memory (MB).
run() {
  local name=$1 target=$2 wall cpu code i
  shift 2
  rm -f walls summaries
  for ((i = 0; i < runs; i++)); do
    read -r wall cpu peak_memory code < <(taskset -c $client_core "$measure" "$loader" run "$@" --simulate -q)
    ((code == 0)) || { echo "$name: exit code $code"; missed=1; return; }
    echo "$wall" >>walls
    sha256sum -- *-test-summary.json >>summaries
    rm -- *-test-summary.json
  done
  [[ $(sort -u summaries | wc -l) == 1 ]] || { echo "$name: its runs wrote different summaries"; missed=1; }
  wall=$(median <walls)
  printf '%-12s %8.3f s wall, %8.3f s CPU, %7.1f MB, target %s\n' "$name" "$wall" "$cpu" "$peak_memory" "${target:--}"
  if [[ -n $target ]] && awk -v w="$wall" -v t="$target" 'BEGIN {exit !(w > t)}'; then missed=1; fi
}

run smoke 0.2 smoke
run baseline 0.5 baseline
run streaming 6 streaming
run stress 6 stress
run soak 1.5 soak
soak_memory=$peak_memory
runs=1
run "soak 24 h" "" soak -d 24h
awk -v day="$peak_memory" -v two="$soak_memory" 'BEGIN {
  printf "memory of 24 h to that of 2 h: %.2f (target 1.3)\n", day / two; exit !(day / two <= 1.3)}' || missed=1
exit $missed
