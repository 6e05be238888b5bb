#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: every scenario of a folder runs to its end, every cell outside its tolerance has a cause, and at least so many of ten
# judged cells are within.
# Usage: scorecard.sh MUK FOLDER OF_TEN
set -u
muk=$1 folder=$2 of_ten=$3 n=0 within=0 outside=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

report() { # status text
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

count() { grep -o "\"verdict\": *\"$1\"" "$work/json" | wc -l; }

"$muk" check "$folder"/../*/*.yaml >"$work/check" 2>&1
report $? "scenarios: all of them are well-formed"
grep -v ': a scenario, fine$' "$work/check" | sed 's/^/# /'

for scenario in "$folder"/*.yaml; do
	name=$(basename "$scenario" .yaml)
	"$muk" run --json "$scenario" >"$work/json" 2>"$work/errors"
	status=$?
	# 1: a cell is outside; it is counted below
	[ $status -le 1 ]
	report $? "$name: runs to its end"
	sed 's/^/# /' "$work/errors"
	within=$((within + $(count within)))
	outside=$((outside + $(count outside)))
	! tr '{' '\n' <"$work/json" | grep '"verdict": *"outside"' | grep -q '"cause": *""'
	report $? "$name: what is outside has a cause"
	! tr '{' '\n' <"$work/json" | grep '"id": *"S-' | grep -q '"verdict": *"outside"'
	report $? "$name: what a paper says in words holds (S-)"
done
echo "# $within within, $outside outside"
[ $((within + outside)) -gt 20 ] && [ $((within * 10)) -ge $(((within + outside) * of_ten)) ]
report $? "scorecard: at least $of_ten of ten judged cells are within"
echo "1..$n"
