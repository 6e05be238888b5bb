#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: the soak (scenarios/programs/mach/soak), some seconds of it, on some seeds in both forms of the kernel, with less
# memory than is used.  The disk is fast, so that the processor has something to do.
# Usage: soak.sh [-r RUNNER] [-m MODEL] [-s "SEED..."] GUEST_CONSOLE MKFFS PROGRAM.elf KERNEL[:ELF]...
# ELF: where a kernel's probes are, if it is none itself.
#   -r  is not looked at;  -m  the model (i386dx-25);  -s  seeds (1 2 3)
set -u
model=i386dx-25 seeds='1 2 3'
while getopts r:m:s: option; do
	case $option in
	r) ;; # the machine that is not ours has no fast disk
	m) model=$OPTARG ;;
	s) seeds=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
console=$1 mkffs=$2 program=$3 n=0
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$mkffs" -o "$work/disk.img" --size 12M /mach_servers/paging_file:zero=8M "/mach_servers/soak=$program" || exit 1

for kernel; do
	probes=${kernel#*:} kernel=${kernel%%:*}
	[ "$probes" = "$kernel" ] && probes=
	for seed in $seeds; do
		"$console" -c 12000000000 ${probes:+-p "$probes"} -d "$work/disk.img" -s disk.seek.track=100us \
			-s disk.seek.average=200us -s disk.seek.full=300us -s disk.command=50us -s disk.rpm=36000 "$model" \
			"$kernel" "server=soak,seed=$seed,seconds=4 available=280 check=pages" >"$work/out" 2>"$work/end"
		status=$? n=$((n + 1))
		if [ $status -eq 0 ]; then result=ok; else result="not ok"; fi
		echo "$result $n - $(basename "$kernel"): seed $seed: each byte is as it must be, and nothing is lost"
		[ $status -eq 0 ] || sed 's/^/# /' "$work/out"
		tail -1 "$work/end" | sed 's/^/# /'
	done
done
echo "1..$n"
