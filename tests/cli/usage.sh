#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2317 # functions are called by expect and holds
# What muk says about itself, and to those who call it wrongly.
. "${0%/*}/tap.sh"

expect 2 "no command is bad usage" "$muk"
says "the usage goes to standard error" '^usage: muk COMMAND'
expect 0 "--help is fine" "$muk" --help
prints "help lists the commands" '^  run  '
prints "help lists the exit statuses" '^  70  a defect of the simulator'
expect 0 "--version is fine" "$muk" --version
prints "the version names the schema" 'schema 2'
expect 2 "an unknown command is bad usage" "$muk" rnu
says "it says which commands there are" "no command 'rnu'.*list, run, report, sweep, check, bench"
for command in list run report sweep check bench; do
	expect 0 "$command --help is fine" "$muk" "$command" --help
	prints "$command --help shows its usage" "^usage: muk $command"
	expect 0 "help $command is the same" "$muk" help "$command"
	expect 2 "$command --bogus is bad usage" "$muk" "$command" --bogus
	says "$command names the unknown option" "there is no option '--bogus'"
done
expect 2 "run without a scenario is bad usage" "$muk" run
expect 2 "an option without its argument is bad usage" "$muk" run x --max-cycles
says "it names the option" "'--max-cycles' needs an argument"
expect 2 "an argument to a flag is bad usage" "$muk" run x --json=yes
expect 2 "a trace level that is none is bad usage" "$muk" run l95-k3-trap --trace some
says "it says which there are" 'none, events, all'
expect 2 "a limit that is no number is bad usage" "$muk" run l95-k3-trap --max-cycles 12parsecs
expect 2 "a limit of nothing is bad usage" "$muk" run l95-k3-trap --max-cycles 0
if [ -w /dev/full ]; then
	list_to_full_disk() { "$muk" list >/dev/full; }
	expect 2 "a full standard output is an error" list_to_full_disk
	says "it says so" 'cannot write to the standard output'
else
	skip "a full standard output is an error" "no /dev/full"
fi
finish
