#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: the kernel stands random calls of several tasks that are killed in the middle of them, whatever its options.
# Usage: storm.sh GUEST_CONSOLE KERNEL.elf FOLDER-OF-SERVERS FOLDER-OF-PROGRAMS
set -u
console=$1 kernel=$2 servers=$3 programs=$4
n=0
for options in "spaces=pages tcb=4096" "spaces=pages tcb=1024" "spaces=segments tcb=4096" "spaces=segments tcb=1024 small=4"; do
	n=$((n + 1))
	said=$("$console" pentium-90 "$kernel" "$options" "$servers/sigma0.elf" sigma0 "$servers/root.elf" root \
		"$programs/storm.elf" "storm rounds=150 seed=$n" 2>&1)
	if echo "$said" | grep -q '^storm: over'; then echo "ok $n - random kernel calls end well with $options"
	else echo "not ok $n - random kernel calls end well with $options"; echo "$said" | tail -5 | sed 's/^/# /'; fi
done
echo "1..$n"
