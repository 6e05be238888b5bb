#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: what becomes of a run whose program goes astray.
# Usage: endings.sh GUEST_CONSOLE MODEL KERNEL.elf FOLDER-OF-SERVERS FOLDER-OF-PROGRAMS SUFFIX-OF-PROGRAMS NUMBER
# NUMBER: of the exception that arithmetic makes there.
set -u
console=$1 model=$2 kernel=$3 servers=$4 programs=$5 suffix=$6 number=$7 n=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# how, exit, what the serial line or the end says, text
expect() {
	"$console" "$model" "$kernel" spaces=pages "$servers/sigma0$suffix.elf" sigma0 "$servers/root$suffix.elf" root \
		"$programs/astray$suffix.elf" "astray how=$1" >"$work/text" 2>&1
	status=$?
	n=$((n + 1))
	if [ $status -eq "$2" ] && grep -q "$3" "$work/text"; then echo "ok $n - $4"; else echo "not ok $n - $4"; fi
	sed 's/^/# /' "$work/text"
}

expect touch 1 "page fault: 300002" "a program that touches what is not its own ends the run"
expect divide 1 "exception: $number" "and so does one whose arithmetic cannot be done"
expect wait 1 "^deadlock" "a machine that nothing can wake is a deadlock"
expect loop 1 "^limit" "a program that runs for ever meets the limit"
expect code 1 "code 7" "a program's code is the run's"
expect nothing 0 "^ok" "a program that does nothing ends well"
echo "1..$n"
