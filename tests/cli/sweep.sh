#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2317 # functions are called by expect and holds
# Sweeps: the same bytes whoever computed what; taken up again after a kill; what is wrong is said before anything runs.
. "${0%/*}/tap.sh"
is_json() { [ "$(sqlite3 :memory: "SELECT json_valid(readfile('$1'))")" = 1 ]; }
is_xml() { ! command -v xmllint >"$work/which" || xmllint --noout "$1"; }
ask() { sqlite3 "$1" "$2"; }

cat > rpc.yaml <<'END'
schema: 1
name: rpc
title: "A short RPC workload"
parameters: {count: 20, program: rpc, how: well}
model: pentium-90
kernel: l4
modules: ["sigma0", "root", "${program} count=${count} how=${how}"]
limit: 100Mcyc
metrics:
  - {id: T.rpc, name: "a round trip", value: "main.rpc.cycles / main.rpc.count", unit: cycles, kind: info}
END
cat > plan.yaml <<'END'
schema: 1
name: plan
title: "Tags and sizes"
scenario: rpc.yaml
vary:
  cpu: {i486: {model: i486dx-50}, pentium: {model: pentium-90}}
  tlb.tag_bits: [0, 6]
  parameters.count: [10, 20, 30]
runs:
  - {name: large, set: {model: i486dx-50, tlb.entries: 64}}
operation: {name: RPC, value: "main.rpc.${field} / main.rpc.count"}
pictures:
  - {name: curves, kind: curves, x: count, by: cpu, where: {tag_bits: "6"}}
  - {name: bars, kind: bars, by: cpu, where: {tag_bits: "0", count: "20"}}
  - {name: fall, kind: waterfall, by: tag_bits, from: "0", to: "6", where: {cpu: pentium, count: "20"}}
END

# --- the same bytes ---
expect 0 "a sweep runs" "$muk" sweep plan.yaml -j 1 -o one.db
prints "a row a configuration" '^ +pentium +6 +30 '
prints "a listed run has its name" '^  large '
prints "and all of them" '^  13 configurations'
cp "$out" one.txt
expect 0 "two at a time" "$muk" sweep plan.yaml -j 2 -o two.db
holds "make the same file, byte for byte" cmp one.db two.db
holds "and print the same" cmp "$out" one.txt
expect 0 "seven at a time" "$muk" sweep plan.yaml -j 7 -o seven.db
holds "make the same file, too" cmp one.db seven.db
holds "nothing is left beside it" test ! -e seven.db.part
expect 0 "without -o it only prints" "$muk" sweep plan.yaml
holds "the same" cmp "$out" one.txt
expect 0 "a report of the file prints it again" "$muk" report one.db
holds "the same, once more" cmp "$out" one.txt
holds "it tells what one muk run tells" test "$(ask one.db "SELECT digest FROM configuration WHERE id=1")" = \
	"$("$muk" run rpc.yaml --set model=i486dx-50 --set tlb.tag_bits=0 --set parameters.count=10 |
		sed -n 's/^ *digest //p')"
holds "its ledgers close" test "$(ask one.db "SELECT count(*) FROM configuration c WHERE cycles !=
	(SELECT sum(cycles) FROM configuration_cost WHERE configuration = c.id)")" = 0
holds "and so do the operations'" test "$(ask one.db "SELECT count(*) FROM v_sweep s WHERE abs(cycles -
	(SELECT sum(cycles) FROM v_sweep_causes c WHERE c.id = s.id)) > 0.001")" = 0
expect 0 "as JSON" "$muk" sweep plan.yaml --json
holds "which is JSON" is_json "$out"

# --- pictures ---
for name in curves bars fall; do
	expect 0 "the picture $name" "$muk" report one.db --svg $name -o $name.svg
	holds "is well-formed" is_xml $name.svg
done
expect 2 "a picture that the plan has not is refused" "$muk" report one.db --svg curve
says "those that it has are told" 'curves, bars, fall'
expect 0 "as a page" "$muk" report one.db --html page.html
holds "with all pictures" test "$(grep -c '<svg' page.html)" = 3

# --- killed, and taken up ---
sed 's/count: \[10, 20, 30\]/count: [2001, 2002, 2003, 2004, 2005, 2006, 2007, 2008, 2009, 2010]/; s/"20"/"2001"/g' \
	plan.yaml > long.yaml
sed -i 's/^name: plan/name: long/' long.yaml
expect 0 "a longer one" "$muk" sweep long.yaml -j 2 -o whole.db
"$muk" sweep long.yaml -j 2 -o killed.db >"$out" 2>"$err" &
victim=$!
tries=0
while [ "$(wc -c < killed.db.part 2>"$work/wc" || echo 0)" -lt 20000 ] && [ $tries -lt 400 ] && kill -0 $victim; do
	sleep 0.05
	tries=$((tries + 1))
done
kill -9 $victim
wait $victim 2>"$work/wait"
holds "killed, it leaves what it had" test -s killed.db.part
expect 0 "which a report tells to be incomplete" "$muk" report killed.db
says "in so many words" 'the sweep is incomplete|the trace is incomplete'
cp killed.db.part other.db.part
size=$(wc -c < killed.db.part)
mkdir changed
cp rpc.yaml changed/
sed 's/^title: .*/title: other/' long.yaml > changed/long.yaml
expect 2 "a changed plan is refused" "$muk" sweep changed/long.yaml -o other.db
says "and told why" 'other.db.part: error: is what was finished of another plan'
holds "what was finished is still there" test "$(wc -c < other.db.part)" = "$size"
truncate -s -5 killed.db.part # as if it had died within its last record
expect 0 "called again it goes on, its last record torn" "$muk" sweep long.yaml -j 2 -o killed.db
holds "to the same bytes" cmp killed.db whole.db
holds "and puts its things away" test ! -e killed.db.part

# --- what fails ---
cat > fails.yaml <<'END'
schema: 1
name: fails
title: "One of them reaches its limit, one goes astray, one cannot be built"
scenario: rpc.yaml
runs:
  - {name: well, set: {limit: 100Mcyc}}
  - {name: short, set: {limit: 1kcyc}}
  - {name: astray, set: {parameters.program: astray, parameters.how: touch}}
  - {name: well-too, set: {limit: 90Mcyc}}
END
expect 3 "the worst end is the exit status" "$muk" sweep fails.yaml -o fails.db
holds "and stops no other" test "$(ask fails.db "SELECT group_concat(status) FROM configuration
	WHERE name LIKE 'well%'")" = ok,ok
prints "why is told" 'short: limit: the limit'
expect 3 "a report has the same status" "$muk" report fails.db
sed 's/name: astray, set: {.*/name: small, set: {memory: 1MiB}}/; s/^name: fails/name: small/' fails.yaml > small.yaml
expect 2 "a machine that cannot be made is an error of its configuration" "$muk" sweep small.yaml
prints "told with it" 'small: error: l4 does not fit'

# --- what is wrong ---
sed 's/tlb.tag_bits: \[0, 6\]/tlb.tag_bits: [0, 60]/; s/"6"/"60"/g; s/^name: plan/name: wrong/' plan.yaml > wrong.yaml
expect 2 "a wrong value is bad input" "$muk" sweep wrong.yaml -o never.db
says "its place in the plan is told" '^wrong.yaml:7:21: error: tlb.tag_bits: expected'
holds "once" test "$(grep -c 'error:' "$err")" = 1
holds "nothing is made" test ! -e never.db
sed 's/main.rpc.${field}/main.rcp.${feild}/; s/^name: plan/name: wrong/' plan.yaml > wrong.yaml
expect 2 "an operation without its field is bad input" "$muk" sweep wrong.yaml
sed 's/main.rpc.${field}/mian.rpc.${field}/; s/^name: plan/name: wrong/' plan.yaml > wrong.yaml
expect 2 "an operation of no run is bad input" "$muk" sweep wrong.yaml
says "its place is told" '^wrong.yaml:11:[0-9]+: error: operation.value'
expect 2 "an unknown plan is bad input" "$muk" sweep tlb-tag
says "a near one is suggested" 'did you mean "tlb-tags"'
expect 2 "no plan is bad usage" "$muk" sweep
expect 2 "a number of jobs that is none is bad usage" "$muk" sweep plan.yaml -j 0
echo text > letter.db
expect 2 "another file is not overwritten" "$muk" sweep plan.yaml -o letter.db
holds "it is as it was" test "$(cat letter.db)" = text
expect 2 "nor is it by another plan, though the first has begun" "$muk" sweep fails.yaml -o letter.db
says "the file is what is told of" 'letter.db: error'
expect 0 "check knows plans" "$muk" check plan.yaml
prints "and says so" '^plan.yaml: a plan, fine'
finish
