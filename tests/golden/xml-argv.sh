#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# One guest, written as libvirt's XML and as the arguments libvirt makes of it: what the rules find
# in one they find in the other. Each rule raises an alarm (problem, advice) in both or in none,
# but for the differences in the table below.
set -u

cases=${VFIOBENCH_SHARED:-${VFIOBENCH_SOURCE:?}/../shared}/cases/xml-libvirt
program=${VFIOBENCH_BUILD:?}/vfiobench
if [ ! -d "$cases" ]; then
	echo "skipped: no pairs in $cases (set VFIOBENCH_SHARED to the folder above cases)"
	exit 77
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# RULES SIDE CASES REASON: only on this side (xml, argv) is there an alarm, and rightly so, of the
# rules in the cases whose names match the regular expressions.
cat >"$work/accepted" <<'TABLE'
pin\..* xml .* no argument pins a thread: libvirt does it
(cpu|isol|irq|sched|wdt|rcu|freq|idle|power)\..* xml .* without pins nobody knows which CPUs are the guest's
mem\.current-below-max xml .* currentMemory is told to the guest that runs, by no argument
clock\.pit-delay xml 013-.* of an emulated guest libvirt tells QEMU no policy of the PIT
disk\.virtio-scsi argv 075-.* where XML tells no model of a SCSI controller, libvirt takes lsilogic
hugepages\.mount xml 0[345].* arguments name the folder of the pages; libvirt has to find one for XML
hugepages\.count argv .*-(default|discard).* the folder tells the size of page that XML leaves to the host
hugepages\.fragmentation argv .*-default.* hugetlbsize tells the size of page that XML leaves to the host
TABLE

# FOLDER: findings NAME.xml and NAME.argv in it; prints what differs and is not accepted.
compare()
{
	(cd "$1" && awk -F '"' -v accepted="$work/accepted" '
		BEGIN {
			while ((getline line < accepted) > 0) {
				split(line, word, " ")
				id[++n] = word[1]; side[n] = word[2]; names[n] = word[3]; line_of[n] = line
			}
		}
		FNR == 1 { name = kind = FILENAME; sub(/^\.\//, "", name); sub(/\.[a-z]*$/, "", name); sub(/.*\./, "", kind) }
		$2 == "id" { rule = $4; rules[rule] = 1; all[name] = 1 }
		$2 == "verdict" { alarm[name, rule, kind] = $4 == "problem" || $4 == "advice" ? "alarm" : "quiet" }
		function is_accepted(rule, only, name,   i) {
			for (i = 1; i <= n; i++)
				if (side[i] == only && rule ~ ("^(" id[i] ")$") && name ~ ("^(" names[i] ")$")) {
					used[i] = 1
					return 1
				}
			return 0
		}
		END {
			for (name in all) for (rule in rules) {
				x = alarm[name, rule, "xml"]; a = alarm[name, rule, "argv"]
				only = x == "" || a == "" ? "one-judged" : x == "alarm" ? "xml" : "argv"
				if (x != a && !is_accepted(rule, only, name))
					print name ": " rule " " only
			}
			for (i = 1; i <= n; i++)
				if (!used[i])
					print "not needed: " line_of[i] > "/dev/stderr"
		}' ./*.xml ./*.argv | sort)
}

# What is compared can differ.
finding() { printf '"id": "%s",\n"verdict": "%s",\n' "$1" "$2"; }
mkdir "$work/self" "$work/pairs"
{ finding a pass; finding b advice; finding c problem; finding d unknown; finding e pass; } >"$work/self/1.xml"
{ finding a problem; finding b problem; finding c unknown; finding d pass; } >"$work/self/1.argv"
told=$(compare "$work/self" 2>/dev/null | tr '\n' ';')
[ "$told" = '1: a argv;1: c xml;1: e one-judged;' ] || { echo "the comparison says: $told"; exit 1; }

sh "$VFIOBENCH_SOURCE/tests/lib/unpack_host.sh" "$VFIOBENCH_SOURCE/tests/hosts/i7-8700k-1g-pages.host" \
	"$work/host" || exit 1
# A guest that runs would answer for the one that is written down.
rm -rf "$work/host"/proc/[0-9]*

audit() # OUTPUT OPTION FILE
{
	timeout 20 "$program" audit --json --sysroot "$work/host" "$2" "$3" >"$1" 2>"$1.said" && [ ! -s "$1.said" ]
}

bad=0 n=0
for xml in "$cases"/*.xml; do
	args=${xml%.xml}.args name=${xml%.xml} name=${name##*/}
	[ -f "$args" ] || continue
	audit "$work/pairs/$name.xml" --domain-xml "$xml" &
	audit "$work/pairs/$name.argv" --qemu-argv "$args" || { echo "$name: arguments: $(cat "$work/pairs/$name.argv.said")"; bad=1; }
	wait $! || { echo "$name: XML: $(cat "$work/pairs/$name.xml.said")"; bad=1; }
	n=$((n + 1))
done
compare "$work/pairs" >"$work/differs"
cat "$work/differs"
echo "$n pairs, $(wc -l <"$work/differs") differences that are not accepted"
[ "$n" -ge 90 ] && [ ! -s "$work/differs" ] && [ $bad = 0 ]
