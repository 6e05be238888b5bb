#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2317 # functions are called by expect and holds
# The library as others use it: by its public headers, pkg-config, and docs/example.c.
. "${0%/*}/tap.sh"
build_dir=$(cd "${muk%/*}/../.." && pwd)
export PKG_CONFIG_PATH="$build_dir/meson-uninstalled"
library=$build_dir/sim/cli/libmukroscope.so
foreign_symbols() { nm -D --defined-only "$library" | awk '$2 ~ /[TDRBV]/ && $3 !~ /^muk_/ {print $3}'; }

headers_compile_alone() {
	for header in "$source_dir"/include/mukroscope/*.h; do
		echo "#include \"$header\"" | "${CC:-cc}" -xc -Wall -Werror -I"$source_dir/include" -fsyntax-only - || return 1
	done
}

# shellcheck disable=SC2046 # words are wanted
expect 0 "docs/example.c compiles against the public headers alone" \
	"${CC:-cc}" -Wall -Wextra -Werror -o example "$source_dir/docs/example.c" $(pkg-config --cflags --libs mukroscope)
expect 0 "it boots a kernel and runs a scenario" env LD_LIBRARY_PATH="$build_dir/sim/cli" ./example l95-k3-trap
prints "it reads a metric" '^L95-K3 .*107\.0 cycles'
prints "it prints a digest" '^ok, digest [0-9a-f]{32}$'
expect 1 "an unknown scenario is an error of the library, not its end" \
	env LD_LIBRARY_PATH="$build_dir/sim/cli" ./example l95-k3-tarp
says "which says what it expected" 'expected a scenario'
holds "the example has at most 30 lines" test "$(wc -l < "$source_dir/docs/example.c")" -le 30
promised() { nm -D --defined-only "$library" | grep -q ' T muk_scenario_run$'; }
holds "the library exports what its headers promise" promised
holds "and nothing else" test -z "$(foreign_symbols)"
holds "every public header compiles alone" headers_compile_alone
finish
