# SPDX-License-Identifier: GPL-2.0-or-later
# Two commands: `make demo` and `make check`.  Everything else is meson's.
.PHONY: all demo check setup-demo setup-check clean
.NOTPARALLEL:

build = build

all: $(build)/build.ninja
	@ninja -C $(build) --quiet

setup-demo setup-check: setup-%:
	@sh .ci/setup $*

$(build)/build.ninja:
	@meson setup $(build) > $(build).log 2>&1 || { cat $(build).log; rm -f $(build).log; exit 1; }
	@rm -f $(build).log

# Installs what is missing, builds, and replays the tables of L95 and GD91 (but for other orders of paging, which take longer).
demo: setup-demo
	@$(MAKE) --no-print-directory all
	@$(build)/sim/cli/muk run scenarios/liedtke95/*.yaml $(filter-out %/gd91-w7m.yaml,$(wildcard scenarios/golub91/*.yaml)) || { \
		status=$$?; [ $$status -eq 1 ] || exit $$status; \
		echo; echo "Some cells are outside their tolerance: the line below each says why. (muk run exits with 1.)"; }

# The same set-up, then all tests.
check: setup-check
	@$(MAKE) --no-print-directory all
	@sh tests/run $(build)

clean:
	rm -rf $(build)
