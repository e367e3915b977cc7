#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The style tests can fail: each is run on a small clean tree and on the same tree with one fault.
set -u

tests=${VFIOBENCH_SOURCE:?}/tests
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tree=$scratch/tree
c_spdx='/* SPDX-License-Identifier: GPL-2.0-or-later */'
sh_spdx='# SPDX-License-Identifier: GPL-2.0-or-later'
bad=0

put() # PATH LINE...
{
	mkdir -p "$(dirname "$tree/$1")"
	path=$tree/$1
	shift
	printf '%s\n' "$@" >"$path"
}

clean_tree()
{
	rm -rf "$tree"
	mkdir -p "$tree/tests/lib" "$tree/build"
	cp "$tests/lib/files.sh" "$tree/tests/lib/"
	cp "$VFIOBENCH_SOURCE/.clang-format" "$tree/"
	put core/a.h "$c_spdx" 'int a(void);'
	put core/a.c "$c_spdx" '#include "core/a.h"' '' '#include <stdio.h>' '' \
		'int a(void)' '{' "$(printf '\treturn getchar();')" '}'
	put run.sh '#!/bin/sh' "$sh_spdx" 'echo hello'
	put build/vfiobench '#!/bin/sh' 'echo usage'
	chmod +x "$tree/build/vfiobench"
}

check() # NAME: exit status of this style test on the tree
{
	VFIOBENCH_SOURCE=$tree VFIOBENCH_BUILD=$tree/build sh "$tests/style/$1.sh" >"$scratch/out" 2>&1
}

# One fault: PATH gets these lines, NAME must say so by naming the file; then all is clean again.
fault() # NAME PATH LINE...
{
	name=$1
	case " $skipped " in *" $name "*) return ;; esac
	shift
	clean_tree
	put "$@"
	[ "$name" != help ] || chmod +x "$tree/$1"
	check "$name"
	status=$?
	if [ $status -eq 0 ] || [ $status -eq 77 ] || ! grep -qF "${1##*/}" "$scratch/out"; then
		echo "$name.sh: status $status for $1 with: $2 … ${3:-}"
		cat "$scratch/out"
		bad=1
	fi
}

include() # PATH INCLUDE: a file that must not include this
{
	fault includes "$1" "$c_spdx" "#include $2"
}

skipped=''
for script in "$tests"/style/*.sh; do
	name=$(basename "$script" .sh)
	[ "$name" != selftest ] || continue
	grep -q "^[[:space:]]*fault $name " "$0" || { echo "no fault is known for $name.sh"; bad=1; }
	clean_tree
	check "$name"
	case $? in
	0) ;;
	77) skipped="$skipped $name" ;;
	*) echo "$name.sh fails on a clean tree:" && cat "$scratch/out" && bad=1 ;;
	esac
done

fault includes core/a.c "$c_spdx" '#include <stdio.h>' '#include "core/a.h"'
include core/b.c '"a.h"'
include core/b.c '"../core/a.h"'
include core/b.c '"facts/aio.h"'
include core/b.c '<jansson.h>'
include core/doc.c '<hwloc.h>'
include facts/b.c '"probes/probe.h"'
include facts/b.c '<jansson.h>'
include probes/parse/b.c '"core/sysroot.h"'
include probes/parse/b.c '"core/doc.h"'
include probes/parse/b.c '<fcntl.h>'
include probes/b.c '"analyze/rule.h"'
fault includes probes/b.c "$c_spdx" '#include <hwloc.h>' '#include <pci/pci.h>'
include analyze/b.c '"core/sysroot.h"'
include analyze/b.c '"core/program.h"'
include analyze/b.c '"probes/probe.h"'
include analyze/b.h '<unistd.h>'
include report/b.c '"probes/probe.h"'
include report/b.c '"cli/verbs.h"'
include cli/b.c '<jansson.h>'
include tests/unit/b.c '"b.h"'
include elsewhere/b.c '"core/a.h"'

for call in strcpy strcat sprintf atoi atol strtok gets system popen; do
	fault banned core/b.c "$c_spdx" "int b = $call(c);"
done
fault banned docs/b.md "later: TO""DO"
fault banned core/b.c "$c_spdx" "/* FIX""ME: b */"
fault banned b.sh "$sh_spdx" "# X""XX"
slash=/
fault banned b.txt "see ${slash}work/main"
fault banned b.txt "${slash}tmp/w/x"

fault length core/b.c "$(awk 'BEGIN { for (i = 0; i < 601; i++) print "/* */" }')"
fault format core/b.c "$c_spdx" 'int  b;'
fault format core/b.h "$c_spdx" 'int b(void) { return 1; }'
fault spdx core/b.c 'int b;'
fault spdx core/b.h "$sh_spdx"
fault spdx b.cmake 'set(A b)'
fault spdx b '#!/bin/sh' 'echo hello'
fault shell b.sh "$sh_spdx" 'if true; then'
fault shell b '#!/bin/bash' "$sh_spdx" 'a=(1'
fault shell b '#!/bin/sh' "$sh_spdx" 'a=(1)'
fault help build/vfiobench '#!/bin/sh' 'echo usage; exit 1'
fault help build/vfiobench '#!/bin/sh' 'echo usage >&2'
fault help build/vfiobench-probe-b '#!/bin/sh' 'echo usage; echo oops >&2'
fault help build/vfiobench '#!/bin/sh' 'true'
fault help build/vfiobench '#!/bin/sh' 'printf "%081d\n" 1'

# No false alarms.
fine() # NAME PATH LINE...
{
	name=$1
	shift
	clean_tree
	put "$@"
	if ! check "$name"; then
		echo "$name.sh: false alarm for $1 with: $2 … ${3:-}"
		cat "$scratch/out"
		bad=1
	fi
}

fine includes core/doc.c "$c_spdx" '#include <jansson.h>'
fine includes probes/b.c "$c_spdx" '#include <hwloc.h>' '#include <hwloc/linux.h>' '#include "facts/cpu.h"'
fine includes analyze/b.c "$c_spdx" '#include "core/cpus.h"' '#include "facts/cpu.h"'
fine includes cli/b.c "$c_spdx" '#include "probes/probe.h"' '#include "report/text.h"'
fine banned core/b.c "$c_spdx" 'b = my_system(c) + d->gets(e) + strtok_r(f); /* the system (all of it) */'
fine banned b.txt "mktemp /tmp/b.XXXX""XX /sys/devices/virtual/workqueue /home/b${slash}work/c"
fine spdx core/b.S "$c_spdx" '	nop'
fine length core/b.c "$(awk 'BEGIN { for (i = 0; i < 401; i++) print "/* */" }')"
if ! grep -q '^core/b.c: 401' "$scratch/out"; then
	echo "length.sh does not mention a file of 401 lines"
	bad=1
fi

[ -z "$skipped" ] || echo "not tried here, they skip:$skipped"
exit $bad
