#!/usr/bin/env bash
# Starts the built server with the given node on an empty folder, waits until it is ready, searches once.
# usage: smoke.sh NODE
set -euo pipefail
node=$1
folder=$(mktemp -d)
export FIGSEEK_DATA="$folder/data" FIGSEEK_INDEXES="$folder/indexes" FIGSEEK_PORT=3987 FIGSEEK_SAMPLES=always
"$node" --version
"$node" dist/src/main.js 2>"$folder/log" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT

ready=no
for _ in $(seq 120); do
  if curl --silent --fail "http://127.0.0.1:3987/health/ready" >/dev/null; then
    ready=yes
    break
  fi
  kill -0 "$server" 2>/dev/null || break
  sleep 1
done
if [ "$ready" = no ]; then
  cat "$folder/log"
  echo 'The server did not become ready'
  exit 1
fi
# The samples arrive while the server answers.
for _ in $(seq 60); do
  answer=$(curl --silent --fail "http://127.0.0.1:3987/graphql" -H 'Content-Type: application/json' \
    --data '{"query":"{ searchFigures(query: {text: \"blood smear\"}, first: 1) { nodes { figure { caption } } } }"}')
  case "$answer" in *'"caption":"'*) break ;; esac
  sleep 1
done
echo "$answer"
case "$answer" in *'"caption":"'*) ;; *) exit 1 ;; esac
curl --silent --fail "http://127.0.0.1:3987/" | grep -q '<div id="app">'
