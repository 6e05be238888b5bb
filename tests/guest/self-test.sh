#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: the kernel's self-test under QEMU, claim by claim; and the simulated machine prints the same lines.
# Usage: self-test.sh GUEST_CONSOLE KERNEL.elf FOLDER-OF-SERVERS FOLDER-OF-PROGRAMS OPTIONS MODEL...
set -u
here=$(dirname "$0") console=$1 kernel=$2 servers=$3 programs=$4 options=$5
shift 5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

with_modules() { # command, and what stands before the modules
	"$@" "$servers/sigma0.elf" sigma0 "$servers/root.elf" root "$programs/self-test.elf" self-test \
		"$servers/demand.elf" demand "$servers/stacked.elf" stacked "$servers/fs-f1.elf" "fs-f1 first=16" \
		"$servers/fs-f2.elf" "fs-f2 first=24" "$servers/fs.elf" fs "$servers/serial.elf" serial "$servers/timer.elf" timer
}

with_modules "$here/on-qemu" 60 "claims hold" "$kernel" "$options" >"$work/qemu"
case $? in
77) echo "1..0 # SKIP no qemu-system-i386"; exit 0 ;;
0) ended=ok ;;
*) ended="not ok" ;;
esac
grep -E '^(ok|not ok) ' "$work/qemu"
n=$(grep -cE '^(ok|not ok) ' "$work/qemu")
n=$((n + 1))
echo "$ended $n - self-test: ends under QEMU within 60 s"

for model; do
	n=$((n + 1))
	with_modules "$console" "$model" "$kernel" "$options" >"$work/here" 2>"$work/end"
	if cmp -s "$work/qemu" "$work/here"; then echo "ok $n - self-test: the same lines on $model"
	else echo "not ok $n - self-test: the same lines on $model"; fi
	diff "$work/qemu" "$work/here" | sed 's/^/# /'
	sed 's/^/# /' "$work/end"
done
echo "1..$n"
