#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: tasks that do anything at all with messages and rights, on several seeds, in both forms of the kernel.
# Usage: ipc-storm.sh [-r RUNNER] [-m MODEL] GUEST_CONSOLE MKFFS PROGRAM.elf KERNEL[:ELF]...
# ELF: where a kernel's probes are, if it is none itself.
#   -r  what stands for QEMU: on-qemu (a PC, the default), on-malta, or none;  -m  the model (i386dx-25)
set -u
runner=on-qemu model=i386dx-25
while getopts r:m: option; do
	case $option in
	r) runner=$OPTARG ;;
	m) model=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
console=$1 mkffs=$2 program=$3 n=0
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$mkffs" -o "$work/disk.img" --size 12M /mach_servers/paging_file:zero=8M "/mach_servers/ipc-storm=$program" || exit 1

for kernel; do
	probes=${kernel#*:} kernel=${kernel%%:*}
	[ "$probes" = "$kernel" ] && probes=
	for seed in 1 2; do
		"$console" -c 12000000000 ${probes:+-p "$probes"} -d "$work/disk.img" "$model" "$kernel" \
			"server=ipc-storm,seed=$seed,rounds=2" >"$work/out" 2>"$work/end"
		status=$? n=$((n + 1))
		if [ $status -eq 0 ]; then result=ok; else result="not ok"; fi
		echo "$result $n - $(basename "$kernel"): seed $seed leaves the kernel as it was"
		grep '^not ok' "$work/out" | sed 's/^/# /'
		sed 's/^/# /' "$work/end"
	done
done
echo "1..$n"
