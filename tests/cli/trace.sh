#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2317 # functions are called by expect and holds
# The trace as a file: where it may be written, what is refused, what survives.  Needs the sqlite3 shell.
. "${0%/*}/tap.sh"
quick=l95-k3-trap
ask() { sqlite3 "$1" "$2"; }
answer_is() { [ "$(ask "$1" "$2")" = "$3" ]; }
same_files() { cmp -s "$1" "$2"; }

expect 0 "a run writes a trace" "$muk" run $quick -o a.db
holds "the trace is complete" answer_is a.db "SELECT value FROM meta WHERE key='status'" complete
holds "the trace passes SQLite's own check" answer_is a.db "PRAGMA integrity_check" ok
holds "the ledger in the trace closes, run by run" answer_is a.db \
	"SELECT count(*) FROM run r WHERE cycles IS NOT (SELECT sum(cycles) FROM cost WHERE run=r.id)" 0
holds "events are stored" test "$(ask a.db 'SELECT count(*) FROM event')" -gt 0
expect 0 "the same run writes a second trace" "$muk" run $quick -o b.db
holds "two equal runs give equal files, byte for byte" same_files a.db b.db
mkdir elsewhere
(cd elsewhere && env -i LANG=tr_TR.UTF-8 TZ=Asia/Tokyo HOME=/nowhere "$muk" run \
	"$source_dir/scenarios/liedtke95/$quick.yaml" -o c.db >"$out" 2>"$err")
holds "so does the scenario's file, in another directory, with another environment" same_files a.db elsewhere/c.db
no_host() { ! grep -aqF -e "$work" -e "$source_dir" "$1"; }
holds "nothing of the host is in a trace" no_host elsewhere/c.db
expect 0 "a trace may be replaced by a trace" "$muk" run $quick -o b.db
holds "the replacement is the same" same_files a.db b.db
expect 0 "level none runs" "$muk" run $quick -o none.db --trace none
holds "level none stores no event" answer_is none.db "SELECT count(*) FROM event" 0
expect 0 "level all runs" "$muk" run $quick -o all.db --trace all
holds "the digest is the same at every level" test "$(ask a.db 'SELECT digest FROM run')" = "$(ask none.db 'SELECT digest FROM run')" \
	-a "$(ask a.db 'SELECT digest FROM run')" = "$(ask all.db 'SELECT digest FROM run')"

expect 0 "the report of a trace is printed" "$muk" report a.db
cp "$out" report.txt
expect 0 "the run prints its scorecard" "$muk" run $quick
holds "the report is what the run printed" same_files "$out" report.txt
expect 0 "the report as JSON" "$muk" report a.db --json
cp "$out" report.json
expect 0 "the run as JSON" "$muk" run $quick --json
holds "the report's JSON is the run's" same_files "$out" report.json
expect 0 "tasks, threads and the console are printed with -v" "$muk" run s-l3 -v -o tasks.db
prints "the task that did the work" '^ *s-l3 +[0-9,]+ +[0-9.]+%$'
prints "what it said" '^# 4 of 4 claims hold$'
grep -E '^ *[a-z0-9-]+ +[0-9,]+ +[0-9.]+%$' "$out" > tasks.txt
expect 0 "the report of its trace has them too" "$muk" report tasks.db -v
same_tasks() { grep -E '^ *[a-z0-9-]+ +[0-9,]+ +[0-9.]+%$' "$out" | cmp -s - tasks.txt; }
holds "they are the same" same_tasks
expect 0 "the report as a page" "$muk" report a.db --html page.html
holds "the page holds the cells" grep -q 'L95-K3' page.html
holds "the page fetches nothing" sh -c '! grep -Eiq "<script|src=|@import|url\(" page.html'
expect 2 "a picture of what has no curve is an error" "$muk" report a.db --svg L95-K3
says "it says what makes a curve" 'at least two'

expect 2 "a directory is no place for a trace" "$muk" run $quick -o .
says "it says so" 'is a directory'
expect 2 "nor is a directory that is not there" "$muk" run $quick -o absent/a.db
says "it says so" 'No such file or directory'
echo "my notes" > notes.txt
expect 2 "a file that is no trace is not overwritten" "$muk" run $quick -o notes.txt
says "it says so" 'exists and is no trace'
holds "the file is as it was" grep -qx 'my notes' notes.txt
mkdir sealed
chmod a-w sealed
if [ "$(id -u)" -eq 0 ]; then
	# Root writes anywhere, but not to the kernel's own tables.
	expect 2 "a read-only directory is an error" "$muk" run $quick -o /proc/sys/a.db
else
	expect 2 "a read-only directory is an error" "$muk" run $quick -o sealed/a.db
fi
says "it says that it cannot create the trace" 'cannot create the trace'

# A run that takes long enough to be disturbed.
sed -e 's/^name: .*/name: long/' -e 's/count=1000/count=200000/' -e 's/^limit: .*/limit: 100Gcyc/' \
	"$source_dir/scenarios/liedtke95/l95-t2-rpc.yaml" > long.yaml
full_disk() { (ulimit -f 4096 && exec "$muk" run "$@"); }
expect 2 "a full disk is an error" full_disk long.yaml -o full.db --trace all
says "it says that it cannot write, and what remains" 'cannot write the trace: .*committed before stands'
holds "the trace is marked incomplete" answer_is full.db "SELECT value FROM meta WHERE key='status'" incomplete
holds "what was written before is whole" answer_is full.db "PRAGMA integrity_check" ok
expect 0 "and it can be reported" "$muk" report full.db
says "with a warning" 'incomplete'

if [ "$(id -u)" -eq 0 ] && mkdir small && mount -t tmpfs -o size=1m tmpfs small 2>"$work/null"; then
	expect 2 "a disk that is really full is an error" "$muk" run l95-t2-rpc -o small/full.db --trace all
	says "it says so" 'the disk is full'
	holds "what was written before is whole there" answer_is small/full.db "PRAGMA integrity_check" ok
	umount small
else
	skip "a disk that is really full is an error" "no file system may be mounted here"
fi

cp a.db newer.db
ask newer.db "PRAGMA user_version=9"
expect 2 "a newer schema is refused" "$muk" report newer.db
says "both schemas are named" 'schema 9.*schema 2'
expect 2 "a text is no trace" "$muk" report notes.txt
says "it says so" 'notes.txt: error: is not a trace'
: > empty.db
expect 2 "an empty file is no trace" "$muk" report empty.db
expect 2 "an absent file is no trace" "$muk" report absent.db
says "it names the file" 'absent.db'
head -c 9000 a.db > cut.db
expect 2 "a truncated trace is an error, not a crash" "$muk" report cut.db
says "it says that the file is damaged" 'damaged'

"$muk" run long.yaml -o killed.db --trace all >"$out" 2>"$err" &
victim=$!
tries=0
size_of() { if [ -e "$1" ]; then wc -c < "$1"; else echo 0; fi; }
while [ "$(size_of killed.db)" -lt 10000000 ] && [ $tries -lt 200 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
kill -9 $victim
wait $victim 2>"$work/null"
holds "kill -9 leaves a readable trace" answer_is killed.db "PRAGMA integrity_check" ok
holds "with what was committed" test "$(ask killed.db 'SELECT count(*) FROM event')" -gt 65536
holds "marked incomplete" answer_is killed.db "SELECT value FROM meta WHERE key='status'" incomplete
expect 0 "it can be reported" "$muk" report killed.db
expect 0 "and replaced" "$muk" run $quick -o killed.db
finish
