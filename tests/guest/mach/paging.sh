#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: GD91's workload, all 7 MB of it in 2.5 MB of memory (§7.2), comes back from an IDE disk as it was: in both forms of the
# kernel, under QEMU and in the simulated machine, with the checksum that is computed here.
# Usage: paging.sh [-r RUNNER] [-m MODEL] GUEST_CONSOLE MKFFS W7M.elf KERNEL[:ELF]...
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
pages=1792 available=640
arguments="server=w7m,pattern=a,pages=$pages,compute=0 available=$available"
"$mkffs" -o "$work/disk.img" --size 12M /mach_servers/paging_file:zero=8M /mach_servers/w7m="$program" || exit 1

# The same on a machine that is not ours: 77 if there is none.
on_another() {
	[ "$runner" = none ] && return 77
	"$here/$runner" "$@"
}

report() { # status text
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

# Word i of memory is i * 2654435761 + 1; they are added, the sum rotated between, from the last page to the first.
sum=$(awk -v pages=$pages 'BEGIN {
	for (page = pages - 1; page >= 0; page--)
		for (word = page * 1024; word < page * 1024 + 1024; word++)
			sum = (sum * 2 + (sum >= 2147483648) + word * 2654435761 + 1) % 4294967296
	printf "%04x%04x", int(sum / 65536), sum % 65536
}')
line="w7m: $pages pages, checksum $sum"
echo "# $line"

is_the_line() { # file text
	[ "$(cat "$1")" = "$line" ]
	report $? "$2: the memory comes back as it was"
	sed 's/^/# /' "$1"
}

for kernel; do
	probes=${kernel#*:} kernel=${kernel%%:*}
	[ "$probes" = "$kernel" ] && probes=
	form=$(basename "$kernel")
	on_another -d "$work/disk.img" 100 checksum "$kernel" "$arguments" >"$work/qemu"
	case $? in
	77) [ "$runner" = none ] || report 0 "$form under QEMU # SKIP it is not installed" ;;
	*) is_the_line "$work/qemu" "$form under QEMU" ;;
	esac
	"$console" -c 12000000000 -f ${probes:+-p "$probes"} -d "$work/disk.img" "$model" "$kernel" "$arguments" \
		>"$work/here" 2>"$work/end"
	report $? "$form here: the run ends well"
	is_the_line "$work/here" "$form here"
	out=$(awk '$2 == "page_out" && NF == 2 { print $1 }' "$work/end")
	[ "${out:-0}" -ge $((pages - available)) ]
	report $? "$form here: what does not fit went to the disk, ${out:-no} pages of it"
done
echo "1..$n"
