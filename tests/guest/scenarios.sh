#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: scenarios whose claims are no numbers of a paper hold on other models too.
# Usage: scenarios.sh MUK "MODEL..." SCENARIO.yaml...
set -u
muk=$1 models=$2 n=0
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for model in $models; do
	for scenario; do
		n=$((n + 1))
		name=$(basename "$scenario" .yaml)
		if "$muk" run "$scenario" --set "model=$model" >"$work/out" 2>"$work/err"; then echo "ok $n - $name holds on $model"
		else echo "not ok $n - $name holds on $model"; fi
		grep -E 'outside|ended: ' "$work/out" | sed 's/^/# /'
		sed 's/^/# /' "$work/err"
	done
done
echo "1..$n"
