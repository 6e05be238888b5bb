#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: bare-cpu's claims about the processor hold under QEMU, an independent machine, and in the simulated one on a
# model of each family; where QEMU skips a claim, the simulated processor has to fulfil it.
# Usage: cpu.sh GUEST_CONSOLE bare-cpu.elf MODEL...
set -u
here=$(dirname "$0") console=$1 program=$2 n=0
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

report() { # status text
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

# Of a run's lines: they are complete, and none is a failure.
judge() { # file text
	grep -q '^claims: [1-9][0-9]* passed, 0 failed' "$1" && ! grep -q '^not ok' "$1"
	report $? "$2: $(grep '^claims:' "$1" || echo 'the claims do not come to their end')"
	grep '^not ok' "$1" | sed 's/^/# /'
}

"$here/on-qemu" 60 '^claims: .* skipped' "$program" 'bare-cpu qemu' >"$work/qemu"
if [ $? -eq 77 ]; then
	n=$((n + 1))
	echo "ok $n - QEMU # SKIP no qemu-system-i386"
else
	judge "$work/qemu" QEMU
fi
for model in "$@"; do
	"$console" "$model" "$program" 'bare-cpu brief' >"$work/$model" 2>"$work/end"
	report $? "$model: the program ends in order ($(cat "$work/end"))"
	judge "$work/$model" "$model"
	grep -q ', 0 skipped$' "$work/$model"
	report $? "$model: skips nothing"
done
echo "1..$n"
