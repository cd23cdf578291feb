#!/bin/sh
# generate-secrets.sh FOLDER: writes the secrets of docker-compose.yml below FOLDER, a folder for each who needs them.
# Each is what the environment gives, else what is there, else a new one. InfluxDB and Grafana take theirs at their first start only.
set -eu
cd "$1"
umask 022 # each volume is mounted only where it is needed, and read there by another user

# secret NAME GIVEN FILE: sets $value and writes FILE
secret() {
  value=$2
  if [ -z "$value" ] && [ -s "$3" ]; then value=$(cat "$3"); fi
  if [ -z "$value" ]; then value=$(od -An -v -tx1 -N24 /dev/urandom | tr -d ' \n'); fi
  case $value in
    *[!A-Za-z0-9_.=/+-]*) echo "$1 may have letters, digits and _ . = / + - only" >&2; exit 1 ;;
  esac
  if [ "${#value}" -lt 8 ]; then echo "$1 must have 8 characters or more" >&2; exit 1; fi
  write "$value" "$3"
}

# write TEXT FILE
write() {
  mkdir -p "$(dirname "$2")"
  printf '%s' "$1" >"$2.new"
  mv "$2.new" "$2"
}

secret INFLUX_PASSWORD "${INFLUX_PASSWORD:-}" influx/password
secret INFLUX_TOKEN "${INFLUX_TOKEN:-}" influx/token; token=$value
secret S3_ACCESS_KEY "${S3_ACCESS_KEY:-}" minio/user; user=$value
secret S3_SECRET_KEY "${S3_SECRET_KEY:-}" minio/password; password=$value
secret GRAFANA_PASSWORD "${GRAFANA_PASSWORD:-}" grafana/password
write "$token" grafana/influx-token
write "MOTORWATCH_INFLUX_TOKEN=$token
MOTORWATCH_S3_ACCESS_KEY=$user
MOTORWATCH_S3_SECRET_KEY=$password
" motorwatch/env
