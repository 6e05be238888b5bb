#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2317 # functions are called by expect and holds
# The JSON contract: shape, keys and sums, looked at by SQLite's JSON functions.
. "${0%/*}/tap.sh"
quick=l95-k3-trap
json() { sqlite3 :memory: "SELECT $1 FROM (SELECT readfile('$out') AS j)"; }
answer_is() { [ "$(json "$1")" = "$2" ]; }

expect 0 "one scenario as JSON" "$muk" run $quick --json
holds "it is valid JSON" answer_is "json_valid(j)" 1
holds "it is one object" answer_is "json_type(j)" object
holds "it names the scenario" answer_is "json_extract(j,'\$.scenario')" $quick
holds "it has every key of the contract" answer_is \
	"(SELECT count(*) FROM json_each(j) WHERE key IN ('scenario','digest','cycles','instructions','status','ledger','metrics'))" 7
holds "the digest has 32 digits" answer_is "length(json_extract(j,'\$.digest'))" 32
holds "the ledger's causes sum to the cycles" answer_is \
	"(SELECT sum(value) FROM json_each(j,'\$.ledger'))=json_extract(j,'\$.cycles')" 1
holds "every metric has every key of the contract" answer_is \
	"(SELECT count(*) FROM json_each(j,'\$.metrics') m WHERE (SELECT count(*) FROM json_each(m.value) WHERE key IN
	('id','name','value','unit','paper','deviation_pct','tolerance_pct','verdict','cause')) <> 9)" 0
holds "there are metrics" answer_is "json_array_length(j,'\$.metrics')>0" 1
holds "every verdict is one of five" answer_is \
	"(SELECT count(*) FROM json_each(j,'\$.metrics') WHERE json_extract(value,'\$.verdict') NOT IN
	('within','outside','calibrated','input','info'))" 0
holds "numbers are numbers" answer_is \
	"(SELECT group_concat(DISTINCT json_type(value,'\$.value')) FROM json_each(j,'\$.metrics')
	WHERE json_type(value,'\$.value') NOT IN ('integer','real','null')) IS NULL" 1
expect 0 "two scenarios as JSON" "$muk" run $quick l95-t3-traps --json
holds "they are an array of two" answer_is "json_type(j)||json_array_length(j)" array2
holds "nothing else is printed" sh -c "! grep -q judged '$out'"
expect 0 "what there is, as JSON" "$muk" list --json
holds "it is valid JSON" answer_is "json_valid(j)" 1
holds "each model says its architecture" answer_is \
	"(SELECT group_concat(DISTINCT json_extract(value,'\$.arch')) FROM json_each(j,'\$.models'))" x86,mips
finish
