#!/bin/sh
# Let systemd be the first process of a Debian in a folder: `sh boot.sh FOLDER GROUP`.
# It sees its own processes, mounts and control groups; the network is this machine's, so
# that packages can be had. What it could do to this machine's kernel is read-only.
set -eu
root=$1 group=$2

if [ "${3:-}" != inside ]; then
    mount -t cgroup2 cgroup2 "$root/mnt"
    mkdir "$root/mnt/$group"
    echo $$ >"$root/mnt/$group/cgroup.procs"
    umount "$root/mnt"
    exec unshare --mount --pid --cgroup --fork --kill-child sh "$0" "$root" "$group" inside
fi

mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for name in null zero full random urandom tty; do
    touch "$root/dev/$name"
    mount --bind "/dev/$name" "$root/dev/$name"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
touch "$root/dev/console"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"

# Nothing of the machine's own: its network is up, and packages come when we say.
for unit in networking.service apt-daily.timer apt-daily-upgrade.timer fstrim.timer; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
cd "$root"
pivot_root . .
umount -l .
exec chroot . /usr/bin/env -i container=fresh-debian \
    /usr/bin/setpriv --bounding-set=-sys_time,-sys_module,-sys_rawio,-syslog \
    /usr/lib/systemd/systemd --unit=basic.target
