#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# cmake --install: all of it, below the prefix and nowhere else, and the tree works where it is moved to.
set -u

build=${VFIOBENCH_BUILD:?}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
bad=0
wrong()
{
	echo "$*"
	bad=1
}

prefix=$(sed -n 's/^CMAKE_INSTALL_PREFIX:PATH=//p' "$build/CMakeCache.txt")
setting() # NAME DEFAULT: a folder of GNUInstallDirs
{
	value=$(sed -n "s/^CMAKE_INSTALL_$1:PATH=//p" "$build/CMakeCache.txt")
	case ${value:-$2} in /*) echo "${value#"$prefix/"}" ;; *) echo "${value:-$2}" ;; esac
}
cp "$build/install_manifest.txt" "$scratch/manifest" 2>/dev/null
DESTDIR=$scratch/dest cmake --install "$build" >"$scratch/out" 2>&1 || { cat "$scratch/out"; exit 1; }
if [ -e "$scratch/manifest" ]; then
	cp "$scratch/manifest" "$build/install_manifest.txt"
else
	rm -f "$build/install_manifest.txt"
fi
find "$scratch/dest" -type f ! -path "$scratch/dest$prefix/*" | grep . && wrong "outside of $prefix"

tree=$scratch/moved
mv "$scratch/dest$prefix" "$tree"
bin=$tree/$(setting BINDIR bin) libexec=$tree/$(setting LIBEXECDIR libexec)/vfiobench
share=$tree/$(setting DATADIR share) man=$tree/$(setting MANDIR share/man)/man1

# --- All of it.
has() # FILE...
{
	for file in "$@"; do
		[ -s "$file" ] || wrong "missing: $file"
	done
}
has "$libexec/vfiobench-microguest" "$man/vfiobench.1" "$share/bash-completion/completions/vfiobench" \
	"$share/zsh/site-functions/_vfiobench" "$share/fish/vendor_completions.d/vfiobench.fish" \
	"$share/vfiobench/baselines/gaming-audio.budget" "$share/vfiobench/contrib/systemd/vfiobench.service" \
	"$share/doc/vfiobench/README.md" "$share/doc/vfiobench/examples/README.md"
for file in "$build"/vfiobench-probe-*; do
	has "$libexec/${file##*/}"
done
for file in "$build"/manual/schema/*; do
	has "$share/vfiobench/schema/${file##*/}"
done
"$bin/vfiobench" --help | awk '/^  [a-z]/ { print $1 }' >"$scratch/verbs"
[ -s "$scratch/verbs" ] || wrong "no verbs"
while read -r verb; do
	has "$man/vfiobench-$verb.1"
done <"$scratch/verbs"

# --- Nothing of the folder it was built in, and links that lead somewhere.
grep -rlI -e "$build" -e "$scratch" "$tree" && wrong "names where it was built"
find -L "$tree" -type l | grep . && wrong "links to nothing"
find "$tree" ! -type l -perm /022 | grep . && wrong "others may write there"
grep -q "^ExecStart=$prefix/.*/vfiobench run" "$share/vfiobench/contrib/systemd/vfiobench.service" ||
	wrong "the unit starts another program"

# --- The programs beside it are the ones it starts.
mkdir "$scratch/empty"
printf '#!/bin/sh\n: >"%s/started"\nexit 3\n' "$scratch" >"$libexec/vfiobench-probe-clock"
"$bin/vfiobench" audit --json --sysroot "$scratch/empty" >"$scratch/out" 2>&1 || wrong "audit: $(cat "$scratch/out")"
[ -e "$scratch/started" ] || wrong "a tree that was moved starts probes of another"
exit $bad
