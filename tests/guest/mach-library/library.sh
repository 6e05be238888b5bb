#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: the claims of the user library hold under both forms of the kernel, on the 386 and on one other processor each, and
# under QEMU, which all print the same; and the kernel withstands random requests.
# Usage: library.sh [-r RUNNER] [-m "MODEL..."] GUEST_CONSOLE DISK.img MACH.elf KERNEL...
# MACH.elf: the probes of a boot image without symbols
#   -r  what stands for QEMU: on-qemu (a PC, the default), on-malta, or none
#   -m  the first model, and the others of which each kernel gets one (i386dx-25 i486dx-50 pentium-90)
set -u
runner=on-qemu models='i386dx-25 i486dx-50 pentium-90'
while getopts r:m: option; do
	case $option in
	r) runner=$OPTARG ;;
	m) models=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
first=${models%% *} others=${models#* }
console=$1 disk=$2 mach=$3 n=0
shift 3
here=$(dirname "$0")/..
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

other=${others%% *} seed=1
for kernel; do
	for program in library y87 servers; do
		name="$program on $(basename "$kernel")"
		on_another -d "$disk" 60 "claims hold" "$kernel" "server=$program" >"$work/qemu"
		case $? in
		77)
			rm -f "$work/qemu"
			[ "$runner" = none ] || report 0 "$name ends under QEMU # SKIP it is not installed"
			;;
		0) report 0 "$name ends under QEMU" ;;
		*) report 1 "$name ends under QEMU" ;;
		esac
		for model in $first ${other#"$first"}; do
			"$console" -c 6000000000 -d "$disk" -p "$mach" "$model" "$kernel" "server=$program" \
				>"$work/here" 2>"$work/end"
			report $? "$name: all claims hold on $model"
			grep -h '^not ok' "$work/here" | sed 's/^/# /'
			sed 's/^/# /' "$work/end"
			[ -e "$work/qemu" ] || continue
			cmp -s "$work/qemu" "$work/here"
			report $? "$name: QEMU prints the same as $model"
			diff "$work/qemu" "$work/here" | head -20 | sed 's/^/# /'
		done
	done

	# What attackers do depends on the time that passes.
	for arguments in "seed=$seed" "seed=3,managers=1,attackers=5 available=300"; do
		"$console" -c 12000000000 -d "$disk" -p "$mach" "${others%% *}" "$kernel" "server=requests,$arguments" \
			>"$work/here" 2>"$work/end"
		report $? "whatever tasks do, $(basename "$kernel") goes on, and memory comes back ($arguments)"
		sed 's/^/# /' "$work/here" "$work/end"
	done
	other=${others##* } seed=2
done
echo "1..$n"
