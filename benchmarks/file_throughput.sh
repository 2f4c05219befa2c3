#!/usr/bin/env bash
# What does it cost to write everything down? Chats a second that loader makes without a file, with --samples, --out json and
# --out csv each, and with all three together, all against the same server: mockgw, or nginx, which answers faster than loader can
# ask. Loader has one thread for the load, and both cores, since the files' threads need one as well. Each round runs all of them;
# the ratio is that to the run without files of the same round. Where all three are written, the lines of --samples and the points of
# http_reqs in both files must be as many as the summary's requests.
# Usage: file_throughput.sh [mockgw|nginx] [ROUNDS]. Ends with 1 if a median ratio is below 0.9 or a record is missing.
set -euo pipefail
source "$(dirname "$0")/bench.sh"
against=${1:-mockgw}
rounds=${2:-9}
seconds=2

start_mockgw --instant
case $against in
  mockgw) gateway=$mockgw_address ;;
  nginx) start_nginx "$(chat_answer "$mockgw_address")" && gateway=$nginx_address ;;
  *) echo "against what? mockgw or nginx" >&2 && exit 2 ;;
esac
cd "$folder"

# chats FLAG…: prints chats a second, CPU microseconds a chat and bytes written for a chat.
chats() {
  local wall cpu memory code
  rm -f requests.jsonl points.json points.csv
  read -r wall cpu memory code < <(MEASURE_OUTPUT=loader.log "$measure" "$loader" run \
    "$lab_root/benchmarks/chat-throughput.json" --threads 1 -d ${seconds}s -q --url "http://$gateway" "$@")
  ((code == 0)) || { cat loader.log >&2; exit 1; }
  python3 - "$cpu" <<'END'
import json, os, sys
requests = json.load(open("chat-throughput-test-summary.json"))["metrics"]["http_reqs"]["values"]
files = [name for name in ("requests.jsonl", "points.json", "points.csv") if os.path.exists(name)]
print(f"{requests['rate']:.0f} {float(sys.argv[1]) / requests['count'] * 1e6:.1f} "
      f"{sum(map(os.path.getsize, files)) / requests['count']:.0f}")
END
}

# Each file against the summary of the run that has written it.
check_records() {
  local requests lines points rows
  requests=$(python3 -c 'import json; print(json.load(open("chat-throughput-test-summary.json"))["metrics"]["http_reqs"]["values"]["count"])')
  lines=$(wc -l <requests.jsonl)
  points=$(grep -c '^{"metric":"http_reqs","type":"Point"' points.json)
  rows=$(grep -c '^http_reqs,' points.csv)
  [[ $lines == "$requests" && $points == "$requests" && $rows == "$requests" ]] && return
  echo "of $requests requests there are $lines lines, $points points and $rows rows" >&2
  exit 1
}

names=(none samples json csv all)
for ((round = 0; round < rounds; round++)); do
  chats >>none
  chats --samples requests.jsonl >>samples
  chats --out json=points.json >>json
  chats --out csv=points.csv >>csv
  chats --samples requests.jsonl --out json=points.json --out csv=points.csv >>all
  check_records
done

failed=0
printf '%-10s %9s %15s %14s %7s   (medians of %d)\n' "$against" chats/s "us CPU a chat" "bytes a chat" ratio "$rounds"
for name in "${names[@]}"; do
  ratio=$(paste -d' ' none "$name" | awk '{printf "%.3f\n", $4 / $1}' | median)
  printf '%-10s %9.0f %15.1f %14.0f %7.3f\n' "$name" "$(cut -d' ' -f1 "$name" | median)" "$(cut -d' ' -f2 "$name" | median)" \
    "$(cut -d' ' -f3 "$name" | median)" "$ratio"
  awk -v r="$ratio" 'BEGIN {exit !(r < 0.9)}' && failed=1
done
exit $failed
