#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Cores, SMT siblings, L3 groups and NUMA nodes of every captured host equal what lstopo and lscpu
# make of it, set by set; each host takes less than a second.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/captures.sh"

probe=${VFIOBENCH_BUILD:?}/vfiobench-probe-cpu
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

sets() # FROM FILE KIND...: lines of these kinds, sorted
{
	from=$1 file=$2
	shift 2
	awk -v from="$from" -v empty_nodes="$empty_nodes" -f "$VFIOBENCH_SOURCE/tests/golden/truth.awk" \
		"$file" | while read -r kind rest; do
		for wanted; do
			[ "$kind" != "$wanted" ] || echo "$kind $rest"
		done
	done | sort
}

same() # TRUTH KIND...: the probe and this truth
{
	truth=$1
	shift
	sets "$truth" "$shared/truth/$name.$truth" "$@" >"$work/want"
	sets probe "$work/document" "$@" >"$work/is"
	n_sets=$((n_sets + $(wc -l <"$work/want")))
	cmp -s "$work/want" "$work/is" && return 0
	echo "$name: $* as by $truth (<), by the probe (>):"
	diff "$work/want" "$work/is"
	return 1
}

bad=0 n_hosts=0 n_sets=0
for tree in "$trees"/*/; do
	tree=${tree%/} name=${tree%/} name=${name##*/}
	[ -f "$shared/truth/$name.lstopo" ] || continue
	n_hosts=$((n_hosts + 1))
	run_below 1000 "$work/document" "$probe" --sysroot "$tree" || { echo "$name: failed"; bad=1; }
	empty_nodes=' ' nodes='node node-number'
	for node in "$tree"/sys/devices/system/node/node*; do
		[ ! -f "$node/cpulist" ] || grep -q '[0-9]' "$node/cpulist" || empty_nodes="$empty_nodes${node##*node} "
		# lstopo makes a node up where there are none.
		[ -d "$node" ] || nodes=
	done
	grep -q '^Machine' "$shared/truth/$name.lstopo" || nodes=
	# shellcheck disable=SC2086 # a list
	same lstopo core l3 $nodes || bad=1
	# Without the files lscpu wants it prints dashes.
	grep -q '^ *[0-9].* yes$' "$shared/truth/$name.lscpu" || continue
	# AMD family 21: lscpu, as the kernel, takes a module of two integer cores for one core with
	# two threads. We follow hwloc: see probes/cpu_topology.h. Arm with cores of several kinds:
	# lscpu takes cores of one number in different clusters for one core; the kernel's own
	# thread_siblings know better.
	core=core
	grep -qs '^cpu family[[:space:]]*: 21$' "$tree/proc/cpuinfo" && core=
	[ "$(grep -s '^CPU part' "$tree/proc/cpuinfo" | sort -u | wc -l)" -le 1 ] || core=
	# shellcheck disable=SC2086
	same lscpu $core l3 ${nodes:+node} || bad=1
done
echo "$n_hosts hosts, $n_sets sets of CPUs compared"
[ $n_hosts -gt 0 ] && [ $n_sets -gt 500 ] && [ $bad = 0 ]
