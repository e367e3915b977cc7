#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every C file is as clang-format leaves it. Versions differ in details: one version decides.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/files.sh"

wanted=14
for tool in "clang-format-$wanted" clang-format ''; do
	command -v "${tool:-true}" >/dev/null 2>&1 && break
done
if [ -z "$tool" ]; then
	echo "clang-format is not installed"
	exit 77
fi
version=$("$tool" --version | sed -n 's/.*version \([0-9]*\).*/\1/p')
if [ "$version" != "$wanted" ]; then
	echo "clang-format is version $version, the tree is formatted by version $wanted"
	exit 77
fi
files '*.c' '*.h' | xargs -r "$tool" --dry-run -Werror
