#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Wrong YAML through the command: muk check FILE exits with 2 and says on stderr what FILE's text says, for every file
# (but those that say that they need the fake host of driver.c).
#   exit.sh MUK FOLDER...       in the folder of this script; TAP on stdout
muk=$1
shift

number=0
failed=0
for folder; do
	for file in "$folder"/*.yaml; do
		grep -q '^# Only the fake host ' "$file" && continue
		number=$((number + 1))
		said=$("$muk" check "$file" 2>&1 >/dev/null; echo "exit $?")
		expected=$(cat "${file%.yaml}.txt"; echo "exit 2")
		if [ "$said" = "$expected" ]; then
			echo "ok $number - $file exits with 2 and its text"
		else
			echo "not ok $number - $file exits with 2 and its text"
			printf '%s\n' "$said" | sed 's/^/# /'
			failed=1
		fi
	done
done
echo "1..$number"
exit $failed
