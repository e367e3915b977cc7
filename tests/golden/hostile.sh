#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Documents of strangers, in every form there is: a whole page (or list, or table) or one clear line,
# within 10 seconds of a CPU and 1 GiB. No command in them is run, no file they name is read, no mark-up of
# theirs is let through. Forms that are added later are tried without being named here.
set -u

vfiobench=${VFIOBENCH_BUILD:?}/vfiobench
tests=$VFIOBENCH_BUILD/tests
schema=${VFIOBENCH_SOURCE:?}/tests/lib/junit.xsd
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
path='' bad=0 n=0 n_refused=0

for tool in jq xmllint prlimit timeout iconv; do
	command -v $tool >/dev/null 2>&1 || { echo "not here: $tool"; exit 77; }
done

# Anybody may write here, gnuplot as well; and anybody may read the secret.
mkdir "$work/open" && chmod 755 "$work" && chmod 1777 "$work/open"
canary=$work/open/canary
word=fledermausquartier
echo "$word" >"$work/open/secret"
chmod 644 "$work/open/secret"
mkdir "$work/nothing" # no gnuplot there
cd "$work/open" || exit 1

# A sanitizer takes terabytes of address space.
limits="--as=$((1 << 30)) --cpu=10"
grep -q __asan_init "$vfiobench" && limits=--cpu=60

wrong()
{
	echo "$*" | cut -c 1-600
	bad=1
}

bidi=$(printf '\342\200[\252-\256]|\342\201[\246-\251]|\342\200[\250\251]')

check_plain() # FILE NAME
{
	iconv -f UTF-8 -t UTF-8 "$1" >/dev/null 2>&1 || wrong "$2: broken UTF-8"
	LC_ALL=C tr -d '\011\012' <"$1" | LC_ALL=C grep -q '[[:cntrl:]]' && wrong "$2: control bytes"
	LC_ALL=C grep -qE "$bidi" "$1" && wrong "$2: bytes that turn the direction of text"
	LC_ALL=C grep -q '(null)' "$1" && wrong "$2: (null)"
}

# The tags of a page, one to a line, each attribute in double quotes.
tags() # PAGE
{
	xmllint --html --huge --nonet --xmlout "$1" 2>/dev/null | tr '\n' ' ' | tr '<' '\n' |
		sed -n 's/^\([a-zA-Z][^>]*\)>.*/\1/p'
}

# Names of elements and attributes, each once: those of a page must be ours.
marks() # TAGS
{
	sed 's/="[^"]*"/=/g' "$1" | tr ' ' '\n' | sed 's,/*$,,' | grep . | sort -u
}

check_page() # FILE NAME
{
	tail -c 10 "$1" | grep -q '</html>' || wrong "$2: not whole"
	tags "$1" >"$work/tags"
	if grep -iE '^(script|iframe|object|embed|link|base|form|input|img)|(src|href)="' "$work/tags" |
		grep -vE ' (xlink:)?href="(https://[^"]*|#[^"]*)"' >"$work/found"; then
		wrong "$2: $(head -n 3 "$work/found")"
	fi
	[ -s "$work/marks" ] || return
	marks "$work/tags" | grep -vxFf "$work/marks" >"$work/found" &&
		wrong "$2: mark-up of strangers: $(head -n 5 "$work/found")"
}

check() # FORM FILE NAME
{
	case $1 in
	html) check_page "$2" "$3" ;;
	junit) xmllint --noout --nonet --huge --schema "$schema" "$2" 2>"$work/found" || wrong "$3: $(head -n 3 "$work/found")" ;;
	chrome-trace | json) jq -e type "$2" >/dev/null || wrong "$3: no JSON" ;;
	openmetrics)
		if command -v promtool >/dev/null 2>&1; then
			promtool check metrics <"$2" >"$work/found" 2>&1 || wrong "$3: $(head -n 3 "$work/found")"
		fi
		;;
	esac
	check_plain "$2" "$3"
	grep -q "$word" "$2" && wrong "$3: holds what was in a file of this host"
}

# A document or one line, never both, never a crash.
try() # FORM DOCUMENT NAME OPTION...
{
	form=$1 file=$2 what="$3 as $1"
	shift 3
	option=--format=$form
	[ "$form" != json ] || option=--json
	rm -f "$work/out"
	# shellcheck disable=SC2086 # several options
	prlimit $limits timeout 100 env ${path:+"PATH=$path"} "$vfiobench" report "$file" "$option" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	n=$((n + 1))
	case $status in
	0)
		check "$form" "$work/out" "$what"
		[ "$(wc -c <"$work/out")" -le $((16 << 20)) ] || wrong "$what: $(wc -c <"$work/out") bytes"
		;;
	2)
		[ ! -s "$work/out" ] || wrong "$what: refused, and yet written"
		[ "$(wc -l <"$work/err")" = 1 ] || wrong "$what: not one line: $(cat "$work/err")"
		check_plain "$work/err" "$what"
		n_refused=$((n_refused + 1))
		;;
	*) wrong "$what: exit status $status: $(cat "$work/err")" ;;
	esac
	[ ! -e "$canary" ] || { wrong "$what: ran a command"; rm -f "$canary"; }
}

forms="json $("$vfiobench" report --format=? x 2>&1 | sed -n 's/.*expected //p' | sed 's/,/ /g; s/ or / /')"
case $forms in *html*text*) ;; *) wrong "which forms are there? $forms" ;; esac

# What is refused as text is refused for what it is.
try_those() # FORMS DOCUMENT NAME OPTION...
{
	those=$1
	shift
	try text "$@"
	[ "$status" = 0 ] || return
	for each in $those; do
		[ "$each" = text ] || try "$each" "$@"
	done
}

try_all() # DOCUMENT NAME OPTION...
{
	try_those "$forms" "$@"
}

others=$(echo "$forms" | sed 's/html//')

# The last one gave a document.
must_do()
{
	[ "$status" = 0 ] || wrong "$what: refused: $(cat "$work/err")"
}

"$tests/write_result" 4 20 5 30 >"$work/result.json" || exit 1
"$tests/write_result" 3 6 1 4 >"$work/small.json" || exit 1
"$tests/write_comparison" red >"$work/red.json" || exit 1
"$tests/write_comparison" budgets >"$work/budgets.json" || exit 1

# A gnuplot may be without that terminal, or not be there.
has_pictures=0
"$vfiobench" report "$work/result.json" -q --raw --png "$work/pictures" >/dev/null 2>&1 && has_pictures=1

# What is ours in pages, from clean ones.
: >"$work/ours"
for document in result red budgets; do
	try html "$work/$document.json" "$document, clean" --raw
	must_do
	tags "$work/out" >>"$work/ours"
done
marks "$work/ours" >"$work/marks"
[ "$(wc -l <"$work/marks")" -gt 50 ] || wrong 'no marks of a page'

# Texts: JSON strings, one to a line, after their name.
cat >"$work/texts" <<END
mark-up "</style></title></textarea></svg>]]><script>x</script><img src=x onerror=alert(1)><!-- <b onclick='x'>&lt;&#0;&bogus;"
attributes "\" onload=\"x' onload='x \`onload=x > <a href=javascript:x>"
control "a\u0007\u001b[31mred\u001b]0;title\u0007\b\f\r\n\t\u007f\u0085\u009b31m"
direction "user\u202egnp.exe\u202d\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u2028\u2029\ufeff\ufffe\ud83d\ude00"
combining "z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u030b\u030c"
long "$(head -c 10240 /dev/zero | tr '\0' 'A')"
long-words "$(head -c 10000 /dev/zero | tr '\0' 'x' | sed 's/xxxxxxxx/word <b> /g')"
long-wide "$(head -c 3000 /dev/zero | tr '\0' 'x' | sed 's/x/\\u4e2d/g')"
gnuplot "\`touch $canary\`'.system('touch $canary').'\n!touch $canary\nsystem 'touch $canary'\nset output '$canary'\nload '$work/open/secret'\n@macro #"
gnuplot-quoted "\"\`cat $work/open/secret\`\" '< cat $work/open/secret' '\\\\n' {/=80 x} ^_ %c %g %%"
shell "\$(touch $canary); \`touch $canary\` | touch $canary & > $canary \n touch $canary #"
formats "%s%s%s%n%1000000d%*.*f%%%"
path "../../../../..$work/open/secret"
file "file://$work/open/secret"
entity "<!DOCTYPE x [<!ENTITY e SYSTEM \"file://$work/open/secret\">]><x>&e;</x>"
github "::error file=x::y\n::stop-commands::z %0A##[command]"
markdown "|a|\n|-|\n[x](http://e.vil)![i](j) @name #12 <details> \`\`\` ~~~ \\\\ --- * _ ["
bbcode "[/code][url=http://e.vil]x[/url][img]http://e.vil/x[/img][b]"
empty ""
space "   "
separators ",;:=-+/\\\\|"
END

cat >"$work/poison.jq" <<'END'
# All texts but those that say what a document is, and lists of CPUs.
def poison: if type == "object" then with_entries(if .key | IN("format", "probe", "status", "kind", "verdict", "unit")
		then . else .value |= poison end)
	elif type == "array" then map(poison)
	elif type == "string" and (test("^[-0-9,]*$") | not) then $text
	else . end;
poison
END

# Pictures are drawn by the same scripts: for the texts that mean something to gnuplot.
try_pictures() # DOCUMENT NAME
{
	rm -rf "$work/pictures"
	# shellcheck disable=SC2086 # several options
	prlimit $limits timeout 100 "$vfiobench" report "$1" -q --raw --png "$work/pictures" >"$work/out" 2>"$work/err" </dev/null ||
		wrong "$2 as pictures: $(cat "$work/err")"
	[ ! -s "$work/out" ] || wrong "$2 as pictures: writes to stdout"
	n=$((n + 1))
	for picture in "$work"/pictures/*; do
		[ "$(head -c 4 "$picture" | tail -c 3)" = PNG ] || wrong "$2: no picture: $picture"
		grep -q "$word" "$picture" && wrong "$2: $picture holds what was in a file of this host"
	done
	[ ! -e "$canary" ] || { wrong "$2 as pictures: ran a command"; rm -f "$canary"; }
}

while read -r kind text; do
	result=result
	case $kind in long*) result=small ;; esac
	for document in $result red budgets; do
		jq -c --argjson text "$text" -f "$work/poison.jq" "$work/$document.json" >"$work/hostile.json" ||
			wrong "$kind: not made"
		try html "$work/hostile.json" "$document, $kind" --raw
		must_do
		[ $document = budgets ] || try_those "$others" "$work/hostile.json" "$document, $kind" --raw
		case $document,$kind in
		result,gnuplot* | result,control | result,formats | red,gnuplot)
			[ $has_pictures = 0 ] || try_pictures "$work/hostile.json" "$document, $kind"
			;;
		esac
		path=$work/nothing
		try html "$work/hostile.json" "$document, $kind, shared"
		path=''
		must_do
	done
done <"$work/texts"

# From here on mostly without figures, which take most of the time.
path=$work/nothing

# Numbers, in every place.
for number in 0 1 4294967295 4294967296 9223372036854775806 -1 -9223372036854775807 1.5 1e300 null true '"x"' '[]' '{}'; do
	for document in small red; do
		jq -c --argjson v "$number" 'def all: if type == "object" then with_entries(if .key == "version" then . else .value |= all end)
			elif type == "array" then map(all) elif type == "number" then $v else . end; all' \
			"$work/$document.json" >"$work/hostile.json"
		try_those "$others" "$work/hostile.json" "$document, all numbers $number" --raw
		path=''
		try html "$work/hostile.json" "$document, all numbers $number, drawn" --raw
		path=$work/nothing
		# One in so many, so that the rest of it stays what it was.
		jq -c --argjson v "$number" '[paths(type == "number")] as $p | reduce range(3; $p | length; 97) as $i
			(.; if $p[$i][-1] == "version" then . else setpath($p[$i]; $v) end)' \
			"$work/$document.json" >"$work/hostile.json"
		try_those 'junit openmetrics' "$work/hostile.json" "$document, some numbers $number" --raw
		path=''
		try html "$work/hostile.json" "$document, some numbers $number, drawn" --raw
		path=$work/nothing
	done
done

# Lists and objects that are empty, or something else.
for value in '[]' '{}' '""' '[[]]' '[{}]' '[[0]]' '[[0,0,0]]'; do
	for depth in 2 3 4 5; do
		jq -c --argjson v "$value" --argjson depth $depth '[paths(type == "array")] as $p
			| reduce ($p[] | select(length == $depth)) as $one (.; setpath($one; $v))' \
			"$work/small.json" >"$work/hostile.json"
		try_those 'html junit openmetrics chrome-trace' "$work/hostile.json" "lists at depth $depth as $value" --raw
	done
done

# What is no document.
printf '{"format":"vfiobench-result","version":1,"run":{"label":"a","label":"b"}}' >"$work/twice.json"
printf '{"format":"vfiobench-result","version":1,"run":{"label":"a\377\300\200b"}}' >"$work/utf8.json"
printf '{"format":"vfiobench-result","version":1,"run":{"label":"a\\u0000b"}}' >"$work/nul.json"
printf '{"format":"vfiobench-result","version":1,"run":{"label":"\\ud800"}}' >"$work/half.json"
printf '{"format":"vfiobench-result","version":1,"run":{"started_unix_ns":99999999999999999999}}' >"$work/huge-number.json"
{ printf '{"format":"vfiobench-result","version":1,"x":'; head -c 1000000 /dev/zero | tr '\0' '['; } >"$work/deep.json"
{ printf '{"format":"vfiobench-result","version":1,"x":'; head -c 1000000 /dev/zero | tr '\0' '{' | sed 's/{/{"":/g'; } >"$work/deep-objects.json"
{ printf '{"format":"vfiobench-result","version":1,"x":'; head -c 1500 /dev/zero | tr '\0' '['; head -c 1500 /dev/zero | tr '\0' ']'; echo '}'; } >"$work/nested.json"
{ jq -c . "$work/result.json"; jq -c . "$work/result.json"; } >"$work/two.json"
head -c 60000 "$work/result.json" >"$work/cut.json"
for document in twice utf8 nul half huge-number deep deep-objects two cut; do
	try_all "$work/$document.json" "$document"
	[ "$status" = 2 ] || wrong "$what: taken"
done
try_all "$work/nested.json" "nested"

path=''

# Large machines, and lists without end.
large() # DOCUMENT NAME
{
	path=$work/nothing
	for each in text json markdown; do
		try $each "$1" "$2"
	done
	path=''
	try html "$1" "$2"
	size=$(wc -c <"$work/out")
	[ "$size" -le 1048576 ] || wrong "$what: a page of $size bytes"
}
"$tests/write_result" 128 8000 2 100 >"$work/large.json" || wrong 'no large machine'
large "$work/large.json" '256 CPUs, 8000 interrupts'
try_all "$work/large.json" '256 CPUs, 8000 interrupts' --raw
large_bytes=$(wc -c <"$work/large.json")
for list in .probes.irq.data.lines .probes.sched.data.tasks .probes.trace.data.culprits .probes.guest.data.processes \
	.probes.pci.data.functions .probes.activity.data.threads .probes.exits.data.metrics .probes.gap.data.worst \
	.run.warnings .probes.trace.data.missing .probes.mm.data.holders .probes.domain.data.disks; do
	jq -c "if ($list | type) == \"array\" and ($list | length) > 0 then $list |= [range(20000) as \$i | .[\$i % length]] else empty end" \
		"$work/result.json" >"$work/long.json"
	[ ! -s "$work/long.json" ] || large "$work/long.json" "20000 of $list"
done
jq -c '.metrics |= [range(5000) as $i | .[$i % length]] | .differences |= [range(20000) as $i | .[$i % length]]
	| .findings |= [range(20000) as $i | .[$i % length]]' "$work/red.json" >"$work/long.json"
large "$work/long.json" 'a comparison of 5000 metrics, 20000 differences'

# Without gnuplot the page is whole, and each figure's numbers are there.
for document in result red; do
	env PATH="$work/nothing" "$vfiobench" report "$work/$document.json" --format html -o "$work/page.html" 2>"$work/err" ||
		wrong "$document without gnuplot: $(cat "$work/err")"
	check_page "$work/page.html" "$document without gnuplot"
	grep -q 'gnuplot is not installed' "$work/page.html" || wrong "$document without gnuplot: does not say so"
done

[ "$(find "$work/open" -mindepth 1)" = "$work/open/secret" ] || wrong 'files were made'
[ $bad -eq 0 ] && echo "$n documents, $n_refused of them refused in one line; the largest had $large_bytes bytes"
exit $bad
