#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# ab_null.sh - the method on this machine: runs of ab that switch nothing, which must find nothing, and
# runs that switch a burner on the guest's CPU, which must find it or say why it cannot be told. Never
# may anything be called improved. Prints a line for each run, and the counts.
#
# Exit status 1: more than one alarm in twenty without a cause, fewer than nine of ten burners found or
# refused with a reason, or something improved.
#
# usage: ab_null.sh [OPTION OF AB...]; needs root, two CPUs and /dev/kvm. N_NULL (20), N_BURNER (10).
set -u

build=${VFIOBENCH_BUILD:-build}
program=$build/vfiobench
n_null=${N_NULL:-20} n_burner=${N_BURNER:-10}
cpus=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
guest_cpu=${cpus##*[,-]} host_cpu=${cpus%%[,-]*}
[ "$guest_cpu" != "$host_cpu" ] || { echo "needs two CPUs"; exit 1; }
scratch=$(mktemp -d) || exit 1
finish()
{
	[ ! -e "$scratch/burner" ] || kill "$(cat "$scratch/burner")" 2>/dev/null
	rm -rf "$scratch"
}
trap finish EXIT

cat >"$scratch/on" <<END
"$build/tests/noise" burner $guest_cpu $host_cpu 3600000 >/dev/null 2>&1 &
echo \$! >"$scratch/burner"
sleep 0.3
# Above the thread that measures wake-ups: it takes the CPU from whatever runs there.
chrt -f -p 98 \$!
END
cat >"$scratch/off" <<END
[ ! -e "$scratch/burner" ] || kill "\$(cat "$scratch/burner")"
rm -f "$scratch/burner"
END

# one NAME ARG...: sets verdict; counts
n_improved=0 n_failed=0
one()
{
	name=$1
	shift
	"$program" ab -q --json --guest builtin --cpus "$guest_cpu" "$@" >"$scratch/out" 2>"$scratch/err"
	status=$?
	verdict=$(jq -r '.verdict // empty' "$scratch/out")
	echo "$name: ${verdict:-failed with status $status}: $(jq -r '.reason // empty' "$scratch/out")$(cat "$scratch/err")"
	jq -r '.metrics[] | select(.is_gated) |
		"    \(.id) \(.verdict) \(.change_permille // "-") [\(.ci95_low_permille // "-"), \(.ci95_high_permille // "-")] permille"' \
		"$scratch/out"
	[ "$verdict" ] || n_failed=$((n_failed + 1))
	[ "$(jq -r '[.metrics[] | select(.is_gated and .verdict == "improved")] | length' "$scratch/out")" = 0 ] ||
		n_improved=$((n_improved + 1))
}

n_alarms=0
for i in $(seq "$n_null"); do
	one "null $i" --null "$@"
	[ "$verdict" != regressed ] && [ "$verdict" != improved ] || n_alarms=$((n_alarms + 1))
done
n_null_improved=$n_improved n_improved=0
n_found=0 n_refused=0
for i in $(seq "$n_burner"); do
	one "burner $i" --on "sh $scratch/on" --off "sh $scratch/off" "$@"
	case $verdict in
	regressed) n_found=$((n_found + 1)) ;;
	inconclusive | not-comparable) n_refused=$((n_refused + 1)) ;;
	esac
done
echo
echo "nothing switched: $n_alarms alarms in $n_null ($n_null_improved improved)"
echo "a burner: $n_found regressed, $n_refused refused, $n_improved improved, of $n_burner"
echo "could not measure: $n_failed"
[ $((n_alarms * 20)) -le "$n_null" ] && [ $(((n_found + n_refused) * 10)) -ge $((n_burner * 9)) ] &&
	[ $n_improved -eq 0 ] && [ $n_failed -eq 0 ]
