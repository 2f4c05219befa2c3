#!/usr/bin/env bash
# How late loader starts the iterations of an arrival rate: 1,000/s against mockgw --instant, both free to use the same two
# cores. Usage: start_delay.sh [ROUNDS]. Ends with 1 when the median p99 is 0.5 ms or more.
set -euo pipefail
source "$(dirname "$0")/bench.sh"
rounds=${1:-5}

cat >"$folder/arrivals.json" <<'END'
{
  "name": "arrivals",
  "options": {"scenarios": {"arrivals": {"executor": "constant-arrival-rate", "rate": 1000, "timeUnit": "1s",
                                         "duration": "10s", "preAllocatedVUs": 100}}},
  "flows": {"default": [{"chat": {"prompt": "Hello"}, "checks": {"status is 200": {"status": 200}}}]}
}
END
server_core=0,1
start_mockgw --instant
cd "$folder"
for ((round = 1; round <= rounds; round++)); do
  taskset -c 0,1 "$loader" run arrivals.json -q --url "http://$mockgw_address" --threads 1 >/dev/null
  python3 - "$round" <<'END' | tee -a rounds
import json, sys
metrics = json.load(open("arrivals-test-summary.json"))["metrics"]
delay = metrics["iteration_start_delay"]["values"]
print(f"round {sys.argv[1]}: {metrics['iterations']['values']['count']:.0f} iterations, start delay"
      f" p50 {delay['p(50)']:.3f} ms, p99 {delay['p(99)']:.3f} ms, max {delay['max']:.3f} ms")
END
done
p99=$(sed -E 's/.*p99 ([0-9.]+) ms.*/\1/' rounds | median)
echo "median p99: $p99 ms (target: under 0.5 ms)"
awk -v p="$p99" 'BEGIN {exit !(p < 0.5)}'
