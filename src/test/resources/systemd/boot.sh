#!/bin/sh
# Boots a systemd that knows nothing but the units of this checkout, with etherws installed as they expect
# it. To be the first process of PID, mount, UTS, IPC, network and cgroup namespaces of its own:
#
#   unshare -fpmuinC --mount-proc --kill-child boot.sh SCRATCH JAVA_HOME
#
# SCRATCH    a folder of which etc becomes /etc/etherws
# JAVA_HOME  of the Java to use
#
# Ends with 75 where the kernel or a container does not let it mount what it needs.
set -e
scratch=$1 java_home=$2

# Changes to the file system are for this mount namespace alone.
mount --make-rprivate /
mkdir "$scratch/changes"
mount -t tmpfs changes "$scratch/changes"
for folder in /etc /opt /usr/bin; do
  upper=$scratch/changes$folder
  mkdir -p "$upper" "$upper.work"
  mount -t overlay overlay -o "lowerdir=$folder,upperdir=$upper,workdir=$upper.work" $folder ||
    exit 75
done
mount -t tmpfs -o mode=755 run /run
mount -t tmpfs -o mode=755 log /var/log
mkdir /run/lock /run/netns

# The kernel's settings are everybody's, and the control groups begin at our own.
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
{ umount -R /sys/fs/cgroup && mount -t cgroup2 cgroup /sys/fs/cgroup; } || exit 75
mount -t tmpfs -o mode=755 net /dev/net
mknod -m 666 /dev/net/tun c 10 200 # as udev has it

mkdir -p /opt/etherws/target
cp etherws /opt/etherws
cp -rp target/etherws.jar target/lib target/native target/etherws.aot /opt/etherws/target
chmod -R a+rX /opt/etherws
ln -s /opt/etherws/etherws /usr/bin/etherws
cp -r "$scratch/etc" /etc/etherws
systemd-sysusers "$PWD/systemd/etherws.sysusers"

# Of the system's own services none is started but the journal.
units=/etc/systemd/system
rm -f /etc/fstab
for wanted in /usr/lib/systemd/system/*.wants/* "$units"/*.wants/*; do
  name=${wanted##*/}
  case $name in
    systemd-journald* | '*') ;;
    *) [ -e "$units/$name" ] || [ -L "$units/$name" ] || ln -s /dev/null "$units/$name" ;;
  esac
done
cp systemd/*.service $units
for unit in etherws-server etherws-client@ etherws-run@; do
  mkdir "$units/$unit.service.d"
  printf '[Service]\nWatchdogSec=2\nEnvironment=ETHERWS_JAVA_HOME=%s\n' "$java_home" \
    >"$units/$unit.service.d/test.conf"
done
cat >$units/test.target <<END
[Unit]
DefaultDependencies=no
Wants=systemd-journald.socket systemd-journald-dev-log.socket
END

ip link set lo up
mount --make-rshared / # credentials are mounted in a namespace of theirs, and come here
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --system --unit=test.target --log-target=journal
