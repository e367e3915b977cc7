#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Manual pages: every verb has one with the sections it needs; options and exit statuses are those of
# --help, in both directions; examples use verbs and options that there are; nothing that mandoc or groff
# complains of, nothing wider than 80 columns.
set -u

vfiobench=${VFIOBENCH_BUILD:?}/vfiobench
pages=$VFIOBENCH_BUILD/manual/man
table=$VFIOBENCH_BUILD/manual/options
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
unset ARGP_HELP_FMT
export LC_ALL=C
bad=0 drawn=''

wrong()
{
	echo "$*"
	bad=1
}

# Not by the code that makes the pages.
options_of_help() # VERB [ACTION]
{
	"$vfiobench" "$@" --help | awk '/^$/ { n++ } n == 1' | grep -oE -- '^ {2,6}(-[^-],)? *--[a-z0-9-]+' |
		grep -oE -- '--[a-z0-9-]+'
}

actions_of()
{
	"$vfiobench" "$1" --help | sed -n '1s/.* \([a-z]*\(|[a-z]*\)\{1,\}\).*/\1/p' | tr '|' ' '
}

section() # PAGE NAME
{
	awk -v name="$2" '/^[.]Sh / { is_in = $0 == ".Sh " name } is_in' "$1"
}

check_options() # VERB PAGE
{
	{
		options_of_help "$1"
		for action in $(actions_of "$1"); do
			options_of_help "$1" "$action"
		done
	} | sort -u >"$work/help"
	section "$2" OPTIONS | sed -n 's/^[.]It.*Fl -\([a-z0-9-]*\).*/--\1/p' | sort -u >"$work/page"
	[ -s "$work/help" ] || wrong "$1: no options in its --help"
	diff "$work/help" "$work/page" >"$work/diff" || wrong "$1: options of --help (<) and page (>): $(cat "$work/diff")"
}

check_statuses() # VERB PAGE
{
	section "$2" 'EXIT STATUS' | sed -n 's/^[.]It //p' | sort >"$work/page"
	for status in 0 2; do
		grep -qx "$status" "$work/page" || wrong "$1: no exit status $status"
	done
	"$vfiobench" "$1" --help | awk '/^Exit status:/ { is_in = 1 } /^$/ { is_in = 0 } is_in' | tr '\n' ' ' |
		grep -oE '(^Exit status:|[,;]) (128[+]n|[0-9])' | grep -oE '128[+]n|[0-9]$' >"$work/help"
	while read -r status; do
		grep -qxF "$status" "$work/page" || wrong "$1: exit status $status is in --help only"
	done <"$work/help"
	for pair in fail-on:1 strict:3; do
		options_of_help "$1" | grep -qx -- "--${pair%:*}" || continue
		grep -qx "${pair#*:}" "$work/page" || wrong "$1: --${pair%:*}, but no exit status ${pair#*:}"
	done
}

# The lines of an example, those that go on joined, without what groff needs.
examples()
{
	awk '/^[.]Bd / { is_in = 1; next } /^[.]Ed/ { is_in = 0 } is_in' "$1" |
		sed -e 's/\\-/-/g' -e 's/\\(aq/'"'"'/g' -e 's/\\(dq/"/g' -e 's/\\e/\\/g' | sed -e ':a' -e '/[\\|]$/N' -e 's/[\\|]\n/ /' -e 'ta'
}

check_examples() # PAGE
{
	examples "$1" | sed "s/'[^']*'/TEXT/g; s/\"[^\"]*\"/TEXT/g" | tr '|' '\n' | sed -n 's/^ *\(sudo \)*vfiobench //p' >"$work/lines"
	while read -r verb rest; do
		if ! cut -f 2 "$table" | grep -qx "$verb"; then
			wrong "$(basename "$1"): an example has no such verb: $verb"
			continue
		fi
		if [ "$verb" = tweaks ]; then
			# shellcheck disable=SC2046 # words of a command
			[ "$("$vfiobench" tweaks $(echo "$rest" | sed 's/--result [^ ]*//') 2>/dev/null </dev/null)" ] ||
				wrong "$(basename "$1"): an example finds nothing: tweaks $rest"
		fi
		for word in $rest; do
			case $word in --?*) ;; *) continue ;; esac
			awk -F '\t' -v v="$verb" -v o="${word#--}" '$1 == "option" && ($2 == v || index($2, v " ") == 1) && $3 == o { found = 1 }
				END { exit !found }' "$table" || wrong "$(basename "$1"): an example has no such option: $verb $word"
		done
	done <"$work/lines"
}

check_form() # PAGE
{
	name=$(basename "$1")
	LC_ALL=C grep -n '[^ -~]' "$1" | head -1 | grep . && wrong "$name: not ASCII"
	grep -n '@[a-z]*@' "$1" | head -1 | grep . && wrong "$name: something was not filled in"
	if command -v mandoc >/dev/null 2>&1; then
		drawn="$drawn mandoc"
		mandoc -Tlint -Wwarning "$1" >"$work/lint" 2>&1
		[ ! -s "$work/lint" ] || wrong "$(cat "$work/lint")"
		mandoc -Tutf8 -Owidth=78 "$1" 2>&1 | LC_ALL=C.UTF-8 col -bx >"$work/drawn.mandoc"
	fi
	if command -v groff >/dev/null 2>&1 && command -v man >/dev/null 2>&1; then
		drawn="$drawn man"
		groff -mandoc -ww -z -Tutf8 "$1" >"$work/lint" 2>&1
		[ ! -s "$work/lint" ] || wrong "$name: groff: $(cat "$work/lint")"
		MANWIDTH=80 MANPAGER=cat LC_ALL=C.UTF-8 man -l "$1" 2>/dev/null | LC_ALL=C.UTF-8 col -bx >"$work/drawn.man"
	fi
	for file in "$work"/drawn.*; do
		[ -e "$file" ] || continue
		grep -q 'EXIT STATUS' "$file" || wrong "$name: ${file##*.} draws no page"
		wide=$(LC_ALL=C.UTF-8 grep -nE '.{81}' "$file" | head -1)
		[ -z "$wide" ] || wrong "$name: wider than 80 columns: $wide"
	done
}

verbs=$("$vfiobench" --help | awk '/^  [a-z]/ { print $1 }')
[ "$verbs" ] || wrong 'no verbs'
for verb in $verbs; do
	page=$pages/vfiobench-$verb.1
	if [ ! -s "$page" ]; then
		wrong "$verb has no page: docs/man/vfiobench-$verb.1.in"
		continue
	fi
	for heading in NAME SYNOPSIS DESCRIPTION OPTIONS 'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
		grep -qx "[.]Sh $heading" "$page" || wrong "$verb: no section $heading"
	done
	check_options "$verb" "$page"
	check_statuses "$verb" "$page"
	grep -qx "[.]It Xr vfiobench-$verb 1" "$pages/vfiobench.1" || wrong "$verb is not in vfiobench(1)"
	grep -q "vfiobench $verb" "${VFIOBENCH_SOURCE:?}/README.md" || wrong "$verb is not in README.md"
done
n=0
for page in "$pages"/*.1; do
	n=$((n + 1))
	verb=$(basename "$page" .1)
	[ "$verb" = vfiobench ] || echo "$verbs" | grep -qx "${verb#vfiobench-}" || wrong "a page of no verb: $verb"
	# shellcheck disable=SC2013 # names
	for other in $(sed -n 's/^[.]Xr \(vfiobench[a-z-]*\) 1.*/\1/p' "$page"); do
		[ -s "$pages/$other.1" ] || wrong "$verb names a page that is not there: $other"
	done
	check_examples "$page"
	check_form "$page"
done
[ "$drawn" ] || echo 'not drawn: neither mandoc nor man is here'
echo "$n pages"
exit $bad
