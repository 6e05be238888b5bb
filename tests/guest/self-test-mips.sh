#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: L4's self-test on QEMU's Malta, claim by claim, with a 4Kc (a TLB of 16 entries) and an R4000 (of 48); and the
# simulated machine prints the same lines, the R4000's kernel and the R3000's.
# Usage: self-test-mips.sh GUEST_CONSOLE MAKEMODULES FOLDER-OF-KERNELS FOLDER-OF-SERVERS FOLDER-OF-PROGRAMS MODEL...
set -u
here=$(dirname "$0") console=$1 makemodules=$2 kernels=$3 servers=$4 programs=$5 n=0
shift 5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

report() { # status text
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

with_modules() { # command, and what stands before the modules
	"$@" "$servers/sigma0-mips.elf" sigma0 "$servers/root-mips.elf" root "$programs/self-test-mips.elf" self-test \
		"$servers/demand-mips.elf" demand "$servers/stacked-mips.elf" stacked "$servers/fs-f1-mips.elf" "fs-f1 first=16" \
		"$servers/fs-f2-mips.elf" "fs-f2 first=24" "$servers/fs-mips.elf" fs "$servers/serial-mips.elf" serial \
		"$servers/timer-mips.elf" timer
}

expected=
for cpu in 4Kc R4000; do
	with_modules "$here/on-malta" -c $cpu -m "$makemodules" 60 "claims hold" "$kernels/l4-r4000.elf" "" >"$work/$cpu"
	case $? in
	77) n=$((n + 1)); echo "ok $n - QEMU's $cpu # SKIP it is not installed"; continue ;;
	0) report 0 "self-test: ends on QEMU's $cpu within 60 s" ;;
	*) report 1 "self-test: ends on QEMU's $cpu within 60 s" ;;
	esac
	! grep -q '^not ok' "$work/$cpu"
	report $? "self-test: $(grep 'claims hold' "$work/$cpu") on QEMU's $cpu"
	grep '^not ok' "$work/$cpu" | sed 's/^/# /'
	expected=${expected:-$work/$cpu}
done

for model; do
	case $model in
	r4*) kernel=$kernels/l4-r4000.elf ;;
	*) kernel=$kernels/l4-r3000.elf ;;
	esac
	with_modules "$console" "$model" "$kernel" "" >"$work/$model" 2>"$work/end"
	report $? "self-test: ends in order on $model ($(cat "$work/end"))"
	expected=${expected:-$work/$model} # without QEMU: the models among themselves
	cmp -s "$expected" "$work/$model"
	report $? "self-test: the same lines on $model"
	diff "$expected" "$work/$model" | sed 's/^/# /'
done
echo "1..$n"
