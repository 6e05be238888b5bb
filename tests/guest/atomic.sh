#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: nothing comes between what the library calls atomic, though threads of one priority interrupt each other.
# Usage: atomic.sh GUEST_CONSOLE MODEL KERNEL.elf FOLDER-OF-SERVERS FOLDER-OF-PROGRAMS SUFFIX
set -u
console=$1 model=$2 kernel=$3 servers=$4 programs=$5 suffix=$6
said=$("$console" "$model" "$kernel" "" "$servers/sigma0$suffix.elf" sigma0 "$servers/root$suffix.elf" root \
	"$programs/atomic$suffix.elf" "atomic count=100000" 2>/dev/null)
status=$?
echo "$said" | grep -E '^(ok|not ok)'
# What ends before its last claim has none that fails: the end is a claim too.
[ $status -eq 0 ] && ok=ok || ok='not ok'
echo "$ok 4 - atomic: the program ends in order on $model"
echo 1..4
