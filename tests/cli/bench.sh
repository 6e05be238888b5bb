#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2317 # functions are called by expect and holds
# The regression gate: to the cycle.
. "${0%/*}/tap.sh"
is_json() { [ "$(sqlite3 :memory: "SELECT json_valid(readfile('$1'))")" = 1 ]; }

expect 0 "update writes baselines" "$muk" bench update l95-k3-trap l95-t3-traps --baseline base.json
holds "as JSON" is_json base.json
expect 0 "check agrees with them" "$muk" bench check l95-k3-trap l95-t3-traps --baseline base.json
prints "cycle by cycle" '^l95-k3-trap +[0-9,]+ +[0-9,]+  =$'
expect 0 "without names, check plays what has a baseline" "$muk" bench check --baseline base.json
prints "all of it" '^0 of 2 scenarios differ'
cp base.json again.json
expect 0 "without names, update plays the same" "$muk" bench update --baseline again.json
holds "and writes the same" cmp -s base.json again.json
sed 's/"l95-k3-trap": \([0-9]*\)/"l95-k3-trap": \11/' base.json > other.json
expect 1 "a difference fails the gate" "$muk" bench check l95-k3-trap l95-t3-traps --baseline other.json
prints "it is told in cycles" '^l95-k3-trap .* -[0-9]+ cyc$'
prints "and how many differ" '^1 of 2 scenarios differ'
expect 1 "a scenario without a baseline fails the gate" "$muk" bench check l95-t1-segments --baseline base.json
prints "it is told as new" 'new$'
expect 2 "absent baselines are bad input" "$muk" bench check l95-k3-trap --baseline absent.json
echo "[1" > bad.json
expect 2 "baselines that are no JSON are bad input" "$muk" bench check l95-k3-trap --baseline bad.json
expect 2 "bench without a word is bad usage" "$muk" bench
finish
