#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# One digest, whoever built the simulator, wherever it stands and whatever its environment (design: deterministic to the bit).
#
# Builds `muk` with other compilers, optimizations and sanitizers, in directories of other names, and compares the digests of
# scenarios with those of the given build.  The guest images must come out the same, byte for byte, from every directory.
#
# Usage: compare.sh SOURCE BUILD VARIANT...      VARIANT: gcc-O0 gcc-O3 clang-O2 clang-O0 sanitized again
# Prints TAP.
set -u
source=$1 build=$2
shift 2
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0

claim() { # status, text
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}

# Mach, paging to a disk by a pager in the kernel and by one out of it.
cat >"$work/paging.yaml" <<'END'
schema: 1
name: paging
title: "300 pages in 200"
model: i386dx-25
disk: golub91
programs: [mach, bootstrap, w7m]
limit: 2000Mcyc
runs:
  - {name: in, kernel: mk63, options: "mk63 server=w7m,pattern=a,pages=300,compute=1 available=200"}
  - {name: out, kernel: mach.boot, options: "mach server=w7m,pattern=a,pages=300,compute=1 available=200"}
metrics:
  - {id: paged, name: "pages went out and came in", value: "in.pageins.value > 50 and out.pageins.value > 50", unit: claim}
END

# Each claim about a MIPS processor: its exceptions, its TLB, its interrupts.
cat >"$work/claims.yaml" <<'END'
schema: 1
name: claims
title: "Claims about a processor"
model: r3000-25
kernel: bare-cpu
options: "brief"
limit: 2000Mcyc
metrics:
  - {id: cycles, name: "all of them", value: main.cycles, unit: cycles, kind: info}
END

# The scenarios that are compared: all of L95's, and of Mach's those that are short; a few of each, on MIPS too, where meson
# test builds the simulator again (MUK_FEW: others).  SCENARIO@MODEL is a scenario on another model.
l95=$source/scenarios/liedtke95
mach="$source/scenarios/golub91/mach-paths.yaml $source/scenarios/golub91/s-g4.yaml $work/paging.yaml"
mips="$work/claims.yaml@r2000-16 $work/claims.yaml@r3000-25 $work/claims.yaml@r4000-100"
for model in r3000-25 r4000-100; do
	mips="$mips $l95/l95-t2-rpc.yaml@$model $l95/s-l2.yaml@$model $l95/s-l6.yaml@$model $work/paging.yaml@$model"
done
all="$(ls "$l95"/*.yaml) $mach $mips"
few=${MUK_FEW:-"$l95/l95-k5-null-call.yaml $l95/l95-t2-rpc.yaml $l95/l95-t1-tagged.yaml $l95/l95-n3-ipc.yaml
	$l95/s-l2.yaml $l95/s-l6.yaml $mach $mips"}

digests() { # muk, scenarios: prints "scenario digest cycles" lines
	muk=$1
	shift
	for scenario in "$@"; do
		model=
		case $scenario in *@*) model="--set model=${scenario#*@}" ;; esac
		# shellcheck disable=SC2086 # it is two words, or nothing
		"$muk" run "${scenario%@*}" $model --json 2>>"$work/err" |
			tr ',' '\n' | sed -n 's/^ *{*"\(scenario\|digest\|cycles\)": *"*\([^"]*\)"*$/\2/p' | head -3 | tr '\n' ' '
		echo
	done
}

variant() { # compiler, flags, meson options...: builds muk into $work/$name
	compiler=$1 flags=$2
	shift 2
	(
		cd "$source" && CC=$compiler CFLAGS=$flags meson setup "$work/$name" "$@" &&
			ninja -C "$work/$name" sim/cli/muk
	) >"$work/$name.log" 2>&1 || { sed 's/^/# /' "$work/$name.log" | tail -40; return 1; }
}

same_images() { # name
	compared=0
	for image in $(cd "$build" && find kernel pager scenarios -name '*.elf' -o -name '*.boot' -o -name '*.img' | sort); do
		[ -f "$work/$1/$image" ] || continue
		cmp -s "$build/$image" "$work/$1/$image" || { echo "# $image differs"; return 1; }
		compared=$((compared + 1))
	done
	[ $compared -gt 0 ] || { echo "# there is none to compare"; return 1; }
}

compare() { # name, scenarios
	name=$1
	shift
	digests "$build/sim/cli/muk" "$@" >"$work/expected"
	digests "$work/$name/sim/cli/muk" "$@" >"$work/got"
	[ "$(grep -c '[0-9a-f]\{32\}' "$work/expected")" = $# ] || { echo "# no digest"; sed 's/^/# /' "$work/expected" "$work/err"; return 1; }
	cmp -s "$work/expected" "$work/got" || { diff "$work/expected" "$work/got" | sed 's/^/# /'; sed 's/^/# /' "$work/err" | head; return 1; }
}

echo "TAP version 13"
for name in "$@"; do
	scenarios=$all
	case $name in
	gcc-O0)
		scenarios=$few
		variant gcc "" --buildtype=debug
		;;
	gcc-O3) variant gcc "" --buildtype=plain -Doptimization=3 ;;
	clang-O2)
		scenarios=$few
		variant clang "" --buildtype=debugoptimized
		;;
	clang-O0) variant clang "" --buildtype=debug ;;
	sanitized)
		scenarios=$few
		variant clang "-fno-sanitize-recover=all" --buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false
		;;
	again) # the same build, from another directory, with another environment
		mkdir -p "$work/again/sim/cli" && cp "$build/sim/cli/muk" "$work/again/sim/cli/muk"
		;;
	esac
	built=$?
	claim $built "$name: muk builds"
	[ $built -eq 0 ] || continue
	[ "$name" = again ] || { same_images "$name"; claim $? "$name: the guest images are the same bytes"; }
	# shellcheck disable=SC2086
	if [ "$name" = again ]; then
		(
			cd / || exit 1
			export TZ=Asia/Tokyo LANG=tr_TR.UTF-8 HOME=/nonexistent MALLOC_PERTURB_=129
			compare "$name" $scenarios
		)
	else
		compare "$name" $scenarios
	fi
	claim $? "$name: all digests and cycles are the same"
done
echo "1..$number"
