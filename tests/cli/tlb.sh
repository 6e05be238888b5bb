#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2317 # functions are called by expect and holds
# TLBs that no processor had: however the engine caches them the run is the same, and what they take is what their keys say.
. "${0%/*}/tap.sh"

# tlb_run NAME KEY=VALUE...: a short run into NAME.db.
tlb_run() {
	file=$1
	shift
	for key; do
		set -- "$@" --set "$key"
		shift
	done
	"$muk" run tlb-rpc --set parameters.count=40 --set parameters.servers=2 --set parameters.server_pages=8 \
		--set parameters.pages=24 -o "$file.db" "$@" >"$out" 2>"$err"
}
ask() { sqlite3 "$1.db" "$2"; }
digest() { ask "$1" "SELECT digest FROM scenario"; }
value() { ask "$1" "SELECT value FROM metric WHERE metric='$2'"; }
less() { [ "$(echo "$1 < $2" | bc)" = 1 ]; }

# same NAME KEY=VALUE...: the engine's way by itself and the way that sees every access agree.
same() {
	name=$1
	shift
	expect 0 "$name runs" tlb_run "$name" "$@"
	expect 0 "$name runs with every access seen" tlb_run "$name-every" engine=every-access "$@"
	holds "and $name has the same digest" test "$(digest "$name")" = "$(digest "$name-every")"
}

same plain
same tagged tlb.tag_bits=6
same one-bit tlb.tag_bits=1
same global kernel=l4-global global_pages=true
same both kernel=l4-global global_pages=true tlb.tag_bits=6
same both-one-bit kernel=l4-global global_pages=true tlb.tag_bits=1
same unified tlb.split=false tlb.entries=96 tlb.ways=3 tlb.policy=lru
same full model=i486dx-50 tlb.entries=64 tlb.ways=full tlb.policy=random tlb.tag_bits=6
same software tlb.refill=software

misses=TLB-RPC.misses
holds "tags save misses" less "$(value tagged $misses)" "$(value plain $misses)"
holds "global pages save some of them" less "$(value global $misses)" "$(value plain $misses)"
holds "both save at least what tags do" less "$(value both $misses)" "$(value tagged $misses) + 0.001"
holds "one bit of tag does not do for three spaces" less "$(value tagged $misses)" "$(value one-bit $misses)"
holds "software's refill takes what it is said to take, each time" test \
	"$(ask software "SELECT sum(cycles) % 35 FROM cost WHERE cause='tlb_refill'")" = 0
holds "and the walk nothing" test "$(ask software "SELECT count(*) FROM cost WHERE cause='tlb_walk'")" = 0
holds "what it misses is what the walk missed" test "$(value software $misses)" = "$(value plain $misses)"

expect 2 "keys of two TLBs, where there is one, are bad input" tlb_run wrong tlb.split=false tlb.entries=64 tlb.ways=4 \
	tlb.policy=lru tlb.data.entries=32
says "it is told" 'expected no such key here, since split is false'
expect 2 "a way of refilling that there is not is bad input" tlb_run wrong tlb.refill=softwar
says "a near one is suggested" 'did you mean "software"'
expect 2 "ways that are neither a number nor full are bad input" tlb_run wrong model=i486dx-50 tlb.ways=ful
finish
