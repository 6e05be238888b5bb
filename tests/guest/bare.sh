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

# program, options, pattern of the last line
compare() {
	"$here/on-qemu" 20 "$3" "$programs/$1.elf" "$1 $2" >"$work/qemu"
	case $? in
	77) n=$((n + 1)); echo "ok $n - $1 # SKIP no qemu-system-i386"; return ;;
	0) report 0 "$1 $2: ends under QEMU" ;;
	*) report 1 "$1 $2: ends under QEMU" ;;
	esac
	"$console" pentium-90 "$programs/$1.elf" "$1 $2" >"$work/here" 2>"$work/end"
	report $? "$1 $2: ends in order in the simulated machine"
	cmp -s "$work/qemu" "$work/here"
	report $? "$1 $2: says the same in both"
	diff "$work/qemu" "$work/here" | sed 's/^/# /'
	sed 's/^/# /' "$work/end"
}

compare bare-trap "count=10" "traps in all"
compare bare-segments "count=10" "switches"
compare bare-switch "data=31 code=1 count=10" "switches"
compare bare-switch "data=62 code=30 count=10 cold=1" "switches"
compare bare-cache "size=4096" "bytes"
echo "1..$n"
