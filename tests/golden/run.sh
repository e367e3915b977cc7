#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every state probe over every host of tests/hosts, compared with tests/golden/HOST/PROBE.json.
# VFIOBENCH_UPDATE_GOLDEN=1 writes what the probes say now: look at the difference before you commit.
set -u
: "${VFIOBENCH_SOURCE:?}" "${VFIOBENCH_BUILD:?}"
update=${VFIOBENCH_UPDATE_GOLDEN:-}
print=$VFIOBENCH_BUILD/tests/print_document

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
n=0
bad=0

wrong()
{
	echo "$*"
	bad=$((bad + 1))
}

# State probes are those that can read another tree.
probes=
for program in "$VFIOBENCH_BUILD"/vfiobench-probe-*; do
	if [ -x "$program" ] && "$program" --help 2>/dev/null | grep -q -e --sysroot; then
		probes="$probes ${program##*/vfiobench-probe-}"
	fi
done
[ "$probes" ] || wrong "no state probe in $VFIOBENCH_BUILD"

look() # HOST PROBE
{
	golden=$VFIOBENCH_SOURCE/tests/golden/$1/$2.json
	now=$scratch/$1.$2.json
	if ! "$VFIOBENCH_BUILD/vfiobench-probe-$2" --sysroot "$scratch/$1" >"$scratch/raw"; then
		wrong "$1 $2: exit status not 0"
	elif ! "$print" <"$scratch/raw" >"$now"; then
		wrong "$1 $2: no valid document"
	elif [ "$update" ]; then
		mkdir -p "${golden%/*}" && cp "$now" "$golden" || wrong "$golden: not written"
	elif [ ! -e "$golden" ]; then
		wrong "$golden: missing; VFIOBENCH_UPDATE_GOLDEN=1 writes it"
	else
		diff -u "$golden" "$now" || wrong "$1 $2: differs"
	fi
	n=$((n + 1))
}

for bundle in "$VFIOBENCH_SOURCE"/tests/hosts/*.host; do
	host=${bundle##*/}
	host=${host%.host}
	sh "$VFIOBENCH_SOURCE/tests/lib/unpack_host.sh" "$bundle" "$scratch/$host" ||
		wrong "$host: not unpacked"
	for probe in $probes; do
		look "$host" "$probe"
	done
done

# What is expected of a probe or host that is not there any more is not looked at by anyone.
for golden in "$VFIOBENCH_SOURCE"/tests/golden/*/*.json; do
	[ -e "$golden" ] || continue
	host=${golden%/*}
	host=${host##*/}
	probe=${golden##*/}
	probe=${probe%.json}
	[ -e "$VFIOBENCH_SOURCE/tests/hosts/$host.host" ] || wrong "$golden: no such host"
	case " $probes " in
	*" $probe "*) ;;
	*) wrong "$golden: no such state probe is built" ;;
	esac
done
echo "$n documents, $bad wrong"
[ "$bad" -eq 0 ]
