#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: archives of modules, byte by byte, and what is refused.
# Usage: makemodules.sh MAKEMODULES
set -u
case $1 in /*) makemodules=$1 ;; *) makemodules=$PWD/$1 ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
n=0

states() { # text; the last command's result
	if [ $? -eq 0 ]; then ok=ok; else ok='not ok'; fi
	n=$((n + 1))
	echo "$ok $n - $1"
}
word() { # offset: the little-endian word there, in decimal
	od -An -tu4 -j"$1" -N4 archive | tr -d ' '
}

printf 'first file' >one
head -c 5000 /dev/zero | tr '\0' 'x' >two
"$makemodules" archive one "one a=1" two two
states "an archive of two files is made"
[ "$(head -c 4 archive)" = MUKM ] && [ "$(word 4)" = 2 ]
states "it begins with its magic and their number"
[ "$(word 8)" = 4096 ] && [ "$(word 12)" = 10 ] && [ "$(word 264)" = 8192 ] && [ "$(word 268)" = 5000 ]
states "each has its offset, a page's begin, and its size"
[ "$(tail -c +17 archive | head -c 7)" = "one a=1" ] && [ "$(word 23)" = 0 ]
states "and its command line, with zeroes behind it"
tail -c +4097 archive | head -c 10 | cmp -s - one && tail -c +8193 archive | head -c 5000 | cmp -s - two
states "the files are there"
[ "$(wc -c <archive)" = 16384 ]
states "and the archive ends with a page's end"
"$makemodules" archive && [ "$(word 4)" = 0 ]
states "an archive of nothing is one"
line=$(head -c 248 /dev/zero | tr '\0' 'l')
"$makemodules" archive one "$line" 2>said
[ $? -eq 2 ] && grep -q 'a command line is longer than 247 bytes' said
states "a command line that does not fit is refused"
"$makemodules" archive absent absent 2>said
[ $? -eq 2 ] && grep -q 'absent: No such file' said
states "a file that is not there is refused, by its name"
"$makemodules" archive one 2>said
[ $? -eq 2 ] && grep -q usage said
states "a file without a command line is bad usage"
set --
while [ $# -lt 34 ]; do set -- "$@" one one; done
"$makemodules" archive "$@" 2>said
[ $? -eq 2 ] && grep -q 'more than 16 modules' said
states "more modules than a kernel takes are refused"
echo "1..$n"
