#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Completions: bash's is driven as readline drives it, also through a terminal; zsh's and fish's are
# read by their shells, and fish is asked. Words that are offered are words that the verbs take.
# shellcheck disable=SC2086 # words of lists
set -u

vfiobench=${VFIOBENCH_BUILD:?}/vfiobench
files=$VFIOBENCH_BUILD/manual/completions
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export LC_ALL=C
bad=0

wrong()
{
	echo "$*"
	bad=1
}

for file in vfiobench _vfiobench vfiobench.fish; do
	[ -s "$files/$file" ] || wrong "no completions/$file"
done

mkdir "$work/here"
: >"$work/here/one.json"
: >"$work/here/two words.json"
mkdir "$work/here/folder"

# complete BREAKS WORD...: what is offered for the last of the words, sorted, in one line
cat >"$work/drive" <<'END'
COMP_WORDBREAKS=$1
. "$2"
cd "$3" || exit
shift 3
compopt() { :; }
COMP_WORDS=("$@")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_vfiobench
printf '%s\n' "${COMPREPLY[@]}"
END
offered()
{
	bash --norc "$work/drive" "$breaks" "$files/vfiobench" "$work/here" "$@" | sort | tr '\n' ' ' | sed 's/ $//'
}
offers() # EXPECTED WORD...
{
	expected=$1
	shift
	got=$(offered "$@")
	[ "$got" = "$expected" ] || wrong "bash, $*: '$got' instead of '$expected'"
}

verbs=$("$vfiobench" --help | awk '/^  [a-z]/ { print $1 }')
formats=$("$vfiobench" report --format=nonesuch . 2>&1 | sed -n 's/.*expected //p' | sed 's/,//g; s/ or / /' | tr ' ' '\n' | sort | tr '\n' ' ' | sed 's/ $//')
[ "$formats" ] || wrong 'report names no formats'

if command -v bash >/dev/null 2>&1; then
	bash -n "$files/vfiobench" || bad=1
	for breaks in " =" " "; do
		offers "$(printf '%s\n' $verbs --help --version | sort | tr '\n' ' ' | sed 's/ $//')" vfiobench ''
		offers 'audit' vfiobench au
		offers 'folder one.json two words.json' vfiobench report ''
		offers 'folder' vfiobench run -o ''
		offers 'folder' vfiobench run --output fo
		offers 'one.json' vfiobench audit --domain-xml one
		offers 'quick' vfiobench run --profile q
		offers 'always auto never' vfiobench plan --color ''
		offers "$formats" vfiobench report --format ''
		offers '' vfiobench run --reps ''
		offers '' vfiobench blame -n ''
		offers 'folder one.json two words.json' vfiobench blame -q ''
		offers '--strict' vfiobench compare --str
		offers '--profile=' vfiobench run --prof
		offers 'list rm save show' vfiobench baseline ''
		offers '--session=' vfiobench baseline rm --se
		offers 'one.json' vfiobench baseline save new.json one
		offers 'aio.headroom aio.max-nr' vfiobench tweaks aio.
		offers '' vfiobench nonesuch ''
		offers '' vfiobench nonesuch --
	done
	breaks=' ='
	offers 'quick soak standard' vfiobench run --profile =
	offers 'soak' vfiobench run --profile = so
	offers 'folder' vfiobench run --output = fo
	breaks=' '
	offers '--profile=soak' vfiobench run --profile=so
	for verb in $verbs; do
		"$vfiobench" "$verb" --help | grep -oE -- '^ {2,6}(-[^-],)? *--[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+' | sort >"$work/help"
		offered vfiobench "$verb" -- | tr ' ' '\n' | sed 's/=$//' | sort | diff "$work/help" - >"$work/diff" ||
			wrong "bash, $verb: options of --help (<), offered (>): $(cat "$work/diff")"
	done
else
	echo 'bash is not here'
fi

# Each word that an option is said to take is taken: what is wrong, if anything, is something else.
awk -F '\t' '$1 == "option" && $6 != "" { n = split($6, word, " "); for (i = 1; i <= n; i++) print $2, "--" $3 "=" word[i] }' \
	"$VFIOBENCH_BUILD/manual/options" >"$work/words"
n=0
while read -r verb rest; do
	case $verb in baseline) continue ;; esac
	option=${rest##* }
	# Nothing is measured: --help ends it once the options before it were understood.
	"$vfiobench" "$verb" "$option" --help >/dev/null 2>"$work/err" </dev/null || wrong "$verb refuses $option: $(head -1 "$work/err")"
	n=$((n + 1))
done <"$work/words"
[ $n -gt 20 ] || wrong "$n words only"

# A real terminal.
if command -v bash >/dev/null 2>&1 && command -v python3 >/dev/null 2>&1; then
	python3 - "$files/vfiobench" "$work/here" <<'PYTHON' || bad=1
import os, pty, select, sys, time

completions, folder = sys.argv[1:]
pid, fd = pty.fork()
if pid == 0:
    os.chdir(folder)
    os.environ.update(PS1="ready> ", TERM="dumb", INPUTRC="/dev/null")
    os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])

def read_until(text):
    got, end = "", time.monotonic() + 20
    while text not in got:
        left = end - time.monotonic()
        if left < 0 or not select.select([fd], [], [], left)[0]:
            sys.exit("in a terminal: no %r in %r" % (text, got))
        got += os.read(fd, 4096).decode()

read_until("ready> ")
os.write(fd, b". '" + completions.encode() + b"'\n")
read_until("\nready> ")
for typed, completed in (("vfiobench rep\t", "vfiobench report "),
                         ("--form\t", "--format="),
                         ("mark\t", "markdown "),
                         ("on\t", "one.json ")):
    os.write(fd, typed.encode())
    read_until(completed)
os.write(fd, b"\x15exit\n")
os.waitpid(pid, 0)
PYTHON
fi

if command -v zsh >/dev/null 2>&1; then
	zsh -n "$files/_vfiobench" || wrong 'zsh -n'
	# It loads where completions are set up.
	mkdir "$work/site"
	cp "$files/_vfiobench" "$work/site"
	HOME=$work ZDOTDIR=$work zsh -f -c "fpath=($work/site \$fpath); autoload -Uz compinit; compinit -u -D; print \${_comps[vfiobench]}" \
		>"$work/zsh" 2>&1
	grep -qx _vfiobench "$work/zsh" || wrong "zsh: $(cat "$work/zsh")"
else
	echo 'zsh is not here'
fi

if command -v fish >/dev/null 2>&1; then
	fish -n "$files/vfiobench.fish" || wrong 'fish -n'
	fish_offers() # EXPECTED LINE
	{
		got=$(cd "$work/here" && HOME=$work XDG_CONFIG_HOME=$work XDG_DATA_HOME=$work fish --no-config -c \
			"source '$files/vfiobench.fish'; complete -C '$2'" 2>&1 | cut -f 1 | sed 's/=$//' | sort | tr '\n' ' ' | sed 's/ $//')
		[ "$got" = "$1" ] || wrong "fish, $2: '$got' instead of '$1'"
	}
	fish_offers audit 'vfiobench au'
	fish_offers "$(printf '%s\n' $verbs | sort | tr '\n' ' ' | sed 's/ $//')" 'vfiobench '
	fish_offers 'quick soak standard' 'vfiobench run --profile '
	fish_offers '--strict' 'vfiobench compare --str'
	fish_offers 'list rm save show' 'vfiobench baseline '
	fish_offers '--session' 'vfiobench baseline rm --ses'
	fish_offers 'aio.headroom aio.max-nr' 'vfiobench tweaks aio.'
	fish_offers 'one.json' 'vfiobench report on'
	fish_offers 'folder/' 'vfiobench run -o '
else
	echo 'fish is not here'
fi
exit $bad
