#!/usr/bin/env bash
# How late mockgw's chunks come with many streams at once: 1,000 at 20 tokens/s each, mockgw on one core, the client that
# measures on the other, over loopback. Usage: chunk_lateness.sh [ROUNDS]. Ends with 1 when the median p99 is 2 ms or more.
set -euo pipefail
source "$(dirname "$0")/bench.sh"
step "Building the client that measures" build release chunk_lateness
rounds=${1:-5}
streams=1000
seconds=10
ttft_ms=200
itl_ms=50

cat >"$folder/gateway.json" <<END
{"latency": {"ttft": "${ttft_ms}ms", "itl": "${itl_ms}ms", "other": "0s"}, "tokens": {"output": 400}}
END
start_mockgw "$folder/gateway.json"
cd "$folder"
for ((round = 1; round <= rounds; round++)); do
  line=$(taskset -c $client_core "$lab_root/build/release/benchmarks/chunk_lateness" \
    "${mockgw_address##*:}" $streams $seconds $ttft_ms $itl_ms) || { echo "$line"; exit 1; }
  echo "round $round: $line"
  sed -E 's/.*p99 ([0-9.-]+) ms.*/\1/' <<<"$line" >>p99
done
p99=$(median <p99)
echo "median p99: $p99 ms (target: under 2 ms)"
awk -v p="$p99" 'BEGIN {exit !(p < 2)}'
