#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: a program that is paged to a disk with faults.  Its memory comes back as it was, or it ends; nothing waits for ever.
# Usage: disk-faults.sh GUEST_CONSOLE MKFFS W7M.elf KERNEL[:ELF]...
set -u
console=$1 mkffs=$2 program=$3 n=0
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$mkffs" -o "$work/disk.img" --size 8M /mach_servers/paging_file:zero=5M /mach_servers/w7m="$program" || exit 1

report() { # status text
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; sed 's/^/# /' "$work/here" "$work/end"; fi
}

# Words for the machine; leaves what it said, and how it ended.
run() {
	"$console" -c 3000000000 ${probes:+-p "$probes"} -d "$work/disk.img" "$@" i386dx-25 "$kernel" \
		"server=w7m,pattern=a,pages=700 available=300" >"$work/here" 2>"$work/end"
}

has_ended() {
	grep -q 'the first server has ended' "$work/here" && grep -q '^failed the guest shut down with code 98' "$work/end"
}

for kernel; do
	probes=${kernel#*:} kernel=${kernel%%:*}
	[ "$probes" = "$kernel" ] && probes=
	form=$(basename "$kernel")
	run
	report $? "$form: with a sound disk the program finds its memory as it was"
	sum=$(grep checksum "$work/here")

	run -s "disk.lost=3000-3007 3040"
	[ $? -eq 0 ] && grep -q 'given up' "$work/here" && [ "$(grep checksum "$work/here")" = "$sum" ]
	report $? "$form: places that cannot be written are given up, and no page is lost"

	run -s "disk.bad=3000-3007"
	has_ended
	report $? "$form: a page that cannot be read again is an error of its task"

	for commands in 300 600 900; do
		run -s disk.stops_after=$commands
		has_ended && grep -q 'does not answer' "$work/here"
		report $? "$form: a disk that stops after $commands commands ends who needs it"
	done
done
echo "1..$n"
