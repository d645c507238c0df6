# tests.mk - the targets that prove seilc.

SCRIPTS_CHECK = $(filter-out %/lib.sh,$(wildcard tests/cli/*.sh tests/ci/*.sh)) tests/golden/run tests/lint/run tests/lint/mutate.sh
SCRIPTS_ROOT = $(filter-out %/lib.sh,$(wildcard tests/bundle/*.sh tests/runtime/*.sh tests/daemons/*.sh)) \
	tests/stack/starlink.sh tests/lab/ci.sh
# Those that need a kernel with tunnels, in a virtual machine where the host has none: slow (docs/limits.md).
SCRIPTS_VM = tests/stack/flets.sh

# What each target needs from Debian.  `make deps` installs what is missing; without root it says what that is.
BUILD_PACKAGES = gcc make libc6-dev flex bison libyaml-dev libjansson-dev zlib1g-dev libmd-dev
VM_PACKAGES = mmdebstrap e2fsprogs xz-utils qemu-system-x86 uidmap
LAB_PACKAGES = $(VM_PACKAGES) iproute2 procps jq python3 python3-yaml gnuplot-nox
TEST_PACKAGES = $(BUILD_PACKAGES) $(LAB_PACKAGES) libcmocka-dev shellcheck python3-jsonschema pre-commit zsh vim

deps-build:
	@tests/deps $(BUILD_PACKAGES)

# npm brings the schema of SARIF, on which tests/sarif/validate insists nowhere: without it that test is skipped.
deps:
	@tests/deps $(TEST_PACKAGES)
	@command -v npm >/dev/null || tests/deps npm
	@tests/sarif/validate || [ $$? -eq 77 ]

unit: $(UNIT)
	@tests/run $(UNIT)

check: all $(UNIT)
	@SEILC=$(abspath $(B))/seilc tests/run $(UNIT) $(SCRIPTS_CHECK)

test: deps
	@$(MAKE) -j$$(nproc) --no-print-directory -s SANITIZE=1 B=build/sanitized all
	@$(MAKE) -j$$(nproc) --no-print-directory -s all unit-programs
	@SEILC=$(abspath build/sanitized/seilc) tests/run $(UNIT) $(SCRIPTS_CHECK) $(SCRIPTS_ROOT)

test-vm: all
	@tests/deps $(VM_PACKAGES)
	@SEILC=$(abspath $(B))/seilc tests/run $(SCRIPTS_VM)

unit-programs: $(UNIT)

accept: all
	@SEILC=$(abspath $(B))/seilc tests/golden/run --accept
	@SEILC=$(abspath $(B))/seilc tests/cli/readme.sh --accept

.PHONY: deps deps-build unit unit-programs check test test-vm accept

bench: all
	@tests/deps hyperfine time jq
	@tests/bench/run $(B)/seilc $(B)/bench

# libFuzzer, one minute each unless FUZZ_SECONDS says otherwise; what it finds worth keeping goes to the corpus.
FUZZ_SECONDS ?= 60
FUZZERS = plan format fix site rules report

fuzz:
	@tests/deps $(BUILD_PACKAGES) clang libclang-rt-14-dev
	@for name in $(FUZZERS); do tests/fuzz/run $$name $(FUZZ_SECONDS) || exit 1; done

.PHONY: bench fuzz

# The virtual site (docs/lab.md).  LAB_KERNEL=host or vm instead of what fits; LAB_SUITES, SITE, STEPS narrow or widen it.
LAB_KERNEL ?= auto
LAB_SUITES ?= bookworm trixie
SITE ?= examples/site.yaml

lab: all
	@tests/deps $(LAB_PACKAGES)
	@mkdir -p lab; status=0; for suite in $(LAB_SUITES); do \
		SEILC=$(abspath $(B))/seilc tests/lab/lab --kernel $(LAB_KERNEL) --site $(SITE) --suite $$suite \
			--out lab/$$suite $(STEPS) || status=1; done; exit $$status

lab-ci: all
	@tests/deps $(LAB_PACKAGES)
	@SEILC=$(abspath $(B))/seilc tests/run tests/lab/ci.sh

lab-breaks: all
	@tests/deps $(LAB_PACKAGES)
	@SEILC=$(abspath $(B))/seilc tests/run tests/lab/breaks

.PHONY: lab lab-ci lab-breaks
