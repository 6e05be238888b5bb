#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2317 # functions are called by expect and holds
# Everything that can be wrong with what muk is given: each has its sentence, its place and its exit status.
. "${0%/*}/tap.sh"

# guest NAME: a guest that ends as NAME says (guest.S), and a scenario NAME.yaml that runs it.
guest() {
	"${CC:-cc}" -m32 -nostdlib -static -no-pie -Wl,-N,-Ttext=0x100000,-e,start,--build-id=none -DEND="$1" \
		-o "$1.elf" "$source_dir/tests/cli/guest.S" 2>"$err" || {
		cat "$err"
		exit 99
	}
	scenario "$1" "$1.elf"
}

# scenario NAME KERNEL [LINE]: a small scenario file.
scenario() {
	cat > "$1.yaml" <<END
schema: 1
name: $1
title: "A guest that ends in a way of its own"
model: i486dx-50
kernel: "$2"
limit: 1Mcyc
${3:-}
metrics:
  - {id: T.cycles, name: "all of it", value: main.cycles, unit: cycles, kind: info}
END
}

for end in fine failed panics loops deadlocks triple_faults; do
	guest $end
done

# --- guests ---
expect 0 "a guest that shuts down in order is fine" "$muk" run fine.yaml
prints "it ended ok" 'ended: ok'
expect 3 "a guest that shuts down with a code has failed" "$muk" run failed.yaml
prints "the code is told" 'ended: failed: .*code 7'
expect 3 "a kernel that panics is a guest fault" "$muk" run panics.yaml
prints "its last words are told" 'ended: panic: .*the test gave up'
expect 4 "a guest that loops forever reaches the limit" "$muk" run loops.yaml
prints "the limit is told" 'ended: limit: .*1000000|ended: limit: .*limit'
expect 4 "--max-cycles ends it earlier" "$muk" run loops.yaml --max-cycles 5000
prints "so many cycles later" '^ +50[0-9][0-9] cycles|^ +5,0[0-9][0-9] cycles'
expect 3 "a guest that halts for good is in a deadlock" "$muk" run deadlocks.yaml
prints "it says so" 'ended: deadlock: halted with nothing that could wake it'
expect 3 "a triple fault is a guest fault" "$muk" run triple_faults.yaml
prints "the place is told" 'ended: triple fault: .*0x1000'
expect 3 "a bad end among good ones is the exit status" "$muk" run fine.yaml panics.yaml loops.yaml
expect 3 "a trace keeps a guest's bad end" "$muk" run panics.yaml -o panics.db
expect 3 "whose report says so too" "$muk" report panics.db
prints "with the guest's last words" 'panic: .*the test gave up'
expect 3 "JSON has it as the status" "$muk" run panics.yaml --json
prints "by name" '"status":"panic"'

# --- scenarios ---
expect 2 "an unknown scenario is bad input" "$muk" run l95-k3-trp
says "a near one is suggested" 'did you mean "l95-k3-trap"'
expect 2 "a scenario file that is not there is bad input" "$muk" run absent.yaml
says "it is named" 'absent.yaml'
expect 2 "a directory is no scenario" "$muk" run ./
sed 's/^limit:/limmit:/' fine.yaml > typo.yaml
expect 2 "an unknown key is bad input" "$muk" run typo.yaml
says "its place is told" '^typo.yaml:6:1: error: limmit: unknown key'
says "a near one is suggested" 'did you mean "limit"'
sed 's/i486dx-50/i486dx-51/' fine.yaml > model.yaml
expect 2 "an unknown model is bad input" "$muk" run model.yaml
says "a near one is suggested" 'did you mean "i486dx-50"'
sed -e 's/^limit:/limmit:/' -e 's/i486dx-50/i486dx-51/' fine.yaml > both.yaml
expect 2 "two mistakes are told in one pass" "$muk" check both.yaml
says "the first" 'i486dx-51'
says "and the second" 'limmit'
expect 2 "nothing runs where one of several scenarios is wrong" "$muk" run fine.yaml typo.yaml -o never.db
holds "nothing is printed" test ! -s "$out"
holds "no trace is made" test ! -e never.db
expect 2 "a scenario twice in one trace is refused" "$muk" run fine.yaml fine.yaml -o never.db
says "it says so" 'given twice'

# --- overrides ---
expect 0 "--set overrides a model's key" "$muk" run fine.yaml --set tlb.entries=64
expect 0 "--set changes the model" "$muk" run fine.yaml --set model=pentium-90 -o set.db
holds "the trace has the model that was run" test "$(sqlite3 set.db 'SELECT model FROM run')" = pentium-90
holds "and the scenario as it was run" test "$(sqlite3 set.db "SELECT resolved LIKE '%model: pentium-90%' FROM run")" = 1
expect 4 "--set changes the scenario's limit" "$muk" run loops.yaml --set limit=9kcyc
expect 2 "an unknown model in --set is bad input" "$muk" run fine.yaml --set model=pentium-91
says "a near one is suggested there too" 'did you mean "pentium-90"'
expect 2 "an unknown key in --set is bad input" "$muk" run fine.yaml --set tlb.entris=64
says "its place is the option" '^--set:.*tlb.entris'
expect 2 "a value out of range is bad input" "$muk" run fine.yaml --set tlb.entries=0
says "the range is told" 'expected'
expect 2 "a --set without = is bad usage" "$muk" run fine.yaml --set tlb.entries

# --- images ---
: > empty.elf
scenario empty empty.elf
expect 2 "an empty image is bad input" "$muk" run empty.yaml
says "the image is named" 'empty.elf'
head -c 100 fine.elf > short.elf
scenario short short.elf
expect 2 "a truncated image is bad input" "$muk" run short.yaml
says "the image is named" 'short.elf'
echo "#!/bin/sh" > script.elf
scenario script script.elf
expect 2 "a file that is no ELF is bad input" "$muk" run script.yaml
cp "$muk" host.elf
scenario host host.elf
expect 2 "a program of the host is no guest" "$muk" run host.yaml
says "it says why" 'error:'
scenario absent_image absent.elf
expect 2 "an image that is not there is bad input" "$muk" run absent_image.yaml
says "it is named" 'absent.elf'

# --- check ---
expect 0 "check is content with all shipped scenarios and models" \
	"$muk" check "$source_dir"/scenarios/*/*.yaml "$source_dir"/cpu_models/*.yaml
expect 2 "check tells what is wrong with a file" "$muk" check fine.yaml typo.yaml
says "and where" '^typo.yaml:6:1'
prints "and that the other is fine" '^fine.yaml: a scenario, fine'
finish
