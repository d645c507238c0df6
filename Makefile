# Makefile - build, test, show and install seilc.
#
#   make            the program, build/seilc
#   make demo       compile the example site and show what came out
#   make test       all tests (as root: Debian roots, daemons, network namespaces)
#   make check      the tests that need neither root nor daemons
#   make accept     show what changed in golden files, and take it
#   make lab        the virtual site: failovers measured (as root; docs/lab.md); lab-ci the short form
#   make fuzz bench install deps
#
# SANITIZE=1 builds with ASan and UBSan; B=DIR chooses the build directory; CC=clang works as well.

B ?= build
PREFIX ?= /usr/local
CFLAGS ?= -O2 -g
LEX = flex
YACC = bison
SANITIZE ?=

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla
FLAGS = -std=gnu11 $(CFLAGS) $(WARNINGS) -Icompiler -Icompiler/lower -Ibackends -I$(B)
LIBS = -lyaml -ljansson -lz -lmd
ifneq ($(SANITIZE),)
FLAGS += -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
endif

ifneq ($(FUZZ),)
FLAGS += -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
endif

MAIN = compiler/main.c
SOURCES = $(filter-out $(MAIN),$(wildcard compiler/*.c compiler/*/*.c)) $(filter-out backends/embed.c,$(wildcard backends/*.c))
GENERATED = $(B)/keys.c $(B)/lexer.c $(B)/parser.c $(B)/embedded.c $(B)/pages.c
OBJECTS = $(SOURCES:%.c=$(B)/obj/%.o) $(GENERATED:$(B)/%.c=$(B)/obj/generated/%.o)
KEYS = $(wildcard grammar/keys/*.yaml)
EMBEDDED = $(sort $(wildcard backends/runtime/*/* backends/runtime/* backends/install/*))
PAGES = $(wildcard docs/findings/*.md)
VIM_FILES = ftdetect/seil.vim syntax/seil.vim compiler/seilc.vim
UNIT = $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/test_*.c))

all: $(B)/seilc

$(B)/seilc: $(B)/obj/compiler/main.o $(B)/libseilc.a
	$(CC) $(FLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/libseilc.a: $(OBJECTS)
	rm -f $@
	$(AR) rcs $@ $(OBJECTS)

# ---- generated sources ----

$(B)/keygen: grammar/keygen.c | $(B)/stamp
	$(CC) $(FLAGS) $(LDFLAGS) -o $@ $< -lyaml

$(B)/keys.c $(B)/keys.h &: $(B)/keygen $(KEYS)
	$(B)/keygen $(B)/keys.h $(B)/keys.c $(KEYS)

$(B)/lexer.c $(B)/lexer.h &: grammar/lexer.l | $(B)/stamp
	$(LEX) --header-file=$(B)/lexer.h -o $(B)/lexer.c $<

$(B)/parser.c $(B)/parser.h &: grammar/parser.y | $(B)/stamp
	$(YACC) --defines=$(B)/parser.h -o $(B)/parser.c $<

$(B)/embed: backends/embed.c | $(B)/stamp
	$(CC) $(FLAGS) $(LDFLAGS) -o $@ $<

$(B)/embedded.c: $(B)/embed $(EMBEDDED)
	$(B)/embed embedded_files $(EMBEDDED) >$@.tmp
	mv $@.tmp $@

$(B)/pages.c: $(B)/embed $(PAGES)
	$(B)/embed finding_pages $(PAGES) >$@.tmp
	mv $@.tmp $@

# The generated headers stand before the first object; after that the dependency files know better.
$(OBJECTS) $(B)/obj/compiler/main.o: | $(B)/keys.h $(B)/parser.h $(B)/lexer.h

$(B)/obj/generated/%.o: $(B)/%.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -MMD -MP -c -o $@ $<

$(B)/obj/%.o: %.c $(B)/stamp
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -MMD -MP -c -o $@ $<

# Objects are made anew when the flags change.
$(B)/stamp: force
	@mkdir -p $(B)
	@echo '$(CC) $(FLAGS)' | cmp -s - $@ || echo '$(CC) $(FLAGS)' >$@

-include $(OBJECTS:.o=.d) $(B)/obj/compiler/main.d $(UNIT:=.d)

# ---- tests ----

$(B)/unit/%: tests/unit/%.c $(B)/libseilc.a
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -MMD -MP $(LDFLAGS) -o $@ $< $(B)/libseilc.a $(LIBS) -lcmocka

$(B)/fuzz_%: tests/fuzz/fuzz_%.c $(B)/libseilc.a
	$(CC) $(FLAGS) -fsanitize=fuzzer -o $@ $< $(B)/libseilc.a $(LIBS)

include tests/tests.mk

# ---- for people ----

demo: deps-build
	@$(MAKE) --no-print-directory -s all
	@tests/demo $(B)/seilc

install: all
	install -D -m 755 $(B)/seilc $(DESTDIR)$(PREFIX)/bin/seilc
	install -D -m 644 docs/seilc.1 $(DESTDIR)$(PREFIX)/share/man/man1/seilc.1
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions
	$(B)/seilc completion bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/seilc
	$(B)/seilc completion zsh >$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_seilc
	for file in $(VIM_FILES); do \
	    install -D -m 644 docs/vim/$$file $(DESTDIR)$(PREFIX)/share/vim/vimfiles/$$file || exit 1; done

clean:
	rm -rf $(B)

.PHONY: all demo install clean force
.DELETE_ON_ERROR:
