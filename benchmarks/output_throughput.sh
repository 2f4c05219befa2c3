#!/usr/bin/env bash
# What does an output cost? Chats a second that loader makes without one and with each output over the network, all against the
# same server: mockgw, or nginx, which answers faster than loader can ask. What the outputs send is another machine's to take in:
# here sink.py throws it away, for next to nothing. Loader has one thread for the load, and both cores. Each round runs all of
# them; the ratio is that to the run without an output of the same round. Samples that were dropped are shown: a load that takes
# the whole machine measures more than the rest of it can send, and that must not slow the load.
# Usage: output_throughput.sh [mockgw|nginx] [ROUNDS]. Ends with 1 if an output's median ratio is below 0.9.
set -euo pipefail
source "$(dirname "$0")/bench.sh"
against=${1:-mockgw}
rounds=${2:-9}
seconds=2

start_mockgw --instant
body=$(chat_answer "$mockgw_address")
case $against in
  mockgw) gateway=$mockgw_address ;;
  nginx) start_nginx "$body" && gateway=$nginx_address ;;
  *) echo "against what? mockgw or nginx" >&2 && exit 2 ;;
esac
taskset -c $server_core "$lab_root/benchmarks/sink.py" >"$folder/sink.address" </dev/null &
started+=($!)
until sink_address=$(grep -s . "$folder/sink.address"); do sleep 0.05; done
cd "$folder"
export K6_PROMETHEUS_RW_SERVER_URL=http://$sink_address/api/v1/write
export K6_OTEL_HTTP_EXPORTER_ENDPOINT=$sink_address K6_OTEL_HTTP_EXPORTER_INSECURE=true

# chats NAME FLAG…: prints chats a second, CPU microseconds a chat, and the share of samples that was dropped.
chats() {
  local name=$1 wall cpu memory code
  shift
  read -r wall cpu memory code < <(MEASURE_OUTPUT=loader.log "$measure" "$loader" run \
    "$lab_root/benchmarks/chat-throughput.json" --threads 1 -d ${seconds}s -q --url "http://$gateway" "$@")
  ((code == 0)) || { cat loader.log >&2; exit 1; }
  python3 - "$cpu" <<'END'
import json, sys
summary = json.load(open("chat-throughput-test-summary.json"))
requests = summary["metrics"]["http_reqs"]["values"]
(output,) = summary.get("outputs", [{"samples_taken": 1, "samples_dropped": 0}])
print(f"{requests['rate']:.0f} {float(sys.argv[1]) / requests['count'] * 1e6:.1f} "
      f"{100 * output['samples_dropped'] / output['samples_taken']:.1f}")
END
}

names=(none influxdb prometheus-rw opentelemetry)
for ((round = 0; round < rounds; round++)); do
  for name in "${names[@]}"; do
    case $name in
      none) flags=() ;;
      influxdb) flags=(--out "influxdb=http://$sink_address/db") ;;
      *) flags=(--out "$name") ;;
    esac
    chats "$name" "${flags[@]}" >>"$name"
  done
done

paste -d' ' none influxdb prometheus-rw opentelemetry | awk '{printf "%.3f %.3f %.3f\n", $4 / $1, $7 / $1, $10 / $1}' >ratios
failed=0
printf '%-14s %9s %15s %10s %7s   (medians of %d)\n' "$against" chats/s "us CPU a chat" "dropped %" ratio "$rounds"
for i in 0 1 2 3; do
  name=${names[i]}
  ratio=1
  if ((i > 0)); then ratio=$(cut -d' ' -f$i ratios | median); fi
  printf '%-14s %9.0f %15.1f %10.1f %7.3f\n' "$name" "$(cut -d' ' -f1 "$name" | median)" "$(cut -d' ' -f2 "$name" | median)" \
    "$(cut -d' ' -f3 "$name" | median)" "$ratio"
  awk -v r="$ratio" 'BEGIN {exit !(r < 0.9)}' && failed=1
done
exit $failed
