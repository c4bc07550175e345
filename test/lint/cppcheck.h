/*
 * What cppcheck must know of PostgreSQL's headers, which it does not read.
 */
#define foreach(cell, list) \
	for (ListCell *cell = first_cell(list); cell != NULL; cell = next_cell(cell))
#define for_each_from(cell, list, n) \
	for (ListCell *cell = nth_cell(list, n); cell != NULL; cell = next_cell(cell))
#define foreach_ptr(type, var, list) \
	for (type *var = first_ptr(list); var != NULL; var = next_ptr(list))
#define forboth(cell1, list1, cell2, list2) \
	foreach(cell1, list1) foreach(cell2, list2)
#define PG_TRY()		if (try_begin()) {
#define PG_CATCH()		} else {
#define PG_FINALLY()	} {
#define PG_END_TRY()	} try_end()
#define ereport(level, rest) \
	do { rest; if ((level) >= ERROR) abort(); } while (0)
#define elog(level, ...) \
	do { log_message(__VA_ARGS__); if ((level) >= ERROR) abort(); } while (0)
#define PG_RE_THROW()	abort()
#define INT64_FORMAT	"%ld"
#define UINT64_FORMAT	"%lu"
#define DEBUG1			14
#define LOG				15
#define INFO			17
#define NOTICE			18
#define WARNING			19
#define ERROR			21
#define FATAL			22
#define Assert(condition) do { if (!(condition)) abort(); } while (0)
#define PG_FUNCTION_INFO_V1(name) extern Datum name(PG_FUNCTION_ARGS)
#define PG_FUNCTION_ARGS	FunctionCallInfo fcinfo
#define PG_MODULE_MAGIC		extern int module_magic
#define StaticAssertStmt(condition, message)	do { } while (0)
#define StaticAssertDecl(condition, message)	extern void static_assert_decl(void)
#define pg_attribute_printf(f, a)
#define pg_attribute_noreturn()	__attribute__((noreturn))
#define pg_noreturn				__attribute__((noreturn))
#define pg_unreachable()	abort()
#define PGDLLEXPORT
#define PGDLLIMPORT
#define FLEXIBLE_ARRAY_MEMBER
#define palloc(size)		xmalloc(size)
