#!/usr/bin/env bash
# down.sh DIR [MODE]: ends the PostgreSQL of up.sh; MODE is fast, or immediate: as if it had been killed.
set -uo pipefail
dir=$1 mode=${2:-fast}
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb)")
as() { "$@"; }
[ "$(id -u)" = 0 ] && as() { setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"; }
cd /
[ -d "$dir/data" ] || exit 0
as "$bin/pg_ctl" -D "$dir/data" -m "$mode" -w -t 60 stop >/dev/null 2>&1 || [ ! -e "$dir/data/postmaster.pid" ]
