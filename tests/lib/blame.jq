# SPDX-License-Identifier: GPL-2.0-or-later
# blame.jq - a document of the trace probe against what was to be found in it: for live/blame.sh.
# $expected is "CLASS~NAME~ACCOUNT;...", $amount has lines "ns N" and "n N", $counters lines of Unix
# time and of the counters among the accounts, $quiet is a document of this machine without our noise.
# Prints name, class, culprit, injected, found, ratio and top of each; "bad: WHY: " before what is wrong.

def sum: add // 0;
def ms: . / 10000 | round / 100 | "\(.) ms";
def named($w): map(select(.class == $w.class and (.name | test($w.name))));
def is_counter: test(":");
# "ns-" is ns; what others ran there meanwhile may be missing, as they had the CPU instead.
def is_time: startswith("ns") or startswith("thread:");

# Of the samples the one nearest to a moment.
def nearest($t): min_by(.[0] - $t | fabs);

.data as $data
| ($expected | split(";") | map(split("~") | { class: .[0], name: .[1], account: .[2] })) as $wanted
| ($amount | split("\n") | map(select(. != "") | split(" ") | { (.[0]): (.[1] | tonumber) }) | add // {})
	as $made
| ($counters | split("\n") | map(split(" ") | map(tonumber? // 0)) | map(select(length > 1))) as $samples
| [$wanted[] | select(.account | is_counter).account] as $names
| (if $samples == [] then [] else
	($samples | nearest($data.start_unix_ns)) as $from
	| ($samples | nearest($data.start_unix_ns + $data.window_ns)) as $to
	| [range($names | length) | { ($names[.]): ($to[. + 1] - $from[. + 1]) }] end | add // {}) as $counted
| ($made + $counted) as $injected
| [$data.culprits[] | select(.via == null)] as $culprits
| ([$wanted[] as $w | $culprits | named($w)[]] | unique) as $mine
| ($mine | map(.total_ns) | sum) as $total
| [$quiet[0].data.culprits[]? | [.class, .name]] as $usual
# Bigger may be what was there without us, and threads of others.
| ($culprits - $mine | map(select(.total_ns > $total)) | sort_by(-.total_ns)) as $bigger
| ($bigger | map(select(([.class, .name] | IN($usual[]) | not)
	and (.class != "task" or (.name | test("^(noise|qemu)")))))) as $wrong
| (if $bigger == [] then "top" else $bigger[0]
	| "after \(.class) \(.name) \(.total_ns | ms)"
		+ (if [.class, .name] | IN($usual[]) then ", as without it" else ", not ours" end) end) as $top
| ($culprits - $mine | map(select(.class == "task").total_ns) | sum) as $others
| (if $row == "" or any($culprits | named($wanted[0])[]; .rows // [] | any(. == $row)) then ""
	else "bad: not tied to \($row): " end) as $tied
| range($wanted | length) as $i | $wanted[$i] as $w
| ($culprits | named($w)) as $found
| (if $w.account | is_time then $found | map(.total_ns) | sum else $found | map(.n) | sum end) as $n
| $injected[$w.account | rtrimstr("-")] as $should
| (if $should then $n / $should else 0 end) as $ratio
| (if $w.account | endswith("-") then $others else 0 end) as $missing
| (if $w.account != "" and (($n + $missing) / ($should // 1) < 0.9 or $ratio > 1.1) then "bad: " else "" end)
	+ (if $i == 0 then (if $wrong == [] or $missing > $should then "" else "bad: not top: " end) + $tied
		else "" end)
	+ ([ $name, $w.class, ($found | max_by(.total_ns) // { name: "nothing" } | .name),
		($should // "-" | if ($w.account | is_time) and $should then ms else tostring end),
		($n | if $w.account | is_time then ms else tostring end),
		(if $w.account == "" then "-" else $ratio * 1000 | round / 1000 | tostring end),
		(if $i == 0 then $top else "" end) ] | join("\t"))
