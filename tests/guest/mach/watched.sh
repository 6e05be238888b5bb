#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: what the machine sees of Mach's tasks: programs from the disk and the boot image's kernel are known by their
# content; threads that wait for ever are found and named.
# Usage: watched.sh GUEST_CONSOLE MKFFS MK63.elf MACH.boot MACH.elf BOOTSTRAP.elf W7M.elf
set -u
console=$1 mkffs=$2 mk63=$3 boot=$4 mach=$5 bootstrap=$6 w7m=$7 n=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

claim() { # "text" command...
	text=$1
	n=$((n + 1))
	shift
	if "$@"; then echo "ok $n - $text"; else
		echo "not ok $n - $text"
		tail -5 "$work/end" | cut -c1-300 | sed 's/^/# /'
	fi
}
run() { # options... -- kernel arguments
	"$console" -c 3000000000 -d "$work/disk.img" -f "$@" >"$work/out" 2>"$work/end"
}
fired() { # how often a probe did; nothing for one that nobody knows
	awk -v name="$1" '$2 == name && NF == 2 { print $1 }' "$work/end"
}
is() { [ "$(fired "$1")" = "$2" ]; }
more() { [ "$(fired "$1")" -gt "$2" ]; }
ends() { tail -1 "$work/end" | grep -q "^$1"; }

"$mkffs" -o "$work/disk.img" --size 14M /mach_servers/paging_file:zero=9M /mach_servers/w7m="$w7m" || exit 1
arguments="server=w7m,pattern=a,pages=400,compute=1 available=300"

run -p "$w7m" i386dx-25 "$mk63" "$arguments"
claim "mk63: the program ends well" ends ok
claim "mk63: its probes fire, once each" is w7m:begin 1
claim "mk63: pages went in and out" more page_in 100
mk63_pages=$(fired zero_fill)

run -p "$mach" -p "$bootstrap" -p "$w7m" i386dx-25 "$boot" "$arguments"
claim "mach.boot: the program ends well" ends ok
claim "mach.boot: the kernel's probes fire, though its image has no symbols" more zero_fill $((mk63_pages - 100))
claim "mach.boot: the bootstrap's fire" more mutex_lock 500
claim "mach.boot: as many locks as unlocks" is mutex_unlock "$(fired mutex_lock)"
claim "mach.boot: the program's fire" is w7m:begin 1

run -r 0 -p "$mach" -p "$bootstrap" -p "$w7m" i386dx-25 "$boot" "$arguments"
whole=$(grep '^digest ' "$work/end")
for cycle in 30000017 70000003 150000001; do
	run -r $cycle -p "$mach" -p "$bootstrap" -p "$w7m" i386dx-25 "$boot" "$arguments"
	claim "mach.boot: from a snapshot at cycle $cycle to the same digest" test "$(grep '^digest ' "$work/end")" = "${whole:-none}"
done

run -p "$bootstrap" i386dx-25 "$boot" "$arguments"
claim "mach.boot: a kernel that nobody knows cannot say that it is done" ends deadlock
claim "mach.boot: nor anything else" is zero_fill ''
claim "mach.boot: the bootstrap's probes fire all the same" more mutex_lock 500

run -p "$mach" i386dx-25 "$boot" "$arguments pager=unwired"
claim "a pager that can be paged out: deadlock" ends deadlock
claim "it names the pageout daemon" ends 'deadlock .*thread [0-9]* pageout (daemon) waits for [a-z ]*(event'
claim "and who waits for memory" ends 'deadlock .* waits for memory (event'
echo "1..$n"
