#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: programs without a kernel say under QEMU what they say in the simulated machine.
# Usage: bare.sh GUEST_CONSOLE FOLDER-OF-PROGRAMS
set -u
here=$(dirname "$0") console=$1 programs=$2 n=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

report() { # status text
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

# program, options, pattern of the last line, words for both machines
compare() {
	program=$1 options=$2 pattern=$3
	shift 3
	"$here/on-qemu" "$@" 20 "$pattern" "$programs/$program.elf" "$program $options" >"$work/qemu"
	case $? in
	77) n=$((n + 1)); echo "ok $n - $program # SKIP no qemu-system-i386"; return ;;
	0) report 0 "$program $options: ends under QEMU" ;;
	*) report 1 "$program $options: ends under QEMU" ;;
	esac
	"$console" "$@" pentium-90 "$programs/$program.elf" "$program $options" >"$work/here" 2>"$work/end"
	report $? "$program $options: ends in order in the simulated machine"
	cmp -s "$work/qemu" "$work/here"
	report $? "$program $options: says the same in both"
	diff "$work/qemu" "$work/here" | sed 's/^/# /'
	sed 's/^/# /' "$work/end"
}

compare bare-trap "count=10" "traps in all"
compare bare-segments "count=10" "switches"
compare bare-switch "data=31 code=1 count=10" "switches"
compare bare-switch "data=62 code=30 count=10 cold=1" "switches"
compare bare-cache "size=4096" "bytes"
seq 100000 | head -c 524288 >"$work/disk.img"
compare bare-disk "" "done" -d "$work/disk.img"
echo "1..$n"
