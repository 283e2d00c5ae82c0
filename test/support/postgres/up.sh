#!/usr/bin/env bash
# up.sh DIR PORT PASSWORD [SETTING…]: a PostgreSQL of its own in DIR, on loopback. Its superuser is barloom, who needs the
# password; the first time makes it, every later time starts it again. As root it runs as the user postgres: PostgreSQL refuses
# to run as root.
set -euo pipefail
dir=$1 port=$2 password=$3
shift 3
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb)")
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  as() { setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"; }
  chown postgres "$dir"
fi
cd /
if [ ! -d "$dir/data" ]; then
  printf '%s' "$password" | as sh -c 'umask 077; cat >"$1"' sh "$dir/password"
  as "$bin/initdb" -D "$dir/data" -U barloom --auth=scram-sha-256 --pwfile="$dir/password" --encoding=UTF8 --locale=C --no-sync >"$dir/initdb.log"
  {
    echo "listen_addresses = '127.0.0.1'"
    echo "unix_socket_directories = '$dir'"
    echo 'fsync = off' # a test kills the server, and not the machine
    for setting in "$@"; do echo "$setting"; done
  } | as sh -c 'cat >>"$1"' sh "$dir/data/postgresql.conf"
fi
as "$bin/pg_ctl" -D "$dir/data" -o "-p $port" -l "$dir/log" -w -t 60 start >/dev/null
