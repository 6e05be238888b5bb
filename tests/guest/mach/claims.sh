#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: a server of Mach that states claims: each, under QEMU; the simulated machine prints the same lines on each model;
# with the default pager in the kernel and out of it: the first model with every kernel, the others with one of them in turn.
# Usage: claims.sh [-r RUNNER] GUEST_CONSOLE MKFFS "NAME[,ARGUMENT...] [OPTION...]" PROGRAM.elf "MODEL..." KERNEL[:ELF]...
# ELF: where a kernel's probes are, if it is none itself.
#   -r  what stands for QEMU: on-qemu (a PC, the default), on-malta, or none
set -u
here=$(dirname "$0")/.. runner=on-qemu
[ "$1" = -r ] && runner=$2 && shift 2
console=$1 mkffs=$2 name=$3 program=$4 models=$5 n=0 turn=0
shift 5
kernels=$#
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$mkffs" -o "$work/disk.img" --size 12M /mach_servers/paging_file:zero=8M "/mach_servers/${name%%[, ]*}=$program" || exit 1

report() { # status text
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

# Of the models, those for kernel number $1, from 0.
deal() {
	i=0
	for model in $models; do
		[ $i -eq 0 ] || [ $((i % kernels)) -eq $1 ] && echo "$model"
		i=$((i + 1))
	done
}

for kernel; do
	probes=${kernel#*:} kernel=${kernel%%:*}
	[ "$probes" = "$kernel" ] && probes=
	form=$(basename "$kernel")
	status=77
	if [ "$runner" != none ]; then
		"$here/$runner" -d "$work/disk.img" 60 "claims hold" "$kernel" "server=$name" >"$work/qemu"
		status=$?
		[ $status -ne 77 ] || report 0 "$form: ends under QEMU # SKIP it is not installed"
	fi
	[ $status -eq 77 ] || report $status "$form: ends under QEMU"
	if [ $status -ne 77 ]; then
		grep '^not ok' "$work/qemu" | sed 's/^/# /'
		grep -q '^# \([0-9]*\) of \1 claims hold' "$work/qemu"
		report $? "$form: all claims hold under QEMU"
	fi
	for model in $(deal $turn); do
		"$console" -c 3000000000 ${probes:+-p "$probes"} -d "$work/disk.img" "$model" "$kernel" "server=$name" >"$work/here" 2>"$work/end"
		report $? "$form: all claims hold on $model"
		grep '^not ok' "$work/here" | sed 's/^/# /'
		if [ $status -ne 77 ]; then
			cmp -s "$work/qemu" "$work/here"
			report $? "$form: the same lines on $model"
			diff "$work/qemu" "$work/here" | head -20 | sed 's/^/# /'
		fi
		sed 's/^/# /' "$work/end"
	done
	turn=$((turn + 1))
done
echo "1..$n"
