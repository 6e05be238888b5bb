#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: the kernel finds out by itself what the TLB is like, and does well with any: the self-test prints the same lines,
# and random kernel calls end, with few ASIDs or none, few entries or many.
# Usage: asids.sh GUEST_CONSOLE MODEL KERNEL.elf FOLDER-OF-SERVERS FOLDER-OF-PROGRAMS
set -u
console=$1 model=$2 kernel=$3 servers=$4 programs=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

self_test() { # options of the console
	"$console" "$@" "$model" "$kernel" "" "$servers/sigma0-mips.elf" sigma0 "$servers/root-mips.elf" root \
		"$programs/self-test-mips.elf" self-test "$servers/demand-mips.elf" demand \
		"$servers/stacked-mips.elf" stacked "$servers/fs-f1-mips.elf" "fs-f1 first=16" \
		"$servers/fs-f2-mips.elf" "fs-f2 first=24" "$servers/fs-mips.elf" fs "$servers/serial-mips.elf" serial \
		"$servers/timer-mips.elf" timer
}

self_test >"$work/usual" 2>"$work/end"
n=1
grep -q 'claims hold' "$work/usual" && ok=ok || ok='not ok'
echo "$ok $n - the self-test ends on $model"
[ "$ok" = ok ] || sed 's/^/# /' "$work/end"
for key in tlb.asid_bits=0 tlb.asid_bits=1 tlb.asid_bits=2 tlb.entries=32 tlb.entries=256; do
	n=$((n + 1))
	self_test -s "$key" >"$work/here" 2>"$work/end"
	if cmp -s "$work/usual" "$work/here"; then echo "ok $n - the self-test prints the same lines with $key"
	else echo "not ok $n - the self-test prints the same lines with $key"; fi
	diff "$work/usual" "$work/here" | sed 's/^/# /'
done
for key in tlb.asid_bits=0 tlb.asid_bits=1 tlb.asid_bits=2; do
	n=$((n + 1))
	said=$("$console" -s "$key" "$model" "$kernel" "" "$servers/sigma0-mips.elf" sigma0 "$servers/root-mips.elf" root \
		"$programs/storm-mips.elf" "storm rounds=60 seed=$n" 2>&1)
	if echo "$said" | grep -q '^storm: over'; then echo "ok $n - random kernel calls end well with $key"
	else echo "not ok $n - random kernel calls end well with $key"; echo "$said" | tail -5 | sed 's/^/# /'; fi
done
echo "1..$n"
