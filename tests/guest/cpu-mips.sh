#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: bare-cpu's claims about MIPS processors hold under QEMU (R4000) and GXemul (R3000), independent machines, and in
# the simulated one on each model; where an emulator skips a claim, the simulated processor has to fulfil it.
# Usage: cpu-mips.sh GUEST_CONSOLE bare-cpu-r3000.elf bare-cpu-r4000.elf MODEL[,KEY=VALUE]......
set -u
here=$(dirname "$0") console=$1 r3000=$2 r4000=$3 n=0
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

report() { # status text
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

# Of a run's lines: they are complete, and none is a failure.
judge() { # file text
	grep -q '^claims: [1-9][0-9]* passed, 0 failed' "$1" && ! grep -q '^not ok' "$1"
	report $? "$2: $(grep '^claims:' "$1" || echo 'the claims do not come to their end')"
	grep '^not ok' "$1" | sed 's/^/# /'
}

elsewhere() { # text, runner, its arguments...
	name=$1
	shift
	"$@" >"$work/elsewhere"
	if [ $? -eq 77 ]; then
		n=$((n + 1))
		echo "ok $n - $name # SKIP it is not installed"
	else
		judge "$work/elsewhere" "$name"
	fi
}

end='^claims: .* skipped'
elsewhere "QEMU's 4Kc" "$here/on-malta" 60 "$end" "$r4000" "qemu brief"
elsewhere "QEMU's R4000" "$here/on-malta" -c R4000 60 "$end" "$r4000" "qemu brief"
elsewhere "GXemul's R3000" "$here/on-gxemul" 60 "$end" "$r3000" "gxemul brief"
for model in "$@"; do
	case $model in
	r4*) program=$r4000 ;;
	*) program=$r3000 ;;
	esac
	keys=$(echo "$model" | tr ',' '\n' | sed -n '2,$s/^/-s /p')
	# shellcheck disable=SC2086 # $keys are words, or nothing
	"$console" $keys "${model%%,*}" "$program" brief >"$work/here" 2>"$work/end"
	report $? "$model: the program ends in order ($(cat "$work/end"))"
	judge "$work/here" "$model"
	grep -q ', 0 skipped$' "$work/here"
	report $? "$model: skips nothing"
done
echo "1..$n"
