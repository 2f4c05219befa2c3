# Sourced by the scripts that people run: one line a step, and the step's own output only when it fails.
lab_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$lab_root"
export TZ=UTC LC_ALL=C.UTF-8

# step TEXT COMMAND…: says TEXT, runs COMMAND with no input, says how long it took. If COMMAND fails, its output follows
# and the script ends with its status.
step() {
  local text=$1 log status=0 started=$SECONDS
  shift
  log=$(mktemp)
  printf '%s … ' "$text"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if ((status == 0)); then
    printf 'done (%ds)\n' $((SECONDS - started))
  else
    printf 'failed with status %d:\n' "$status"
    tail -n 100 "$log"
  fi
  rm -f "$log"
  ((status == 0)) || exit "$status"
}

# build PRESET [TARGET…]: configures and builds into build/PRESET.
build() {
  local preset=$1
  shift
  cmake --preset "$preset" && cmake --build --preset "$preset" ${1:+--target "$@"}
}

# run_ctest PRESET: every test of a built preset. Tests that pass print nothing; failures and ctest's summary show.
run_ctest() {
  ctest --preset "$1" </dev/null 2>&1 |
    sed -uE '/^ +Start +[0-9]+: /d; /^ *[0-9]+\/[0-9]+ Test .* Passed /d'
}
