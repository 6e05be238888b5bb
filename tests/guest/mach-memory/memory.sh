#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: the kernel's memory from inside the kernel, under QEMU and on each model: the protocol of managers, claim by claim;
# and random use of memory by several threads against a model, on three seeds.
# Usage: memory.sh [-r RUNNER] GUEST_CONSOLE MEMORY.elf MANAGERS.elf MODEL...
#   -r  what stands for QEMU: on-qemu (a PC, the default), on-malta, or none
set -u
here=$(dirname "$0")/.. runner=on-qemu
[ "$1" = -r ] && runner=$2 && shift 2
console=$1 memory=$2 managers=$3 n=0
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The same on a machine that is not ours: 77 if there is none.
on_another() {
	[ "$runner" = none ] && return 77
	"$here/$runner" "$@"
}

report() { # status text
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

on_another 60 'managers: ok' "$managers" x >"$work/qemu"
status=$?
if [ $status -ne 77 ]; then
	report $status "managers: all claims hold under QEMU"
	[ $status -eq 0 ] || sed 's/^/# /' "$work/qemu"
fi
for model; do
	"$console" -c 16000000000 "$model" "$managers" x >"$work/here" 2>"$work/end"
	report $? "managers: all claims hold on $model"
	if [ $status -ne 77 ]; then
		tr -d '\r' <"$work/here" >"$work/lines"
		cmp -s "$work/qemu" "$work/lines"
		report $? "managers: the same claims on $model"
		diff "$work/qemu" "$work/lines" | head -20 | sed 's/^/# /'
	fi
	sed 's/^/# /' "$work/end"
done
for seed in 1 2 3; do
	if [ $status -ne 77 ]; then
		on_another 60 'memory: ok' "$memory" "seed=$seed pages=250 steps=3000" >"$work/qemu"
		result=$?
		report $result "memory: seed $seed under QEMU"
		[ $result -eq 0 ] || sed 's/^/# /' "$work/qemu"
	fi
	"$console" -c 16000000000 "$1" "$memory" "seed=$seed pages=250 steps=800" >"$work/here" 2>"$work/end"
	result=$?
	report $result "memory: seed $seed on $1"
	[ $result -eq 0 ] || sed 's/^/# /' "$work/here"
	sed 's/^/# /' "$work/end"
done
echo "1..$n"
