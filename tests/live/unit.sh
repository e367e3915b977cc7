#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# contrib/systemd/vfiobench.service measures with all of its walls up: real-time priority, tracing, the
# built-in guest, guests' memory. Run by the system's systemd, else by one in namespaces of its own.
set -u

source=${VFIOBENCH_SOURCE:?}
build=${VFIOBENCH_BUILD:?}
name=vfiobench-live-test
state=/var/lib/$name
instance=/sys/kernel/tracing/instances/$name
rung=tracefs
skip()
{
	echo "skipped: $1"
	exit 77
}
[ "$(id -u)" -eq 0 ] || skip 'needs root'
[ -d "${instance%/*}" ] || skip 'tracefs is not mounted'
[ -w /dev/kvm ] || skip 'no /dev/kvm'
command -v jq >/dev/null || skip 'jq is not installed'
systemd=/usr/lib/systemd/systemd
[ -x $systemd ] || systemd=/lib/systemd/systemd
[ -x $systemd ] || skip 'systemd is not installed'
[ ! -e $state ] || skip "$state is there already"

scratch=$(mktemp -d) || exit 1
cgroups=
clean()
{
	rm -rf "$state"
	rmdir "$instance" 2>/dev/null
	if [ -d /run/systemd/system ]; then
		rm -f /run/systemd/system/$name.service
		systemctl daemon-reload
	fi
	if [ -n "$cgroups" ]; then
		# What a systemd made that has ended; a group with anybody in it stays.
		rmdir "$cgroups/init.scope" "$cgroups/system.slice" 2>/dev/null
		umount "$cgroups"
	fi
	rm -rf "$scratch"
}
trap clean EXIT
trap 'exit 1' INT TERM

# Not where they were built: homes and /tmp are hidden from the unit.
mkdir -p "$state/bin" && cp "$build"/vfiobench "$build"/vfiobench-probe-* "$build"/vfiobench-microguest "$state/bin/" || exit 1

# The unit as it ships, but for the guest, the time it takes, and where it finds and leaves files.
mkdir "$scratch/units"
sed -e "s,/usr/bin/vfiobench,$state/bin/vfiobench," \
	-e 's/--guest=auto --profile=quick/--guest=builtin --reps=2 --rep-duration=2s/' \
	-e "s,/var/lib/vfiobench-metrics,$state,g" \
	-e "s,/var/lib/prometheus/node-exporter,$state/textfiles,g" \
	-e "s,^StateDirectory=.*,StateDirectory=$name $name/textfiles," \
	-e "/^\\[Service\\]/a StandardOutput=null\\nStandardError=append:$state/messages\\nExecStartPre=/bin/mkdir $instance\\nExecStartPre=/bin/rmdir $instance" \
	"$source/contrib/systemd/vfiobench.service" >"$scratch/units/$name.service"

if [ -d /run/systemd/system ]; then
	cp "$scratch/units/$name.service" /run/systemd/system/ && systemctl daemon-reload
	systemctl start $name.service
	result=$(systemctl show $name.service -p Result)
else
	# The first process of a namespace, with these three units and no others, and no setting of the
	# kernel that it could change.
	# In a namespace threads have other numbers than in events: that an instance can be made is tried.
	rung=schedstat
	cgroups=$scratch/cgroups
	mkdir "$cgroups" && mount -t cgroup2 none "$cgroups" || { cgroups=; skip 'no cgroup2'; }
	sed -i '/^\[Unit\]/a DefaultDependencies=no' "$scratch/units/$name.service"
	printf '[Unit]\nDefaultDependencies=no\nWants=%s.service end.service\n' $name >"$scratch/units/all.target"
	cat >"$scratch/units/end.service" <<END
[Unit]
DefaultDependencies=no
After=$name.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'systemctl show $name.service -p Result >$scratch/result; kill -s RTMIN+14 1; sleep 5'
END
	cat >"$scratch/boot" <<END
mount --make-rprivate / && mount -t proc proc /proc &&
	mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys &&
	mount -t tmpfs none /run && mkdir /run/units && cp $scratch/units/* /run/units/ &&
	{ umount -R /sys/fs/cgroup || umount -l /sys/fs/cgroup; } && mount -t cgroup2 none /sys/fs/cgroup || exit 1
for folder in /etc/systemd /usr/lib/systemd/system-generators /usr/lib/systemd/system-environment-generators; do
	[ ! -d \$folder ] || mount -t tmpfs none \$folder || exit 1
done
exec env -i PATH="$PATH" container=other SYSTEMD_UNIT_PATH=/run/units $systemd --system --unit=all.target \
	--log-target=console --crash-reboot=no
END
	timeout -s KILL 100 unshare --mount --pid --uts --ipc --cgroup --fork sh "$scratch/boot" >"$scratch/log" 2>&1
	result=$(cat "$scratch/result" 2>/dev/null)
	[ -n "$result" ] || { tail -n 5 "$scratch/log"; skip 'systemd does not run in namespaces here'; }
fi
if [ "$result" != Result=success ]; then
	echo "$result: $(cat $state/messages 2>&1)"
	[ ! -f "$scratch/log" ] || tail -n 5 "$scratch/log"
	exit 1
fi

bad=0
wrong()
{
	echo "$*"
	bad=1
}
[ -s $state/textfiles/vfiobench.prom ] || wrong 'no metrics'
[ "$(stat -c %a $state/textfiles/vfiobench.prom)" = 644 ] || wrong 'node_exporter cannot read the metrics'
[ "$(ls $state/textfiles)" = vfiobench.prom ] || wrong "left beside the metrics: $(ls $state/textfiles)"
! command -v promtool >/dev/null || promtool check metrics <$state/textfiles/vfiobench.prom || wrong 'promtool refuses them'
# What alerts and dashboard ask for is there; verdicts are left by check, steal is seen in guests
# only, and who took time in traces only.
grep -ohE 'vfiobench_[a-z0-9_]+' "$source/contrib/prometheus/vfiobench.rules.yml" "$source/contrib/grafana/vfiobench.json" |
	sed -E 's/_(bucket|sum|count)$//' | sort -u | grep -vE '^vfiobench_(verdict|change_ratio|budget|steal_ratio)$' |
	grep -vE "$([ $rung = tracefs ] && echo '^$' || echo '^vfiobench_guest_')" |
	while read -r metric; do
		grep -q "^# TYPE $metric " $state/textfiles/vfiobench.prom || echo "not among the metrics: $metric"
	done >"$scratch/absent"
[ ! -s "$scratch/absent" ] || wrong "$(cat "$scratch/absent")"
document=$state/last/result.json
for probe in wake wake_bare gap exits tsc activity trace; do
	status=$(jq -r ".probes.$probe.status" $document)
	case $status in ok | partial) ;; *) wrong "$probe: $status $(jq -r ".probes.$probe.reason" $document)" ;; esac
done
[ "$(jq -r .probes.wake.data.policy $document)" = fifo ] || wrong 'wake: no real-time priority'
[ "$(jq -r .probes.wake.data.is_memory_locked $document)" = true ] || wrong 'wake: memory is not locked'
[ "$(jq -r .probes.trace.data.rung $document)" = $rung ] || wrong "trace: by $(jq -r .probes.trace.data.rung $document)"
# What else the walls refuse stands in docs/ci-security.md; some kernels refuse without any, too.
refused() # RESULT
{
	jq -r '.probes[].gaps[]? | select(.error | test("EPERM|EACCES|ermission|root")) | "\(.field) \(.path): \(.error)"' "$1"
}
"$build/vfiobench" audit -q -o "$scratch/outside.json" >/dev/null || wrong 'no audit outside'
refused "$scratch/outside.json" >"$scratch/refused-outside"
refused $document | grep -vE '^(irq\.lines\.is_movable|pci\.functions\.config_bytes|setup\.|mm\.guests\.ksm_merging_pages) ' |
	grep -vxFf "$scratch/refused-outside" >"$scratch/refused"
[ ! -s "$scratch/refused" ] || wrong "refused: $(cat "$scratch/refused")"
exit $bad
