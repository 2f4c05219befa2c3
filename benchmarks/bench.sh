# Sourced by the comparisons: builds release, makes a temporary folder, ends what was started.
source "$(dirname "${BASH_SOURCE[0]}")/../scripts/steps.sh"
step "Installing the packages that are missing" scripts/install_packages build bench
step "Building mockgw and loader (build/release)" build release mockgw loader

mockgw=$lab_root/build/release/mockgw/mockgw
loader=$lab_root/build/release/loader/loader
measure=$lab_root/benchmarks/measure.py
folder=$(mktemp -d)
started=()
end_all() {
  local id
  for id in "${started[@]}"; do kill "$id" 2>/dev/null && wait "$id" 2>/dev/null; done
  rm -rf "$folder"
}
trap end_all EXIT
trap 'end_job INT; exit 130' INT TERM

# The server is alone on the first core, the client on the second: with one core they would measure the scheduler.
server_core=0
client_core=1
(($(nproc) >= 2)) || { echo "needs two cores" >&2; exit 1; }

# start_mockgw FLAG…: single-threaded, pinned, on a free port; sets mockgw_address and mockgw_id.
start_mockgw() {
  local log=$folder/mockgw.log tries
  taskset -c $server_core "$mockgw" --listen 127.0.0.1:0 --threads 1 --log-level info "$@" >"$log" 2>&1 </dev/null &
  mockgw_id=$!
  started+=("$mockgw_id")
  mockgw_address=
  for ((tries = 0; tries < 100; tries++)); do
    mockgw_address=$(sed -nE 's/.*listening on http:\/\/([0-9.]+:[0-9]+).*/\1/p' "$log")
    if [[ -n $mockgw_address ]]; then return; fi
    sleep 0.05
  done
  cat "$log"
  exit 1
}

# start_nginx BODY: single-threaded, pinned, answers every request with the text BODY; sets nginx_address
# and nginx_id.
start_nginx() {
  local port tries
  [[ $1 != *[\'\$\\]* ]] || { echo "a body with ' or \$ or \\ cannot be written into nginx's configuration" >&2; exit 1; }
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  nginx_address=127.0.0.1:$port
  mkdir -p "$folder/nginx"
  cat >"$folder/nginx.conf" <<END
daemon off;
master_process off;
pid $folder/nginx/pid;
error_log $folder/nginx/error.log warn;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path $folder/nginx/body;
  client_max_body_size 0;
  proxy_temp_path $folder/nginx/proxy;
  fastcgi_temp_path $folder/nginx/fastcgi;
  uwsgi_temp_path $folder/nginx/uwsgi;
  scgi_temp_path $folder/nginx/scgi;
  default_type application/json;
  server {
    listen $nginx_address reuseport;
    location / { return 200 '$1'; }
  }
}
END
  taskset -c $server_core nginx -p "$folder/nginx" -c "$folder/nginx.conf" >/dev/null 2>&1 </dev/null &
  nginx_id=$!
  started+=("$nginx_id")
  for ((tries = 0; tries < 100; tries++)); do
    if curl -sf -o /dev/null "http://$nginx_address/"; then return; fi
    sleep 0.05
  done
  cat "$folder/nginx/error.log"
  exit 1
}

chat_body='{"model":"gpt-3.5-turbo","messages":[{"role":"user","content":"Say hello in one word."}],"max_tokens":20}'
# chat_answer ADDRESS: the body of one answer.
chat_answer() {
  curl -sf "http://$1/v1/chat/completions" -H 'Authorization: Bearer test-api-key' \
    -H 'Content-Type: application/json' -d "$chat_body"
}

median() { sort -n | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
