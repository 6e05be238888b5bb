#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: what the bootstrap says when it cannot start the system: the reason in words, and the end of the run with code 97
# (98: the first server has ended), in both forms of the kernel.
# Usage: bootstrap.sh [-m MODEL] GUEST_CONSOLE MKFFS PROGRAM.elf KERNEL[:ELF]...
# PROGRAM: a server; ELF: where a kernel's probes are, if it is none itself.
set -u
model=i386dx-25
[ "$1" = -m ] && model=$2 && shift 2
console=$1 mkffs=$2 program=$3 n=0
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

report() { # status text
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

image() { # name entries...
	name=$1
	shift
	"$mkffs" -o "$work/$name" --size 4M "$@" || exit 1
}
patch() { # name offset bytes (printf)
	printf "$3" | dd of="$work/$1" bs=1 seek="$2" conv=notrunc 2> /dev/null
}
paging=/mach_servers/paging_file:zero=1M
server=/mach_servers/server=$program
text=$work/text
echo "#!/bin/sh" > "$text"
head -c 60 "$program" > "$work/short"
head -c 10000 "$program" > "$work/cut"
cp "$program" "$work/shared"
# Its second program header's address: the middle of the first one's last page.
printf '\000\000\001\000' | dd of="$work/shared" bs=1 seek=$((52 + 32 + 8)) conv=notrunc 2> /dev/null

image good $paging "$server"
image no_paging "$server"
image holes /mach_servers/paging_file:holes=1M/32 "$server"
image empty /mach_servers/paging_file:zero=100 "$server"
image folder /mach_servers/paging_file/ "$server"
image link /disk/paging:zero=1M /mach_servers/paging_file:link=/disk/paging "$server"
image loop /mach_servers/paging_file:link=paging_file "$server"
image text $paging "/mach_servers/server=$text"
image short $paging "/mach_servers/server=$work/short"
image cut $paging "/mach_servers/server=$work/cut"
image shared $paging "/mach_servers/server=$work/shared"
head -c 4M /dev/zero > "$work/nothing"
cp "$work/good" "$work/corrupt"
patch corrupt $((8192 + 188)) '\000\000\000\000'   # no fragments in a group
cp "$work/good" "$work/root"
patch root $((32768 + 2 * 128)) '\000\000'         # the root's inode is free

expect() { # what disk "options" code "words" [console's options]
	what=$1 disk=$2 options=$3 code=$4 words=$5
	shift 5
	"$console" -c 2000000000 ${probes:+-p "$probes"} "$@" ${disk:+-d "$work/$disk"} "$model" "$kernel" "$options" \
		> "$work/out" 2> "$work/end"
	grep -q "shut down with code $code" "$work/end" && grep -q "$words" "$work/out"
	status=$?
	report $status "$form: $what"
	[ $status = 0 ] || sed 's/^/# /' "$work/out" "$work/end"
}

for kernel; do
	probes=${kernel#*:} kernel=${kernel%%:*}
	[ "$probes" = "$kernel" ] && probes=
	form=$(basename "$kernel")
	expect "no server is named" good "" 97 "server=NAME"
	expect "there is no such server" good server=nobody 97 "/mach_servers/nobody cannot be loaded: no such file"
	expect "the server's name is too long" good "server=$(printf '%0200d' 0)" 97 "name is too long"
	expect "the server is a directory's path" good server=../mach_servers 97 "no executable"
	expect "the server is a text" text server=server 97 "it is too short"
	expect "the server's headers are cut off" short server=server 97 "it is too short"
	expect "the server's segments are cut off" cut server=server 97 "a segment is not within the file"
	expect "the server's segments overlap" shared server=server 97 "its segments share a page"
	expect "there is no paging file" no_paging server=server 97 "paging_file cannot be used: no such file"
	expect "the paging file has holes" holes server=server 97 "paging_file cannot be used: the file has holes"
	expect "the paging file has no block" empty server=server 97 "paging_file cannot be used: it has no block"
	expect "the paging file is a directory" folder server=server 97 "paging_file cannot be used: it is neither"
	expect "the paging file is a link to itself" loop server=server 97 "paging_file cannot be used: too many symbolic"
	expect "there is no disk" "" server=server 97 "hd0a cannot be opened"
	expect "the disk has no file system" nothing server=server 97 "hd0a cannot be mounted: no 4.2BSD file system"
	expect "the superblock is corrupt" corrupt server=server 97 "hd0a cannot be mounted: the file system is corrupt"
	expect "the root is corrupt" root server=server 97 "the file system is corrupt"
	expect "the superblock cannot be read" good server=server 97 "the device has failed" -s disk.bad=16
	expect "the first server ends" good server=server,end 98 "the first server has ended"
	expect "a paging file by a link will do" link server=server,a,,b 42 "server: 4 words: server a  b"
done
echo "1..$n"
