#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The Debian package, on a clean Debian 12: made, installed with what it depends on, used, purged; of
# vfiobench nothing stays. Where the running system takes its packages from, the clean one does too.
set -u
# What is mounted is seen by us alone, and gone with us however we end.
if [ "$(id -u)" -eq 0 ] && [ "${VFIOBENCH_MOUNTS:-}" != ours ]; then
	unshare --mount true || { echo "cannot have mounts of its own"; exit 77; }
	VFIOBENCH_MOUNTS=ours exec unshare --mount --propagation slave sh "$0"
fi
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_root
need_kvm
need_command debootstrap cmake dpkg-deb dpkg-shlibdeps apt-get chroot jq
grep -qx 'VERSION_CODENAME=bookworm' /etc/os-release || skip "this is not Debian 12: a package made here is of another one"
mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(SITE)' 'Created-By: Packages' |
	sed -n 's/^bookworm main //p' | head -n 1)
[ "$mirror" ] || skip "apt knows no place with Debian 12"

# quiet WHAT COMMAND...
quiet()
{
	what=$1
	shift
	"$@" >"$scratch/out" 2>&1 9>&- || { cat "$scratch/out"; fail "$what: exit status $?"; }
}

# inside COMMAND...: on the clean system, with an environment of its own
inside()
{
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive \
		http_proxy="${http_proxy:-}" VFIOBENCH_LIVE_TEST="$VFIOBENCH_LIVE_TEST" \
		timeout -k 5 200 chroot "$root" "$@"
}

# files FILE: all there is, but for what apt and dpkg keep of what they did
files()
{
	(cd "$root" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./var/cache/apt \
		-o -path ./var/lib/apt -o -path ./var/log \) -prune -o -print) | sort >"$1"
}

# --- A clean system, while the package is made.
root=$scratch/root
mkdir "$root"
debootstrap --variant=minbase bookworm "$root" "$mirror" >"$scratch/debootstrap" 2>&1 9>&- &
bootstrapping=$!
later "end_process $bootstrapping"
make_package()
{
	cd "$VFIOBENCH_SOURCE" && cmake --preset package -B "$scratch/build" -G "$generator" &&
		cmake --build "$scratch/build" --parallel "$(getconf _NPROCESSORS_ONLN)" &&
		pack package && pack again
}
pack() # FOLDER
{
	SOURCE_DATE_EPOCH=1700000000 cpack --config "$scratch/build/CPackConfig.cmake" -B "$scratch/$1"
}
generator='Unix Makefiles'
! command -v ninja >/dev/null 2>&1 || generator=Ninja
quiet "making the package" make_package
package=$(echo "$scratch"/package/*.deb)
[ -f "$package" ] || fail "no package: $package"
cmp "$package" "$scratch/again/${package##*/}" || fail "packed twice, it is not the same"
version=$(dpkg-deb -f "$package" Version)
if command -v lintian >/dev/null 2>&1; then
	lintian --allow-root --fail-on error,warning "$package" >"$scratch/out" 2>&1 9>&- || fail "lintian: $(cat "$scratch/out")"
fi
wait $bootstrapping || skip "no clean Debian 12 from $mirror: $(tail -n 1 "$scratch/debootstrap")"

# --- Installed there as anybody would, its kernel being this one.
for folder in proc sys dev; do
	mount --rbind "/$folder" "$root/$folder" || fail "cannot mount $folder"
	later "umount -R '$root/$folder' || umount -R -l '$root/$folder'"
done
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp "$package" "$root/root/vfiobench.deb"
quiet "apt-get update" inside apt-get update
files "$scratch/before"
inside dpkg-query -W -f '${Package}\n' | sort >"$scratch/packages.before"
quiet "installing" inside apt-get install -y --no-install-recommends /root/vfiobench.deb

# --- It works.
says=$(inside vfiobench --version 2>&1)
case $says in *"$version"*) ;; *) fail "--version says $says, the package is $version" ;; esac
quiet audit inside vfiobench audit
grep -qE 'advice|problem|pass' "$scratch/out" || { cat "$scratch/out"; fail "audit found nothing"; }
quiet "audit in JSON" inside vfiobench audit --json
jq -e '.findings | length > 100' "$scratch/out" >/dev/null || fail "audit: too few findings"
quiet probes inside vfiobench probes
inside vfiobench run --guest builtin --profile quick -o /root/result >"$scratch/run" 2>&1 9>&- ||
	fail "run: exit status $?: $(cat "$scratch/run")"
jq -e '.format == "vfiobench-result" and (.probes | length > 10)' "$root/root/result/result.json" >/dev/null ||
	fail "run: $(head -c 500 "$root/root/result/result.json")"
jq -r '.probes[] | select(.status == "failed") | .probe + ": " + .reason' "$root/root/result/result.json" >"$scratch/failed"
[ ! -s "$scratch/failed" ] || fail "run: $(cat "$scratch/failed")"
[ -s "$root/root/result/report.html" ] || fail "run: no page"
quiet "baseline save" inside vfiobench baseline save clean-debian /root/result
[ -s "$root/var/lib/vfiobench/baselines/clean-debian.json" ] || fail "no baseline: $(cat "$scratch/out")"
rm -rf "$root/root/result"

# --- Removed, what root saved is there; purged, nothing is.
quiet removing inside apt-get remove -y vfiobench
[ -s "$root/var/lib/vfiobench/baselines/clean-debian.json" ] || fail "baselines go when the package is removed"
quiet purging inside apt-get purge -y --autoremove vfiobench
inside dpkg-query -W -f '${Package}\n' | sort >"$scratch/packages.after"
files "$scratch/after"
diff "$scratch/packages.before" "$scratch/packages.after" >"$scratch/out" || fail "packages that stay: $(cat "$scratch/out")"
diff "$scratch/before" "$scratch/after" >"$scratch/out" || fail "files that stay: $(cat "$scratch/out")"
echo "vfiobench $version: $(dpkg-deb -f "$package" Depends)"
tail -n 3 "$scratch/run"
