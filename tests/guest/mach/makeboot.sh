#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: boot images (GD91 §6.2): what makeboot makes of a kernel and a bootstrap, what it refuses, and what the kernel
# says of an image that has come to harm.
# Usage: makeboot.sh GUEST_CONSOLE MAKEBOOT MKFFS MACH.elf BOOTSTRAP.elf MACH.boot SERVER.elf
set -u
console=$1 makeboot=$2 mkffs=$3 kernel=$4 bootstrap=$5 boot=$6 server=$7 n=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

report() { # status text
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
word() { # file offset: the 32-bit number there
	od -An -tu4 -j "$2" -N 4 "$1" | tr -d ' '
}
cut() { # file offset bytes
	dd if="$1" bs=1 skip="$2" count="$3" 2> /dev/null
}
put() { # file offset number
	bytes=$(printf '\\%03o\\%03o\\%03o\\%03o' $(($3 & 255)) $(($3 >> 8 & 255)) $(($3 >> 16 & 255)) $(($3 >> 24 & 255)))
	printf "$bytes" |
		dd of="$1" bs=1 seek="$2" conv=notrunc 2> /dev/null
}

# --- What it makes ---
data=$((52 + 32))                                          # the second program header
offset=$(word "$boot" $((data + 4))) vaddr=$(word "$boot" $((data + 8)))
[ "$(word "$boot" $((data + 16)))" = "$(word "$boot" $((data + 20)))" ]
report $? "the image has no bss"
[ $((offset + $(word "$boot" $((data + 16))))) = "$(wc -c < "$boot")" ]
report $? "text and data are all of the file"
[ "$(word "$boot" 32)" = 0 ] && [ "$(od -An -tu2 -j 48 -N 2 "$boot" | tr -d ' ')" = 0 ]
report $? "it has no symbol table, nor any section"
address=0x$(nm "$kernel" | sed -n 's/ [bB] boot_info$//p')
info=$((offset + address - vaddr))
symbols=$(word "$boot" $info) image=$(word "$boot" $((info + 4))) load=$(word "$boot" $((info + 8)))
[ $((info + 12 + symbols + image + load)) = "$(wc -c < "$boot")" ]
report $? "boot_info, at the start of the kernel's bss, tells the size of all that follows"
sym=$((info + 12)) img=$((sym + symbols)) ldr=$((img + image))
readelf -sW "$kernel" | awk '($4 == "FUNC" || $4 == "OBJECT") && $7 != "UND" { print $8 }' | sort > "$work/expected"
functions=$(wc -l < "$work/expected")
[ "$(word "$boot" $((sym + 8)))" = "$functions" ]
report $? "it has the kernel's $functions symbols"
cut "$boot" $((sym + 16 + 12 * functions)) "$(word "$boot" $((sym + 12)))" | tr '\0' '\n' | sort |
	cmp -s - "$work/expected"
report $? "by their names"
text_size=$(word "$boot" $((ldr + 8)))
cut "$boot" $((img + $(word "$boot" $((ldr + 12))))) "$text_size" > "$work/text"
objcopy -O binary -j .text "$bootstrap" "$work/expected" &&
	cmp -s -n "$(wc -c < "$work/expected")" "$work/text" "$work/expected"
report $? "the loader information leads to the bootstrap's text"
"$makeboot" "$kernel" "$bootstrap" "$work/again" && cmp -s "$boot" "$work/again"
report $? "the same again is the same bytes"

# --- What it refuses ---
head -c 30 "$kernel" > "$work/short"
head -c 9000 "$kernel" > "$work/cut"
cp "$bootstrap" "$work/type" && printf '\001' | dd of="$work/type" bs=1 seek=16 conv=notrunc 2> /dev/null
cp "$bootstrap" "$work/machine" && printf '\010' | dd of="$work/machine" bs=1 seek=18 conv=notrunc 2> /dev/null
cp "$bootstrap" "$work/other" && printf '\050' | dd of="$work/other" bs=1 seek=18 conv=notrunc 2> /dev/null
cp "$bootstrap" "$work/entry" && put "$work/entry" 24 $((0x70000000))
cp "$bootstrap" "$work/aligned" && put "$work/aligned" $((52 + 8)) $((0x10010))
cp "$bootstrap" "$work/headers" && put "$work/headers" 28 $((0x7fffffff))
echo text > "$work/words"
refuse() { # what kernel bootstrap words
	"$makeboot" "$2" "$3" "$work/out" 2> "$work/said"
	[ $? = 1 ] && grep -q "^makeboot: .*$4" "$work/said" && [ "$(wc -l < "$work/said")" = 1 ]
	report $? "makeboot refuses $1"
}
refuse "a kernel that is not there" "$work/nothing" "$bootstrap" "No such file"
refuse "a kernel that is a text" "$work/words" "$bootstrap" "not an ELF file"
refuse "a kernel that is cut off in its header" "$work/short" "$bootstrap" "not an ELF file"
refuse "a kernel that is cut off" "$work/cut" "$bootstrap" "a segment is not within the file"
refuse "a program for a kernel" "$bootstrap" "$bootstrap" "no boot_info"
refuse "an object for a bootstrap" "$kernel" "$work/type" "not an executable for the 386"
refuse "a bootstrap for MIPS" "$kernel" "$work/machine" "not for the processor of"
refuse "another machine's bootstrap" "$kernel" "$work/other" "not an executable for the 386"
refuse "a bootstrap that begins nowhere" "$kernel" "$work/entry" "does not begin in its text"
refuse "a bootstrap that is not on pages" "$kernel" "$work/aligned" "must begin on pages"
refuse "program headers outside of the file" "$kernel" "$work/headers" "headers are not within the file"
"$makeboot" "$kernel" 2> /dev/null
[ $? = 2 ]
report $? "makeboot without arguments tells its usage"

# --- What the kernel says (S-G4) ---
"$mkffs" -o "$work/disk" --size 4M /mach_servers/paging_file:zero=1M /mach_servers/server="$server" || exit 1
boots() { # image [console's options]
	image_file=$1
	shift
	"$console" -c 300000000 "$@" -p "$kernel" -d "$work/disk" i386dx-25 "$image_file" server=server > "$work/out" 2> "$work/end"
}
boots "$boot" -p "$bootstrap" -t 20000
grep -q "server: 1 words" "$work/out"
report $? "the image boots"
value() { echo $((0x$(sed -n "s/.* bootstrap_$1:value \([0-9a-f]*\)$/\1/p" "$work/end"))); }
[ "$(value file_pages)" -gt 0 ] && [ "$(value pages_in_place)" = "$(value file_pages)" ]
report $? "its pages are mapped into the task where they are, and not copied"
sum=$(($(value image_pages) + $(value stack_pages) + $(value allocator_pages) + $(value waiting_stack_pages)))
[ "$(value wired_pages)" = $sum ]
report $? "what the task has locked are the image, stacks and the allocator's pages (GD91 table 7-3): $sum pages"
harm() { # what offset number words
	cp "$boot" "$work/bad"
	put "$work/bad" "$2" "$3"
	boots "$work/bad"
	grep -q "panic: boot image: .*$4" "$work/out" && ! grep -q "server:" "$work/out"
	status=$?
	report $status "$1"
	[ $status = 0 ] || cat "$work/out" "$work/end" | sed 's/^/# /'
}
harm "symbols of a wrong size" $info 0x7ffffff0 "larger than memory"
harm "an image of a wrong size" $((info + 4)) 0xfffffffc "larger than memory"
harm "a size in no whole words" $((info + 4)) $((image - 2)) "not in whole words"
harm "loader information of another kind" $((info + 8)) 40 "not of this kernel's kind"
harm "symbols that do not describe themselves" $sym 1 "do not describe themselves"
harm "more symbols than there is room for" $((sym + 8)) 0x10000000 "more than their size"
harm "no loader information" $ldr 0 "no loader information"
harm "text that is not within the image" $((ldr + 8)) $((image + 4)) "not within it"
harm "text that is not on a page" $((ldr + 4)) $((0x10010)) "not on pages"
harm "data that are not within the image" $((ldr + 24)) $((image + 4096 & ~4095)) "not within it"
harm "data in the text" $((ldr + 16)) $((0x10000)) "data lie in the text"
harm "a bss as large as memory" $((ldr + 28)) 0xf0000000 "the bss does not fit"
harm "symbols that are not within the image" $((ldr + 32)) 0x7fffffff "symbols are not within it"
harm "an entry outside of the text" $((ldr + 40)) 0 "does not begin in its text"
boots "$kernel"
grep -q "no bootstrap image was joined" "$work/out"
report $? "a kernel alone says that it is alone"
echo "1..$n"
