#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: what stands above the architectures knows none of them: each file compiles with no predefined name of the
# architecture to be seen (the names are taken away, and who asks for one is refused), and includes no path into arch/.
# Usage: neutral.sh KERNEL-FOLDER ROOMS COMPILER FLAG...    (ROOMS: folders of KERNEL-FOLDER, in quotes)
set -u
kernel=$1 rooms=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What the compiler itself defines for this machine, and for no other: names with the machine's in them.
names=$("$@" -dM -E -x c /dev/null | sed -n 's/^#define \([A-Za-z_0-9]*\).*/\1/p' |
	grep -iE '^_*(i[3-6]86|x86_64|amd64|mips|r[0-9]000|code_model|linux|unix|pentium|k8)' | sort -u)
# The compiler's own headers may ask for them: they come first, and once.
{
	printf '#include <%s>\n' stdarg.h stdbool.h stddef.h stdint.h stdnoreturn.h
	for name in $names; do
		printf '#undef %s\n#pragma GCC poison %s\n' "$name" "$name"
	done
} >"$work/none.h"

path='^[[:blank:]]*#[[:blank:]]*include[[:blank:]]*["<]\(.*/\)\{0,1\}arch/' # however it gets there
n=0
[ -n "$names" ] && ok=ok || ok='not ok'
n=$((n + 1))
echo "$ok $n - the compiler has names for its architecture, $(echo "$names" | wc -w) of them"
for room in $rooms; do
	for file in "$kernel/$room"/*.c; do
		n=$((n + 1)) ok=ok
		"$@" -fsyntax-only -include "$work/none.h" "$file" >"$work/said" 2>&1 || ok='not ok'
		grep -n "$path" "$file" >>"$work/said" && ok='not ok'
		echo "$ok $n - ${file#"$kernel/"} knows no architecture"
		[ "$ok" = ok ] || head -5 "$work/said" | sed 's/^/# /'
	done
	for file in "$kernel/$room"/*.h; do
		[ -e "$file" ] || continue
		if grep -n "$path" "$file" >"$work/said"; then
			n=$((n + 1))
			echo "not ok $n - ${file#"$kernel/"} includes no path into arch"
			sed 's/^/# /' "$work/said"
		fi
	done
done
echo "1..$n"
