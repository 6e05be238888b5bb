#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: the default pager in a booted system, in both forms of the kernel: under QEMU and in the simulated machine, which
# say the same; then with little paging space, and with disks that have faults.
# Usage: pager.sh GUEST_CONSOLE MKFFS PROGRAM.elf KERNEL[:ELF]...
# ELF: where a kernel's probes are, if it is none itself.
set -u
here=$(dirname "$0")/.. console=$1 mkffs=$2 program=$3 n=0
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

report() { # status text
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

for size in 8M 512K; do
	"$mkffs" -o "$work/$size" --size 12M "/mach_servers/paging_file:zero=$size" /mach_servers/pager="$program" ||
		exit 1
done

simulate() { # text disk options [console's options]: all claims hold
	text=$1 disk=$2 options=$3
	shift 3
	"$console" -c 8000000000 ${probes:+-p "$probes"} "$@" -d "$work/$disk" i386dx-25 "$kernel" \
		"$options available=250" > "$work/here" 2> "$work/end"
	report $? "$form: $text"
	grep '^not ok' "$work/here" | sed 's/^/# /'
	sed 's/^/# /' "$work/end"
}

for kernel; do
	probes=${kernel#*:} kernel=${kernel%%:*}
	[ "$probes" = "$kernel" ] && probes=
	form=$(basename "$kernel")
	simulate "all claims hold" 8M server=pager
	"$here/on-qemu" -d "$work/8M" 60 "claims hold" "$kernel" "available=250 server=pager" > "$work/qemu"
	status=$?
	if [ $status -ne 77 ]; then
		report $status "$form: ends under QEMU"
		grep -v '^# [0-9]* intact' "$work/qemu" > "$work/one"
		grep -v '^# [0-9]* intact' "$work/here" > "$work/other"
		cmp -s "$work/one" "$work/other"
		report $? "$form: QEMU and the simulated machine say the same"
		diff "$work/one" "$work/other" | head -20 | sed 's/^/# /'
	fi
	simulate "a full paging space loses what has no room, and nothing else" 512K server=pager,loss=1
	[ "$(grep -c 'default pager: there is no room in the paging space' "$work/here")" = 1 ]
	report $? "$form: a full paging space is said once"
	# Faulty places take long: each kind in one form, as what the pager does about them is the same in both.
	if [ "$form" = mk63.elf ]; then
		simulate "sectors that cannot be written are replaced" 8M server=pager,bad=1 \
			-s "disk.lost=5000-5015 5800 6400-6420"
	else
		simulate "sectors that cannot be read any more are errors" 8M server=pager,loss=1 \
			-s "disk.bad=2000 2500 3000 3500 4000 4500 5000 5500 6000 6500 7000"
	fi
	simulate "a disk that stops answering is an error for each page that is on it" 8M server=pager,loss=1 \
		-s disk.stops_after=150
done
echo "1..$n"
