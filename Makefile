# pg_migrations/Makefile
#
#   make, make install, make installcheck    as for any extension (PGXS)
#   make demo, make test                     on a bare Debian machine, as root
#   make help                                the rest

MODULE_big = pg_migrations
OBJS = \
	src/pg_migrations.o \
	src/api/autogen.o \
	src/api/changes.o \
	src/api/ddl.o \
	src/api/directory.o \
	src/api/drift.o \
	src/api/file.o \
	src/api/inspect.o \
	src/api/migrate.o \
	src/api/procedure.o \
	src/api/result.o \
	src/api/revision.o \
	src/api/test.o \
	src/io/adopt.o \
	src/io/bundle.o \
	src/io/dir.o \
	src/io/foreign.o \
	src/io/import.o \
	src/io/import_squashed.o \
	src/io/pair.o \
	src/io/revfile.o \
	src/io/version_table.o \
	src/kind/aggregate.o \
	src/kind/base_type.o \
	src/kind/cast.o \
	src/kind/collation.o \
	src/kind/column.o \
	src/kind/column_base.o \
	src/kind/column_cast.o \
	src/kind/column_convert.o \
	src/kind/column_equal.o \
	src/kind/column_fill.o \
	src/kind/column_generated.o \
	src/kind/column_held.o \
	src/kind/column_not_null.o \
	src/kind/column_not_null_name.o \
	src/kind/column_retype.o \
	src/kind/column_rows.o \
	src/kind/column_setting.o \
	src/kind/column_users.o \
	src/kind/composite.o \
	src/kind/composite_convert.o \
	src/kind/computed.o \
	src/kind/constraint.o \
	src/kind/constraint_parents.o \
	src/kind/constraint_parse.o \
	src/kind/constraint_rows.o \
	src/kind/counter.o \
	src/kind/counter_order.o \
	src/kind/default.o \
	src/kind/default_privileges.o \
	src/kind/domain.o \
	src/kind/enum.o \
	src/kind/event_trigger.o \
	src/kind/exclusion_rows.o \
	src/kind/fired.o \
	src/kind/grant.o \
	src/kind/identity_sequence.o \
	src/kind/index.o \
	src/kind/index_adopted.o \
	src/kind/index_parts.o \
	src/kind/index_renewed.o \
	src/kind/initial_grants.o \
	src/kind/kinds.o \
	src/kind/language.o \
	src/kind/list.o \
	src/kind/member_grants.o \
	src/kind/metadata.o \
	src/kind/operator.o \
	src/kind/part_drop.o \
	src/kind/partition_key.o \
	src/kind/partition_rows.o \
	src/kind/policy.o \
	src/kind/publication.o \
	src/kind/range_type.o \
	src/kind/routine.o \
	src/kind/rule.o \
	src/kind/schema.o \
	src/kind/sequence.o \
	src/kind/sequence_options.o \
	src/kind/serial.o \
	src/kind/server.o \
	src/kind/stand_in.o \
	src/kind/statistics.o \
	src/kind/subscription.o \
	src/kind/table.o \
	src/kind/table_inherit.o \
	src/kind/table_parents.o \
	src/kind/textsearch.o \
	src/kind/trigger.o \
	src/kind/type.o \
	src/kind/type_modifiers.o \
	src/kind/view.o \
	src/model/absent_role.o \
	src/model/accept.o \
	src/model/agree.o \
	src/model/bodies.o \
	src/model/catalog_filter.o \
	src/model/code_trust.o \
	src/model/compare.o \
	src/model/compare_applied.o \
	src/model/compare_part.o \
	src/model/compare_print.o \
	src/model/creates.o \
	src/model/ddl_guard.o \
	src/model/ddl_log.o \
	src/model/drift.o \
	src/model/extension_comment.o \
	src/model/extension_version.o \
	src/model/fill_marks.o \
	src/model/generate.o \
	src/model/guard.o \
	src/model/hazard_rows.o \
	src/model/hide.o \
	src/model/history.o \
	src/model/history_scan.o \
	src/model/jobs.o \
	src/model/keepable.o \
	src/model/kept.o \
	src/model/kept_chain.o \
	src/model/kept_key.o \
	src/model/live.o \
	src/model/live_part.o \
	src/model/marks.o \
	src/model/met_schemas.o \
	src/model/model_store.o \
	src/model/parse.o \
	src/model/part.o \
	src/model/part_pair.o \
	src/model/partman.o \
	src/model/prerequisites.o \
	src/model/probe.o \
	src/model/proof.o \
	src/model/relocate.o \
	src/model/rename.o \
	src/model/rename_along.o \
	src/model/rename_catalog.o \
	src/model/rename_find.o \
	src/model/rename_sql.o \
	src/model/rename_swap.o \
	src/model/repeatable.o \
	src/model/row_filter.o \
	src/model/scope.o \
	src/model/shadow.o \
	src/model/shadow_members.o \
	src/model/shadow_places.o \
	src/model/slice.o \
	src/model/statement_about.o \
	src/model/statement_reach.o \
	src/model/stub.o \
	src/model/targets.o \
	src/model/test.o \
	src/model/trial.o \
	src/model/unmanaged_tables.o \
	src/model/words.o \
	src/rev/author.o \
	src/rev/draw.o \
	src/rev/graph.o \
	src/rev/graph_files.o \
	src/rev/graph_source.o \
	src/rev/ident.o \
	src/rev/incoming.o \
	src/rev/incoming_check.o \
	src/rev/incoming_order.o \
	src/rev/journal.o \
	src/rev/lookup.o \
	src/rev/nearest.o \
	src/rev/offline.o \
	src/rev/plan.o \
	src/rev/progress.o \
	src/rev/range.o \
	src/rev/resolve.o \
	src/rev/show.o \
	src/rev/sort.o \
	src/rev/stale_snapshot.o \
	src/rev/store.o \
	src/rev/tables.o \
	src/rev/trust.o \
	src/rev/undo_hint.o \
	src/run/atomic.o \
	src/run/authoring.o \
	src/run/blockers.o \
	src/run/deferred.o \
	src/run/deploy.o \
	src/run/execute.o \
	src/run/lock.o \
	src/run/new_label.o \
	src/run/new_label_use.o \
	src/run/nontransactional.o \
	src/run/pipeline.o \
	src/run/plan_hazard.o \
	src/run/plan_hazard_parts.o \
	src/run/plan_hazard_rights.o \
	src/run/plan_hazard_rows.o \
	src/run/restriction.o \
	src/run/resume.o \
	src/run/script.o \
	src/run/script_check.o \
	src/run/session.o \
	src/run/squash.o \
	src/run/statement.o \
	src/run/status.o \
	src/run/step.o \
	src/run/toplevel.o \
	src/run/transaction.o \
	src/sch/action.o \
	src/sch/alike.o \
	src/sch/alter_table.o \
	src/sch/body.o \
	src/sch/catalog_row.o \
	src/sch/code.o \
	src/sch/create_table.o \
	src/sch/debug_trace.o \
	src/sch/dependent.o \
	src/sch/diff.o \
	src/sch/differences.o \
	src/sch/distance.o \
	src/sch/edges.o \
	src/sch/emit.o \
	src/sch/expression.o \
	src/sch/filled.o \
	src/sch/foresee.o \
	src/sch/imprint.o \
	src/sch/imprint_pages.o \
	src/sch/kinds_present.o \
	src/sch/leaving.o \
	src/sch/logging.o \
	src/sch/loop.o \
	src/sch/name.o \
	src/sch/narrow.o \
	src/sch/normal.o \
	src/sch/order.o \
	src/sch/outside.o \
	src/sch/row_alias.o \
	src/sch/snapshot.o \
	src/sch/snapshot_merge.o \
	src/sch/snapshot_query.o \
	src/sch/snapshot_same.o \
	src/sch/snapshot_text.o \
	src/sch/sql_body.o \
	src/sch/surroundings.o \
	src/sch/upsert.o \
	src/util/arg.o \
	src/util/backend.o \
	src/util/catalog_plan.o \
	src/util/deadline.o \
	src/util/enum_labels.o \
	src/util/extension.o \
	src/util/guc.o \
	src/util/hazard.o \
	src/util/own_tables.o \
	src/util/pattern.o \
	src/util/publication_check.o \
	src/util/row.o \
	src/util/settings.o \
	src/util/spi.o \
	src/util/sql.o \
	src/util/subxact.o \
	src/util/template.o \
	src/util/time.o \
	src/util/token.o \
	src/util/version.o

ROOT := $(dir $(firstword $(MAKEFILE_LIST)))
EXTENSION = pg_migrations
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" $(ROOT)pg_migrations.control)
DATA = $(notdir $(wildcard $(srcdir)/pg_migrations--*.sql))
PG_CPPFLAGS = -I$(srcdir:/=)/src -DMIG_VERSION='"$(EXTVERSION)"'

# Warnings belong into PG_CFLAGS: PG_CPPFLAGS reach the bitcode pass as well,
# whose clang does not know all of them.  -MMD -MP write the header
# dependencies, which PGXS has only where the server was configured with
# --enable-depend.
PG_CFLAGS = -MMD -MP \
	-Wextra -Wno-unused-parameter -Wshadow -Wstrict-prototypes \
	-Wold-style-definition -Wwrite-strings -Wnull-dereference \
	-Wunused-macros -Wvla \
	$(if $(findstring clang,$(shell $(CC) --version)),$(CLANG_WARNINGS),$(GCC_WARNINGS))
GCC_WARNINGS = -Wduplicated-cond -Wduplicated-branches -Wlogical-op
CLANG_WARNINGS = -Wcomma -Wconditional-uninitialized \
	-Wmissing-variable-declarations $(CLANG_TOLERATES)
# The server's options may be for gcc alone; and designated initializers may
# leave fields out, as gcc knows.
CLANG_TOLERATES = -Wno-ignored-attributes -Wno-ignored-optimization-argument \
	-Wno-unknown-warning-option -Wno-unused-command-line-argument \
	-Wno-missing-field-initializers

# make WERROR=1: a warning is an error.  make ASSERTS=1: check Assert().
ifneq ($(filter-out 0,$(WERROR)),)
PG_CFLAGS += -Werror
endif
ifneq ($(filter-out 0,$(ASSERTS)),)
PG_CPPFLAGS += -DUSE_ASSERT_CHECKING
endif

# Our functions call each other without names that the loader would have to
# look up, which takes a third off loading the library.
comma = ,
SHLIB_LINK = $(if $(filter linux freebsd netbsd openbsd,$(PORTNAME)),-Wl$(comma)-Bsymbolic)

# The lists of tests are read from the folders, so that a test that exists is
# a test that runs.  Each passes alone and in any order.
REGRESS = $(patsubst $(srcdir)/sql/%.sql,%,$(sort $(wildcard $(srcdir)/sql/*.sql)))
ISOLATION = $(patsubst $(srcdir)/test/isolation/specs/%.spec,%,$(sort $(wildcard $(srcdir)/test/isolation/specs/*.spec)))
ISOLATION_OPTS = --inputdir=$(srcdir)/test/isolation
TAP_TESTS = 1
PROVE_TESTS = test/t/*.pl

EXTRA_CLEAN = $(OBJS:.o=.d)

PG_CONFIG ?= pg_config
PGXS := $(wildcard $(shell $(PG_CONFIG) --pgxs 2>/dev/null))
# Debian has the file above in the server's package, and this one elsewhere.
POSTGRES_H := $(wildcard $(shell $(PG_CONFIG) --includedir-server 2>/dev/null)/postgres.h)
TOO_OLD := $(filter 9.% 10% 11% 12% 13% 14%,$(word 2,$(shell $(PG_CONFIG) --version 2>/dev/null)))

ifneq ($(if $(TOO_OLD),,$(and $(PGXS),$(POSTGRES_H))),)

# Bitcode needs the clang that the server was built with.  Where it is not
# installed, do without.
CLANG_OF_SERVER := $(shell sed -n 's/^CLANG *= *//p' $(dir $(PGXS))../Makefile.global)
ifeq ($(shell command -v $(CLANG_OF_SERVER) 2>/dev/null || :),)
override with_llvm = no
endif

include $(PGXS)

# Builds in another folder (VPATH) find the sources, and only these, in
# $(srcdir): it may have objects of its own.
ifneq ($(VPATH),)
srcdir := $(srcdir)
vpath %.c $(srcdir)
vpath %.control $(srcdir)
override VPATH =
FOLDERS := $(patsubst %/,%,$(sort $(dir $(OBJS))))
$(OBJS) $(OBJS:.o=.bc): | $(FOLDERS)
$(FOLDERS):
	$(MKDIR_P) $@
endif

# Bitcode follows its object: they depend on the same headers.
$(patsubst %.o,%.bc,$(OBJS)): %.bc: %.o

src/pg_migrations.o: $(srcdir)/pg_migrations.control

-include $(OBJS:.o=.d)

else

# No PostgreSQL to build for.  The targets below bring their own.
TROUBLE := $(if $(TOO_OLD),\
	PostgreSQL 15 or later is needed and $(PG_CONFIG) is of $(TOO_OLD),\
	pg_config or the server's development files are missing)
all install uninstall installcheck clean:
	@echo "$(strip $(TROUBLE)); install them (Debian: postgresql-server-dev-all)" \
		"or name them with PG_CONFIG=/path/to/pg_config" >&2; exit 1

endif

# What follows works in a folder of its own with a server of its own, and
# installs missing Debian packages if it may.
HANDED_DOWN = exec env PG_CONFIG='$(PG_CONFIG)' WERROR='$(WERROR)' ASSERTS='$(ASSERTS)'

test:
	@$(HANDED_DOWN) TESTS='$(TESTS)' $(ROOT)test/run
test-upgrade:
	@$(HANDED_DOWN) OLD_PG_CONFIG='$(OLD_PG_CONFIG)' $(ROOT)test/upgrade/run
demo:
	@$(HANDED_DOWN) $(ROOT)test/demo/run
test-setup:
	@$(HANDED_DOWN) STATES='$(STATES)' $(ROOT)test/setup_states
bench:
	@$(HANDED_DOWN) BENCH='$(BENCH)' $(ROOT)test/bench/run
prove:
	@$(HANDED_DOWN) CORPUS='$(CORPUS)' PAIRS='$(PAIRS)' JOBS='$(JOBS)' $(ROOT)test/prove/run
lint:
	@$(HANDED_DOWN) $(ROOT)test/lint/run
coverage:
	@$(HANDED_DOWN) TESTS='$(TESTS)' $(ROOT)test/coverage/run
sanitize:
	@$(HANDED_DOWN) TESTS='$(TESTS)' $(ROOT)test/sanitize/run

# Rewrites src/*.c and src/*.h in place
indent:
	@$(ROOT)test/lint/indent --write
# Draws src/typedefs.list from the debug information of the objects
typedefs: $(OBJS)
	@$(ROOT)test/lint/typedefs $(OBJS) > typedefs.tmp && mv typedefs.tmp $(ROOT)src/typedefs.list

help:
	@echo 'all install uninstall installcheck clean   as in any extension'
	@echo 'demo             install what is missing, build, show the main job'
	@echo 'test             the same set-up, then every test (WERROR=1, ASSERTS=1,'
	@echo "                 TESTS='rev_ident deploy 020 lint': those alone)"
	@echo 'test-upgrade     pg_upgrade from the server of OLD_PG_CONFIG to that of PG_CONFIG'
	@echo 'test-setup       demo on bare Debian machines in several states, in chroots'
	@echo 'bench            compare with PostgreSQL alone (BENCH=quick)'
	@echo 'prove            hold proofs of scripts between pairs of schemas (CORPUS, a folder;'
	@echo '                 PAIRS, a glob; JOBS) against databases that are really built'
	@echo 'lint             the checks that need no server'
	@echo 'coverage         the tests, and which lines and branches they reach (TESTS)'
	@echo 'sanitize         the tests under a server that checks itself (TESTS), which'
	@echo '                 is built once, from its source: that takes long'
	@echo 'indent typedefs  rewrite the sources in the common layout, redraw its list'

.PHONY: test test-upgrade test-setup demo bench prove lint coverage sanitize indent typedefs help
