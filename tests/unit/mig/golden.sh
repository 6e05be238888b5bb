#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# mig's output is what the golden files say, for each side; wrong files get the errors that stand beside them, and no output.
#   golden.sh MIG DEFS-FOLDER [update]      in the folder of this script; TAP on stdout
mig=$1
include=$2
update=$3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
number=0
failed=0

# check NAME GOLDEN FILE
check() {
	number=$((number + 1))
	[ -n "$update" ] && cp "$3" "$2"
	if difference=$(diff "$2" "$3"); then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		printf '%s\n' "$difference" | sed 's/^/# /'
		failed=1
	fi
}

# side NAME DEFS OPTION...
side() {
	name=$1
	defs=$2
	shift 2
	"$mig" -I "$include" "$@" -c "$scratch/$name.c" -h "$scratch/$name.h" "$defs"
	check "$name.c is as it was" "golden/$name.c" "$scratch/$name.c"
	check "$name.h is as it was" "golden/$name.h" "$scratch/$name.h"
}

side shop_user shop.defs -user
side r_shop_user shop.defs -user -prefix r_
side shop_server shop.defs -server -seqnos -prefix do_
side shop_kernel_server shop.defs -server -kernel -include kern/things.h
side tell_kernel_user tell.defs -user -kernel -include kern/things.h

for file in bad/*.defs; do
	"$mig" -I "$include" -user -kernel -c "$scratch/bad.c" -h "$scratch/bad.h" "$file" >"$scratch/said" 2>&1
	echo "exit $?" >>"$scratch/said"
	[ -e "$scratch/bad.c" ] && echo "output was left" >>"$scratch/said"
	[ -e "$scratch/bad.h" ] && echo "output was left" >>"$scratch/said"
	check "$file is refused as its text says" "${file%.defs}.txt" "$scratch/said"
done
echo "1..$number"
exit $failed
