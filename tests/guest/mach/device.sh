#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: what the device service promises, claim by claim, under QEMU; the simulated machine prints the same lines.  Then
# disks with faults, which only the simulated machine has.
# Usage: device.sh [-r RUNNER] [-m MODEL] GUEST_CONSOLE MKFFS PROGRAM.elf KERNEL[:ELF]...
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
here=$(dirname "$0")/.. console=$1 mkffs=$2 program=$3 n=0
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

# A file system of 8 MiB, and 1 MiB of nothing behind it.
"$mkffs" -o "$work/disk.img" --size 8M /mach_servers/paging_file:zero=5M /mach_servers/device="$program" || exit 1
truncate -s 9M "$work/disk.img"
from=16384

for kernel; do
	probes=${kernel#*:} kernel=${kernel%%:*}
	[ "$probes" = "$kernel" ] && probes=
	name=$(basename "$kernel")
	on_another -d "$work/disk.img" 40 "claims hold" "$kernel" "server=device,from=$from" >"$work/qemu"
	case $? in
	77) [ "$runner" = none ] || report 0 "$name: ends under QEMU # SKIP it is not installed" ;;
	0) report 0 "$name: ends under QEMU" ;;
	*) report 1 "$name: ends under QEMU" ;;
	esac
	"$console" -c 12000000000 ${probes:+-p "$probes"} -d "$work/disk.img" "$model" "$kernel" "server=device,from=$from" >"$work/here" 2>"$work/end"
	report $? "$name: all claims hold in the simulated machine"
	grep -h '^not ok' "$work/qemu" "$work/here" | sed 's/^/# /'
	if [ -s "$work/qemu" ]; then
		cmp -s "$work/qemu" "$work/here"
		report $? "$name: the same lines in both"
		diff "$work/qemu" "$work/here" | head -20 | sed 's/^/# /'
	fi
	sed 's/^/# /' "$work/end"

	"$console" -c 12000000000 ${probes:+-p "$probes"} -d "$work/disk.img" "$model" "$kernel" "server=device,from=$from device_write=pool" \
		>"$work/pool" 2>"$work/end"
	report $? "$name: all claims hold with one thread for all writers, while there is memory"
	sed 's/^/# /' "$work/end"

	"$console" -c 12000000000 ${probes:+-p "$probes"} -d "$work/disk.img" -i "$(printf 'keys\nkeys\n.')" "$model" "$kernel" \
		"server=device,from=$from,type=yes" >"$work/here" 2>"$work/end"
	report $? "$name: what is typed is read from the console"
	grep -h '^not ok' "$work/here" | sed 's/^/# /'
	sed 's/^/# /' "$work/end"

	paged="server=device,from=$from,pages=600 available=300"
	"$console" -c 12000000000 ${probes:+-p "$probes"} -d "$work/disk.img" "$model" "$kernel" "$paged" >"$work/here" 2>"$work/end"
	report $? "$name: what is paged out is written in its caller's context"
	sed 's/^/# /' "$work/end"
	"$console" -c 12000000000 ${probes:+-p "$probes"} -d "$work/disk.img" "$model" "$kernel" "$paged device_write=pool" \
		>"$work/here" 2>"$work/end"
	grep -q '^deadlock .* device_write waits for ' "$work/end"
	report $? "$name: and with one thread for all writers everybody waits for it, for ever (GD91 5.6)"
	sed 's/^/# /' "$work/end"

	"$console" -c 12000000000 ${probes:+-p "$probes"} -d "$work/disk.img" -s "disk.bad=$((from + 10))" -s "disk.lost=$((from + 20))" \
		"$model" "$kernel" "server=device,from=$from,fault=bad" >"$work/here" 2>"$work/end"
	report $? "$name: records that cannot be read or written are errors, and nothing else is"
	grep -h '^not ok' "$work/here" | sed 's/^/# /'
	sed 's/^/# /' "$work/end"
	"$console" -c 12000000000 ${probes:+-p "$probes"} -d "$work/disk.img" -s disk.stops_after=200 \
		"$model" "$kernel" "server=device,from=$from,fault=stop" >"$work/here" 2>"$work/end"
	report $? "$name: a disk that stops answering is down"
	grep -h '^not ok' "$work/here" | sed 's/^/# /'
	sed 's/^/# /' "$work/end"
done
echo "1..$n"
