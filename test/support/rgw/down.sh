#!/bin/bash
# Ends exactly the daemons that up.sh DIR started, in the order rgw, osd, mon; the first two hang on SIGTERM once the mon
# is gone, so each gets 3 s and then SIGKILL. A pid that belongs to another program by now is left alone.
#   usage: down.sh DIR
DIR=$(realpath -m "$1")
for daemon in rgw osd mon; do
  [ -f "$DIR/$daemon.pid" ] || continue
  PID=$(cat "$DIR/$daemon.pid")
  ours() { tr '\0' ' ' < "/proc/$PID/cmdline" 2> /dev/null | grep -qF -- "$DIR/ceph.conf"; }
  ours && kill "$PID" 2> /dev/null
  for _ in 1 2 3 4 5 6; do ours || break; sleep 0.5; done
  ours && kill -9 "$PID" 2> /dev/null
  rm -f "$DIR/$daemon.pid"
done
exit 0
