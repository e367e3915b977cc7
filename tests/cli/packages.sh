#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the packages for other systems repeat is what CMakeLists.txt and bootstrap say: the version, the
# libraries to build with.
set -u
cd "${VFIOBENCH_SOURCE:?}" || exit 1
spec=contrib/rpm/vfiobench.spec pkgbuild=contrib/arch/PKGBUILD
bad=0
wrong()
{
	echo "$*"
	bad=1
}

version=$(sed -n 's/^project(.* VERSION \([0-9.]*\) .*/\1/p' CMakeLists.txt)
[ "$version" ] || wrong "CMakeLists.txt: no version"
grep -qx "pkgver=$version" $pkgbuild || wrong "$pkgbuild: not version $version"
grep -q "^Version: *$version\$" $spec || wrong "$spec: not version $version"
grep -qF " vfiobench-$version.tar.gz" $spec || wrong "$spec: packs another version"

libraries=$(sed -n 's/^\t*pkg_check_modules([A-Z0-9]* \(REQUIRED \)*IMPORTED_TARGET \(.*\))$/\2/p' CMakeLists.txt)
[ "$libraries" ] || wrong "CMakeLists.txt: no libraries"
for library in $libraries; do
	grep -qxF "BuildRequires:  pkgconfig($library)" $spec || wrong "$spec: no pkgconfig($library)"
done
packages=" $(bash -c ". ./$pkgbuild && echo \"\${depends[*]} \${checkdepends[*]}\"") "
needed=$(sed -n 's/^lib:.*/&/p' bootstrap | cut -d '|' -f 4)
[ "$(echo "$needed" | wc -w)" -ge 10 ] || wrong "bootstrap: packages of libraries are '$needed'"
for package in $needed; do
	case $packages in *" $package "*) ;; *) wrong "$pkgbuild: no $package" ;; esac
done
exit $bad
