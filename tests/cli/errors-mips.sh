#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2317 # functions are called by expect and holds
# What can be wrong with a MIPS guest: images that are none, and guests that end badly, each with its sentence and its
# exit status.
. "${0%/*}/tap.sh"

cc=mipsel-linux-gnu-gcc-12
command -v $cc >/dev/null 2>&1 || {
	skip "MIPS guests" "no $cc"
	finish
}

# Nothing but the code is loaded, at BASE or 1 MiB.
cat >guest.ld <<'END'
SECTIONS
{
	. = DEFINED(BASE) ? BASE : 0x80100000;
	.text : { *(.text) }
	/DISCARD/ : { *(.MIPS.abiflags) *(.reginfo) *(.gnu.attributes) *(.pdr) *(.data) *(.bss) }
}
END
flags="-march=r3000 -mabi=32 -mno-abicalls -fno-pic -mfp32"
general=0x80 model=r3000-25

# build NAME END [FLAG]...: a guest NAME.elf that ends as END says (guest_mips.S).
build() {
	name=$1 end=$2
	shift 2
	# shellcheck disable=SC2086 # they are words
	$cc -EL $flags -nostdlib -static -T guest.ld -Wl,-e,start,--build-id=none -DEND="$end" -DGENERAL=$general \
		-o "$name.elf" "$@" "$source_dir/tests/cli/guest_mips.S" 2>"$err" || {
		cat "$err"
		exit 99
	}
}

# scenario NAME KERNEL [MODEL]
scenario() {
	cat >"$1.yaml" <<END
schema: 1
name: $1
title: "A MIPS guest that ends in a way of its own"
model: ${3:-$model}
kernel: "$2"
limit: 1Mcyc
metrics:
  - {id: T.cycles, name: "all of it", value: main.cycles, unit: cycles, kind: info}
END
}

guest() { # NAME END [FLAG]...
	build "$@"
	scenario "$1" "$1.elf"
}

# patch FILE OFFSET OCTAL...: bytes written over
patch() {
	file=$1 at=$2
	shift 2
	for byte; do
		# shellcheck disable=SC2059 # the format is the byte
		printf "\\$byte" | dd of="$file" bs=1 seek="$at" conv=notrunc 2>/dev/null
		at=$((at + 1))
	done
}

# wrong NAME PATTERN CLAIM: the image NAME.elf is bad input, and the sentence says why.
wrong() {
	scenario "$1" "$1.elf" "${4:-}"
	expect 2 "$3 is bad input" "$muk" run "$1.yaml"
	says "it is named" "$1.elf"
	says "it says why" "$2"
}

# --- ends ---
guest fine fine
expect 0 "a MIPS guest that shuts down in order is fine" "$muk" run fine.yaml
prints "it ended ok" 'ended: ok'
guest failed failed
expect 3 "one that shuts down with a code has failed" "$muk" run failed.yaml
prints "the code is told" 'ended: failed: .*code 7'
guest panics panics
expect 3 "a kernel that panics is a guest fault" "$muk" run panics.yaml
prints "its last words are told" 'ended: panic: .*the test gave up'
guest loops loops
expect 4 "a guest that loops for ever reaches the limit" "$muk" run loops.yaml
prints "the limit is told" 'ended: limit'
guest halts halts
expect 3 "one that goes to itself, and nothing can interrupt it, is in a deadlock" "$muk" run halts.yaml
prints "it says so, and where" 'ended: deadlock: halted with nothing that could wake it at 0x8[0-9a-f]* in halts.elf:halts'
guest resets resets
expect 3 "a guest that resets the board without a word has failed" "$muk" run resets.yaml
prints "it says so" 'ended: .*reset'

# --- exceptions: those of the table in R2000 and R3000; the handler tells the code ---
exception() { # NAME CODE CLAIM
	guest "$1" "$1"
	expect 3 "$3" "$muk" run "$1.yaml"
	prints "the guest's own handler has seen exception $2" "ended: failed: .*code $((100 + $2))"
}
exception reserved 10 "a reserved instruction is the guest's to handle"
exception unaligned 4 "an address that is not aligned is the guest's to handle"
exception nobody_there 7 "a bus error is the guest's to handle"
exception later_isa 10 "an R3000 does not know ll"
expect 0 "an R4000 does" "$muk" run later_isa.yaml --set model=r4000-100
exception leaves_for_kernel 4 "user mode cannot execute in kseg0"
guest touches_memory touches_memory
expect 3 "a page that is not mapped is the guest's to handle" "$muk" run touches_memory.yaml
prints "by its refill handler" 'ended: failed: .*code 99'

# --- refill handlers ---
guest refill_SPINS touches_memory -DREFILL_SPINS
expect 4 "a refill handler that goes round in itself reaches the limit" "$muk" run refill_SPINS.yaml
prints "the limit is told" 'ended: limit'
for handler in LOOPS MISSES; do
	guest refill_$handler touches_memory -DREFILL_$handler
	expect 3 "a refill handler after which the same page is missed for ever is a guest fault (REFILL_$handler)" \
		"$muk" run refill_$handler.yaml
	prints "the instruction is told, and the page" \
		'processor shutdown: a refill without end: the instruction at 0x[0-9a-f]* has missed page 0x[0-9a-f]* 10000 times'
done
guest refill_faults touches_memory -DREFILL_FAULTS
expect 3 "a refill handler's own fault goes to the general vector" "$muk" run refill_faults.yaml
prints "as what it is: TLBL" 'ended: failed: .*code 102'
guest refill_twice touches_memory -DREFILL_TWICE
expect 3 "a refill handler that writes an entry twice shuts the TLB down" "$muk" run refill_twice.yaml
prints "both entries are named" 'processor shutdown: entry 9 .*entry 11 .*match'
guest tlb_conflict tlb_conflict
expect 3 "two entries that match shut the TLB down" "$muk" run tlb_conflict.yaml
prints "both are named, and their page" 'processor shutdown: entry 3 .page 0x00400, .*entry 5 .page 0x00400, .*match'

# --- an R4000: EXL ---
general=0x180 model=r4000-100
guest r4000_fine fine
expect 0 "a guest for the R4000 that shuts down in order is fine" "$muk" run r4000_fine.yaml
guest r4000_kernel leaves_for_kernel
expect 3 "user mode of an R4000 cannot execute in kseg0" "$muk" run r4000_kernel.yaml
prints "the guest's own handler has seen exception 4" 'ended: failed: .*code 104'
for handler in FAULTS MISSES; do
	guest r4000_$handler touches_memory -DREFILL_$handler
	expect 3 "a refill handler's own fault goes to the general vector (REFILL_$handler)" "$muk" run r4000_$handler.yaml
	prints "as what it is: TLBL" 'ended: failed: .*code 102'
done
guest r4000_loops touches_memory -DREFILL_LOOPS
expect 3 "a refill handler that mends nothing is a guest fault" "$muk" run r4000_loops.yaml
prints "the page is told" 'processor shutdown: a refill without end: .*page 0x'
guest r4000_conflict tlb_conflict
expect 3 "two entries that match are refused when the second is written" "$muk" run r4000_conflict.yaml
prints "both are named" 'processor shutdown: entry 3 .*entry 5 .*match'
guest r4000_twice touches_memory -DREFILL_TWICE
expect 3 "and so they are in a refill handler" "$muk" run r4000_twice.yaml
prints "both are named there too" 'processor shutdown: entry 9 .*entry 11 .*match'
general=0x80 model=r3000-25

# --- images ---
cp fine.elf endian.elf
patch endian.elf 5 002
wrong endian 'big-endian|ELF' "a big-endian image"
# shellcheck disable=SC2086
$cc -EB $flags -DGENERAL=$general -c -DEND=fine -o big.o "$source_dir/tests/cli/guest_mips.S" 2>"$err" &&
	mipsel-linux-gnu-ld -EB -m elf32btsmip -N -Ttext=0x80100000 -e start -o big.elf big.o 2>"$err"
[ -f big.elf ] && wrong big 'it is big-endian' "an image linked big-endian"
cp fine.elf isa.elf
patch isa.elf 39 120 # e_flags: EF_MIPS_ARCH_32
wrong isa 'MIPS32' "an image for MIPS32"
cp fine.elf isa64.elf
patch isa64.elf 39 140
wrong isa64 'MIPS64' "an image for MIPS64"
cp fine.elf mips3.elf
patch mips3.elf 39 040 # EF_MIPS_ARCH_3
scenario mips3 mips3.elf
expect 2 "an image for MIPS III is none for an R3000" "$muk" run mips3.yaml
says "it says why" 'MIPS III'
expect 0 "but it is for an R4000" "$muk" run mips3.yaml --set model=r4000-100
cp fine.elf arm.elf
patch arm.elf 18 050
wrong arm 'another machine' "an image for another machine"
# shellcheck disable=SC2086
$cc -EL $flags -DGENERAL=$general -c -DEND=fine -o object.elf "$source_dir/tests/cli/guest_mips.S"
wrong object 'not a linked executable' "an object file"
head -c 200 fine.elf >short.elf
wrong short 'end of the file|truncated' "a truncated image"
build user fine -Wl,--defsym,BASE=0x00400000
wrong user 'entry 0x400000 is not in kseg0 or kseg1' "a program of user mode in the kernel's place"
build entry fine -Wl,-e,0x80300000
wrong entry 'entry 0x80300000 lies outside' "an entry outside the image"
build vectors fine -Wl,--defsym,BASE=0x80002000
wrong vectors 'over the loader.s arguments at 0x2000' "an image over the loader's arguments"
build high fine -Wl,--defsym,BASE=0x9f000000
wrong high 'memory|RAM' "an image beyond the memory"
cp fine.elf x86.elf
scenario on_x86 x86.elf i486dx-50
expect 2 "a MIPS image on an i486 is bad input" "$muk" run on_x86.yaml
says "it says which is for what" '(MIPS|mips).*(x86|i386|i486)|(x86|i386|i486).*(MIPS|mips)'
"${CC:-cc}" -m32 -nostdlib -static -no-pie -Wl,-N,-Ttext=0x100000,-e,start,--build-id=none -DEND=fine -o i386.elf \
	"$source_dir/tests/cli/guest.S" 2>"$err"
scenario on_mips i386.elf
expect 2 "an i386 image on an R3000 is bad input" "$muk" run on_mips.yaml
says "it says which is for what" '(MIPS|mips).*(x86|i386)|(x86|i386).*(MIPS|mips)'

scenario carried bare-trap
expect 2 "a carried program of x86 alone is none for an R3000" "$muk" run carried.yaml
says "its place is told" '^carried.yaml:5:9: error: kernel: .*r3000-25.*bare-trap'
scenario both bare-cpu
expect 0 "one that there is for each is taken for the model" "$muk" check both.yaml

# --- models ---
expect 2 "a processor has one architecture" "$muk" run fine.yaml --set arch=x86
says "it says why" "expected mips, since the model has a generation"
expect 2 "there are generations 2, 3 and 4" "$muk" run fine.yaml --set generation=5
says "they are told" 'generation'
expect 2 "an R3000's ASIDs have no 9 bits" "$muk" run fine.yaml --set tlb.asid_bits=9
says "the range is told" 'asid_bits.*8'
expect 2 "more wired entries than entries are refused" "$muk" run fine.yaml --set tlb.wired=64
says "the key is named" 'wired'
expect 2 "a way that does not divide the entries is refused" "$muk" run fine.yaml --set tlb.ways=3
says "the key is named" 'ways'
expect 2 "segment costs are none of a MIPS processor's" "$muk" run fine.yaml --set costs.segment.load=3
says "the key is named" 'segment'
finish
