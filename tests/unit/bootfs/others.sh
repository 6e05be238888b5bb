#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The file system in other people's hands: GRUB reads what mkffs makes, and bootfs what makefs (NetBSD's) makes.
#
# Usage: others.sh MKFFS BOOTFS_CAT FOLDER    FOLDER: of files, to be put into the images
mkffs=$1 cat=$2 source=$3
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
number=0
ok() { number=$((number + 1)); echo "ok $number - $1"; }
not_ok() { number=$((number + 1)); echo "not ok $number - $1"; }
result() { if [ "$1" = 0 ]; then ok "$2"; else not_ok "$2"; fi; }

files=$(cd "$source" && find . -type f | sort | head -40)

# Every file of the source is the same by this reader ("$@" PATH).
all_same() {
	for file in $files; do
		"$@" "/files/${file#./}" > "$work/out" 2> "$work/err" && cmp -s "$work/out" "$source/$file" || {
			echo "# $file differs: $(cat "$work/err")"
			return 1
		}
	done
}

for format in "--block 8192 --fragment 1024 --group 64M" "--block 4096 --fragment 512 --group 2M" \
              "--block 8192 --fragment 1024 --group 2M --old"; do
	# shellcheck disable=SC2086
	"$mkffs" $format -o "$work/image" --size 16M "/files:tree=$source" /paging_file:zero=4M || exit 1
	name="GRUB reads every file of an image that mkffs made ($format)"
	if command -v grub-fstest > /dev/null; then
		all_same grub-fstest "$work/image" cat
		result $? "$name"
		[ "$(grub-fstest "$work/image" cat /paging_file | wc -c)" = 4194304 ]
		result $? "GRUB finds the paging file's size ($format)"
	else
		ok "$name # SKIP no grub-fstest here"
	fi
done

if command -v makefs > /dev/null; then
	mkdir "$work/tree" && cp -R "$source" "$work/tree/files" && ln -s "files" "$work/tree/link"
	for format in "version=1" "version=1,bsize=4096,fsize=512" "version=1,bsize=8192,fsize=8192"; do
		makefs -t ffs -s 24m -o "$format" "$work/image" "$work/tree" > /dev/null || exit 1
		all_same "$cat" "$work/image"
		result $? "bootfs reads every file of an image that makefs made ($format)"
		file=$(echo "$files" | head -1)
		"$cat" "$work/image" "/link/${file#./}" | cmp -s - "$source/$file"
		result $? "bootfs follows a link that makefs made ($format)"
	done
	makefs -t ffs -s 24m -o version=2 "$work/image" "$work/tree" > /dev/null || exit 1
	"$cat" "$work/image" / > "$work/out" 2> "$work/err"
	grep -q "no 4.2BSD file system" "$work/err"
	result $? "bootfs refuses the second version of the format, in words"
else
	ok "bootfs reads every file of an image that makefs made # SKIP no makefs here"
fi
echo "1..$number"
