#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each rule has a unit test for each kind of verdict that it can give: an alarm (problem or advice),
# pass, unknown where it reads facts, not-applicable where it asks whether it applies. What a rule
# never says stands in the table below, with the reason; a row that is not needed fails too.
set -u

tests=${VFIOBENCH_BUILD:?}/tests
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# RULE VERDICT REASON
cat >"$work/never" <<'TABLE'
clock.tsc-native pass without a mode there is nothing to say
env.identity alarm it informs: what this host is
guest.vbs alarm it informs: only the guest knows whether it runs VBS
hugepages.2m-fallback alarm it informs: how many pages a guest takes
hv.reset alarm it informs: Windows needs it neither on nor off
hv.reset pass it informs: Windows needs it neither on nor off
hv.vendor-id pass a name switches nothing on or off
irq.managed pass nobody can move them: they fire, or there is nothing to say
mitig.state alarm it informs: the price of mitigations is the owner's choice
msi.unsupported-danger alarm it informs: which functions can do MSI at all
net.sriov-detect alarm it informs: which cards can do SR-IOV
net.sriov-model pass without that model there is nothing to say
nvidia.vendor-id alarm it informs: the name costs nothing
storage.nvme-pt alarm it informs: what is passed through
TABLE

# missing: of the rules ("id [guest] [applies] [reads]") and verdicts ("id verdict") on these files
missing()
{
	awk -v never="$3" '
		BEGIN {
			while ((getline line < never) > 0) {
				split(line, word, " ")
				excused[word[1], word[2]] = line
			}
		}
		FILENAME == ARGV[1] {
			ids[++n] = $1
			words[$1] = " " $0 " "
			next
		}
		{ seen[$1, $2 == "problem" || $2 == "advice" ? "alarm" : $2] = 1 }
		function want(id, verdict) {
			if ((id, verdict) in seen)
				return
			if ((id, verdict) in excused)
				used[id, verdict] = 1
			else
				print id ": no test sees " verdict
		}
		END {
			for (i = 1; i <= n; i++) {
				id = ids[i]
				want(id, "alarm")
				want(id, "pass")
				if (words[id] ~ / reads /)
					want(id, "unknown")
				if (words[id] ~ / (guest|applies) /)
					want(id, "not-applicable")
			}
			for (key in excused)
				if (!(key in used))
					print "not needed: " excused[key]
		}' "$1" "$2" | sort
}

# What is asked for can be missing.
printf 'a reads\nb guest\nc\n' >"$work/rules"
printf 'a advice\na pass\nb problem\nb not-applicable\nc pass\n' >"$work/verdicts"
printf 'c alarm only informs\nb alarm not so\n' >"$work/excused"
told=$(missing "$work/rules" "$work/verdicts" "$work/excused" | tr '\n' ';')
[ "$told" = 'a: no test sees unknown;b: no test sees pass;not needed: b alarm not so;' ] || {
	echo "the comparison says: $told"
	exit 1
}

: >"$work/verdicts"
for test in "$tests"/test_*; do
	[ -x "$test" ] || continue
	# Only those that judge rows.
	grep -qF VFIOBENCH_VERDICTS "$test" || continue
	VFIOBENCH_VERDICTS=$work/verdicts "$test" >"$work/said" 2>&1 || {
		cat "$work/said"
		exit 1
	}
done
"$tests/print_rules" >"$work/rules" || exit 1
missing "$work/rules" "$work/verdicts" "$work/never" >"$work/missing"
cat "$work/missing"
echo "$(wc -l <"$work/rules") rules, $(sort -u "$work/verdicts" | wc -l) verdicts seen"
[ ! -s "$work/missing" ]
