# Sourced by the scripts that people run: one line a step, and the step's own output only when it fails.
lab_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$lab_root"
export TZ=UTC LC_ALL=C.UTF-8

# end_job SIGNAL: ends the job that runs, with all that it started; what does not obey within 5 s is killed.
lab_job=
end_job() {
  local tries
  [[ -n $lab_job ]] || return 0
  kill -s "$1" -- "-$lab_job" 2>/dev/null || true
  for ((tries = 0; tries < 50; tries++)); do
    kill -0 -- "-$lab_job" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -s KILL -- "-$lab_job" 2>/dev/null || true
}
trap 'end_job INT; exit 130' INT
trap 'end_job TERM; exit 143' TERM

# in_job COMMAND…: runs COMMAND with no input and in a process group of its own, so that it can be ended as a whole, also
# when only this script gets the signal. Its status is COMMAND's.
in_job() {
  local status=0
  set -m
  "$@" </dev/null &
  lab_job=$!
  set +m
  wait "$lab_job" || status=$?
  lab_job=
  return "$status"
}

# time_steps: at the end, however it comes, this script shows how long each step took, also those of the scripts that it
# calls. They are noted in a file without a name, which is gone with the last process that has it open.
time_steps() {
  local file
  file=$(mktemp)
  exec {lab_times}<>"$file"
  rm -f "$file"
  export lab_times
  trap show_times EXIT
}
show_times() {
  echo "Minutes:"
  awk -F '\t' '
    function minutes(s) { return sprintf("%d:%02d", s / 60, s % 60) }
    { printf "%7s  %s\n", minutes($1), $2; sum += $1 }
    END { printf "%7s  in all\n", minutes(sum) }' "/proc/$$/fd/$lab_times"
}
note_time() {
  if [[ -n ${lab_times:-} ]]; then printf '%d\t%s\n' "$1" "$2" >&"$lab_times"; fi
}

# step TEXT COMMAND…: says TEXT, runs COMMAND with no input, says how long it took. If COMMAND fails, its output follows
# and the script ends with its status.
step() {
  local text=$1 log file status=0 started=$SECONDS
  shift
  if [[ $1 == build ]]; then announce_first_build "$2"; fi
  file=$(mktemp)
  exec {log}<>"$file"
  rm -f "$file"  # Whatever ends this script, no file stays.
  printf '%s … ' "$text"
  if [[ $1 == scripts/install_packages ]]; then
    (logged "$log" "$@") </dev/null || status=$?  # sudo may ask for a password: no job of its own may use the terminal.
  else
    in_job logged "$log" "$@" || status=$?
  fi
  note_time $((SECONDS - started)) "$text"
  if ((status == 0)); then
    printf 'done (%ds)\n' $((SECONDS - started))
  else
    printf 'failed with status %d:\n' "$status"
    tail -n 100 "/proc/$$/fd/$log"
  fi
  exec {log}>&-
  ((status == 0)) || exit "$status"
}

# logged FD COMMAND…: in a subshell of its own. File descriptor 3 is where the user looks.
logged() {
  exec 3>&1 1>&"$1" 2>&1
  shift
  "$@"
}

# step_aloud TEXT COMMAND…: the same for a command whose output is to be seen.
step_aloud() {
  local text=$1 status=0 started=$SECONDS
  shift
  printf '%s:\n' "$text"
  in_job "$@" || status=$?
  note_time $((SECONDS - started)) "$text"
  ((status == 0)) || exit "$status"
}

announce_first_build() {
  if [[ -e build/$1/build.ninja ]]; then return; fi
  printf 'There is no build/%s yet: building takes some minutes.' "$1"
  if command -v ccache >/dev/null; then
    printf ' What is compiled is kept for other builds (%s, about 150 MB).' "$(ccache --get-config cache_dir)"
  fi
  printf '\n'
}

# build PRESET [TARGET…]: configures and builds into build/PRESET. As a step on a terminal it shows ninja's progress.
build() {
  local preset=$1
  shift
  cmake --preset "$preset" || return
  if [[ -t 3 ]]; then
    echo >&3
    exec >&3 2>&3
  fi
  cmake --build --preset "$preset" ${1:+--target "$@"}
}

# run_ctest PRESET: every test of a built preset. Tests that pass print nothing; failures, ctest's summary, and what could
# not be tested here show.
run_ctest() {
  local not_tested=build/$1/tests/e2e/openai_client/not_tested status=0
  ctest --preset "$1" 2>&1 |
    sed -uE '/^ +Start +[0-9]+: /d; /^ *[0-9]+\/[0-9]+ Test .* Passed /d' || status=$?
  if [[ -e $not_tested ]]; then printf '\nNOT TESTED: %s\n' "$(<"$not_tested")"; fi
  return "$status"
}
