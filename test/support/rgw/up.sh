#!/bin/bash
# A real S3 server that nobody of this project wrote: a one-node Ceph Object Gateway on loopback, without systemd.
#   usage: up.sh DIR RGWPORT MONPORT      DIR must be new or empty; MONPORT+1 is used too; about 13 s
# Needs Debian's ceph-mon ceph-osd radosgw ceph-common curl. Users: OWNERKEY0001 / ownersecret0001 (uid owner) and
# READERKEY001 / readersecret001 (uid reader). Everything lives in memory and in DIR; down.sh DIR ends it.
set -euo pipefail
DIR=$(realpath -m "$1") PORT=$2 MONPORT=$3
mkdir -p "$DIR"
[ -z "$(ls -A "$DIR")" ] || { echo "up.sh: $DIR is not empty" >&2; exit 2; }
mkdir -p "$DIR"/{mon,osd0,mgr,rgw,run,log}
cd "$DIR"
FSID=$(cat /proc/sys/kernel/random/uuid)
CLASSES=$(dirname "$(find /usr/lib /usr/lib64 -name libcls_rgw.so 2>/dev/null | head -n 1)")

cat > ceph.conf <<CONF
[global]
fsid = $FSID
mon initial members = a
mon host = [v2:127.0.0.1:$((MONPORT + 1)),v1:127.0.0.1:$MONPORT]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
auth allow insecure global id reclaim = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon allow pool delete = true
mon warn on pool no redundancy = false
osd crush chooseleaf type = 0
mon max pg per osd = 1000
mon data = $DIR/mon
osd data = $DIR/osd0
mgr data = $DIR/mgr
run dir = $DIR/run
admin socket = $DIR/run/\$cluster-\$name.asok
log file = $DIR/log/\$name.log
pid file = $DIR/run/\$name.pid
keyring = $DIR/keyring
mon cluster log file = $DIR/log/cluster.log
ms bind ipv6 = false
ms bind ipv4 = true
mon data avail crit = 1
mon data avail warn = 2
[mon]
mgr initial modules =
[osd]
osd objectstore = memstore
memstore device bytes = 4294967296
osd memory target = 1073741824
osd class dir = $CLASSES
osd class load list = *
osd class default list = *
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$PORT
rgw data = $DIR/rgw
rgw enable usage log = false
rgw thread pool size = 32
rgw dns name = 127.0.0.1
debug rgw = 1
CONF
export CEPH_CONF=$DIR/ceph.conf

# wait_for SECONDS COMMAND...: polls until the command succeeds
wait_for() {
  local tries=$(($1 * 5)); shift
  for ((i = 0; i < tries; i++)); do "$@" > /dev/null 2>&1 && return; sleep 0.2; done
  echo "up.sh: gave up waiting for: $*; the logs are in $DIR/log" >&2
  return 1
}
osd_is_up() { timeout 5 ceph -c "$CEPH_CONF" osd stat | grep -q '1 up'; }
user() {
  radosgw-admin -c "$CEPH_CONF" user create --uid="$1" --display-name="$1" --access-key="$2" --secret-key="$3" > log/user-"$1".json 2> log/user-"$1".err
}

monmaptool --create --fsid "$FSID" --addv a "[v2:127.0.0.1:$((MONPORT + 1)),v1:127.0.0.1:$MONPORT]" monmap > /dev/null
ceph-authtool --create-keyring keyring --gen-key -n mon. --cap mon 'allow *' > /dev/null
ceph-authtool keyring --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' > /dev/null
ceph-authtool keyring --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *' > /dev/null
ceph-authtool keyring --gen-key -n client.rgw --cap mon 'allow rw' --cap osd 'allow rwx' > /dev/null
ceph-mon -c "$CEPH_CONF" -i a --mkfs --monmap monmap --keyring keyring > log/mon-mkfs.out 2>&1

ceph-mon -c "$CEPH_CONF" -i a -f > log/mon.out 2>&1 &
echo $! > mon.pid
wait_for 30 timeout 5 ceph -c "$CEPH_CONF" -s

OSD=$(cat /proc/sys/kernel/random/uuid)
ceph -c "$CEPH_CONF" osd new "$OSD" > /dev/null
ceph-osd -c "$CEPH_CONF" -i 0 --mkfs --osd-uuid "$OSD" > log/osd-mkfs.out 2>&1
ceph-osd -c "$CEPH_CONF" -i 0 -f > log/osd.out 2>&1 &
echo $! > osd.pid
wait_for 30 osd_is_up

radosgw -c "$CEPH_CONF" -n client.rgw -f > log/rgw.out 2>&1 &
echo $! > rgw.pid
wait_for 60 curl -sf -o /dev/null "http://127.0.0.1:$PORT/"

user owner OWNERKEY0001 ownersecret0001
user reader READERKEY001 readersecret001
echo "Ceph RGW is up at http://127.0.0.1:$PORT"
