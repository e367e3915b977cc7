# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# files.sh - the files of the source tree, for tests that look at all of them. To be sourced.

cd "${VFIOBENCH_SOURCE:?the root of the source tree}" || exit 1

# Paths from the root, one a line, that match one of the shell patterns: what git tracks or would,
# else (no git, an unpacked archive) everything outside of build folders.
files()
{
	if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$(pwd -P)" ]; then
		git ls-files --cached --others --exclude-standard -- "$@"
	else
		for pattern in "$@"; do
			find . -name .git -prune -o -path './build*' -prune -o -type f -name "$pattern" -print
		done | sed 's,^\./,,'
	fi | sort -u | while read -r path; do
		[ ! -f "$path" ] || printf '%s\n' "$path"
	done
}

# The same, for shell scripts: by name or by their first line.
scripts()
{
	files '*' | while read -r path; do
		case ${path##*/} in
		*.sh) echo "$path" ;;
		?*.*) ;;
		*) head -n 1 "$path" | grep -qE '^#!.*/(ba)?sh' && echo "$path" ;;
		esac
	done
}
