#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: the kernel stands random calls of several tasks that are killed in the middle of them, whatever its options.
# Usage: storm.sh GUEST_CONSOLE MODEL KERNEL.elf FOLDER-OF-SERVERS FOLDER-OF-PROGRAMS SUFFIX-OF-PROGRAMS "OPTIONS"...
set -u
console=$1 model=$2 kernel=$3 servers=$4 programs=$5 suffix=$6
shift 6
n=0
for options; do
	n=$((n + 1))
	said=$("$console" "$model" "$kernel" "$options" "$servers/sigma0$suffix.elf" sigma0 "$servers/root$suffix.elf" root \
		"$programs/storm$suffix.elf" "storm rounds=150 seed=$n" 2>&1)
	if echo "$said" | grep -q '^storm: over'; then echo "ok $n - random kernel calls end well with $options"
	else echo "not ok $n - random kernel calls end well with $options"; echo "$said" | tail -5 | sed 's/^/# /'; fi
done
echo "1..$n"
