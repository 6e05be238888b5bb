# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Claims about a command, as TAP.  To be read in by the tests here, which are called as: TEST.sh MUK SOURCE-DIRECTORY
#
#   expect STATUS "claim" command...   runs it; its output goes to $out and $err; the claim holds if it exits with STATUS
#   says "claim" PATTERN               the last command's standard error has a line that matches (grep -E)
#   prints "claim" PATTERN             the same of its standard output
#   holds "claim" command...           the claim holds if the command succeeds
#   skip "claim" REASON
#   finish                             prints the plan; ends the test

# shellcheck disable=SC2034 # for the tests
muk=$(realpath "$1")
# shellcheck disable=SC2034 # for the tests
source_dir=$2
claims=0
failures=0
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
out=$work/stdout
err=$work/stderr
cd "$work" || exit 99
# The engine leaks a little; leaks of our own are found by builds with the sanitizer.
echo leak:libunicorn >"$work/suppressions"
export LSAN_OPTIONS="suppressions=$work/suppressions:print_suppressions=0"

result() {
	claims=$((claims + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $claims - $2"
	else
		failures=$((failures + 1))
		echo "not ok $claims - $2"
		sed 's/^/# out: /' "$out" | head -20
		sed 's/^/# err: /' "$err" | head -20
	fi
}

expect() {
	wanted=$1
	claim=$2
	shift 2
	"$@" >"$out" 2>"$err" </dev/null
	status=$?
	[ "$status" -eq "$wanted" ] || echo "# $*: exit status $status, not $wanted"
	[ "$status" -eq "$wanted" ]
	result $? "$claim"
}

says() {
	grep -Eq -e "$2" "$err"
	result $? "$1"
}

prints() {
	grep -Eq -e "$2" "$out"
	result $? "$1"
}

holds() {
	claim=$1
	shift
	"$@"
	result $? "$claim"
}

skip() {
	claims=$((claims + 1))
	echo "ok $claims - $1 # SKIP $2"
}

finish() {
	echo "1..$claims"
	[ "$failures" -eq 0 ]
	exit
}
