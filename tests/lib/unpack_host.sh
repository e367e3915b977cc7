#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# unpack_host.sh FILE.host DIR: makes the tree that a bundle describes in the new or empty directory DIR.
set -u
[ $# -eq 2 ] || { echo "usage: $0 FILE.host DIR" >&2; exit 2; }
exec "${VFIOBENCH_BUILD:?}/vfiobench" capture --unpack "$2" "$1"
