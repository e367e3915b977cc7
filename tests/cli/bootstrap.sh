#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# bootstrap: usage, and what it asks package managers for. The package managers are stubs that
# write down how they were called; the tools that are "there" are links in one folder.
set -u

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
bin=$scratch/bin
calls=$scratch/calls
bad=0

wrong()
{
	echo "$*"
	sed 's/^/    /' "$scratch/out" "$scratch/err" "$calls"
	bad=1
}

stub() # NAME LINE...
{
	name=$1
	shift
	printf '%s\n' '#!/bin/sh' "$@" >"$bin/$name"
	chmod +x "$bin/$name"
}

# A machine with a shell and little more, user $1, package managers that know nothing.
machine()
{
	rm -rf "$bin" "$scratch/source"
	mkdir -p "$bin" "$scratch/source"
	cp "$VFIOBENCH_SOURCE/bootstrap" "$scratch/source/"
	for tool in sh dirname cat grep sed tr mkdir env getconf printf; do
		ln -s "$(command -v "$tool")" "$bin/$tool"
	done
	stub id "echo $1"
	for tool in apt-get dnf pacman; do
		stub "$tool" "echo \"$tool \$*\" >>'$calls'" 'exit 1'
	done
	: >"$calls"
}

# Everything is there: a pkg-config that knows all, a cmake whose build makes the program.
complete_machine()
{
	for tool in cc ninja gnuplot clang-format qemu-system-x86_64 libvirtd virsh cyclictest \
		shellcheck xmllint xz pkg-config trace-cmd perf promtool cmark-gfm \
		jsonschema mandoc groff man zsh fish; do
		stub "$tool" 'exit 0'
	done
	stub cmake "echo \"cmake \$*\" >>'$calls'" 'case $1 in --version) echo "cmake version 3.25.1" ;; esac'
	stub ctest "echo \"ctest \$*\" >>'$calls'" 'exit 8'
	mkdir -p "$scratch/source/build"
	cat >"$scratch/source/build/vfiobench" <<'END'
#!/bin/sh
for arg; do
	echo "<$arg>"
done
exit 3
END
	chmod +x "$scratch/source/build/vfiobench"
}

start() # FAMILY STATUS ARG...: run bootstrap, expect this exit status
{
	family=$1 expected=$2
	shift 2
	env -i PATH="$bin" VFIOBENCH_PACKAGES="$family" "$scratch/source/bootstrap" "$@" \
		>"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
	[ $status -eq "$expected" ] || wrong "bootstrap $*: exit status $status, not $expected"
}

called() # TEXT: some call of the package managers holds this
{
	grep -qF -- "$1" "$calls" || wrong "no call with: $1"
}

# Usage.
machine 0
start apt 0 --help
[ -s "$scratch/out" ] && [ ! -s "$scratch/err" ] || wrong "--help is for stdout"
grep -q '.\{81\}' "$scratch/out" && wrong "--help is wider than 80 columns"
start apt 2 frobnicate
[ ! -s "$scratch/out" ] && grep -q frobnicate "$scratch/err" || wrong "an unknown verb is to be named on stderr"
start apt 2
start apt 2 build extra
[ ! -s "$calls" ] || wrong "usage errors install nothing"

# Each family is asked for its own names, after one line that names them.
machine 0
start apt 2 run
grep -q '^bootstrap: installing through apt: gcc (C compiler)' "$scratch/err" || wrong "not announced"
called 'apt-get update'
called ' libjansson-dev '
called ' libcap-ng-dev '
grep -q qemu "$calls" && wrong "run needs no test tools"
start apt 2 test
called ' qemu-system-x86 '
called ' libvirt-clients '
grep -q 'still missing, please install: gcc' "$scratch/err" || wrong "does not say what is still missing"
machine 0
start dnf 2 test
called 'dnf install -y'
called ' jansson-devel '
called ' libcap-ng-devel '
machine 0
start pacman 2 test
called '--noconfirm gcc'
called ' jansson '
called ' util-linux-libs '

# No root: sudo; without it, the names to ask for.
machine 1000
start apt 2 run
[ ! -s "$calls" ] || wrong "called a package manager without rights"
grep -q '^bootstrap: neither root nor sudo.* libjansson-dev' "$scratch/err" || wrong "does not name the packages"
machine 1000
stub sudo "echo \"sudo \$*\" >>'$calls'" 'exit 1'
start dnf 2 run
called 'sudo dnf install'
machine 0
rm "$bin/apt-get" "$bin/dnf" "$bin/pacman"
start '' 2 run
grep -q 'please install' "$scratch/err" || wrong "does not say what to install without a package manager"

# All there: no package manager, options and exit status pass through, stdout is the program's.
machine 1000
complete_machine
start apt 3 run --label 'two words' -o x
printf '<%s>\n' run --label 'two words' -o x | diff - "$scratch/out" >/dev/null || wrong "arguments were changed"
grep -qE '^(apt-get|dnf|pacman|sudo)' "$calls" && wrong "installs although nothing is missing"
called "--preset dev --fresh -G Ninja"
start apt 8 test -L unit
called '-L unit'
rm "$bin/ninja"
stub make 'exit 0'
rm -f "$scratch/source/build/preset"
start apt 3 run
called '-G Unix Makefiles'

# Something wanted cannot be had: said once, then left alone.
machine 0
complete_machine
rm "$bin/gnuplot"
start apt 3 run
grep -q 'goes on without: gnuplot-nox' "$scratch/err" || wrong "does not say what is left out"
: >"$calls"
start apt 3 run
grep -q '^apt-get' "$calls" && wrong "asks again for what cannot be had"

# A cmake that is too old, a configuration that fails.
stub cmake 'echo "cmake version 3.22.1"'
start apt 2 run
grep -q '3.22.1 is too old' "$scratch/err" || wrong "an old cmake is not named"
stub cmake 'case $1 in --version) echo "cmake version 4.0.0" ;; *) echo boom; exit 1 ;; esac'
start apt 2 run
grep -q boom "$scratch/err" || wrong "does not show why the configuration failed"
exit $bad
