/*-------------------------------------------------------------------------
 *
 * sch/alter_table.c
 *	  The statements of a script: changes of a table in one ALTER TABLE.
 *
 * The server rewrites or scans a table once for all subcommands of a
 * statement.  So an ALTER TABLE waits for the next one of its table, unless
 * something between the two waits for it; then the next one comes to its
 * place, unless that waits for something between the two, or would be the
 * first to go over the rows.
 *
 * The server does not take subcommands in the order in which they are
 * written, but by passes: drops, types, new columns, and so on.  Those that
 * depend on each other stand together only if the passes keep their order.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/alter_table.h"

#include "kind/column.h"
#include "kind/counter.h"
#include "kind/kinds.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "sch/action.h"
#include "sch/filled.h"
#include "utils/hsearch.h"

/* Space for the head of an ALTER TABLE: its name, quoted and qualified */
#define HEAD_SIZE	(4 * NAMEDATALEN + 32)

/* The passes of the server, as far as it matters here. */
typedef enum Pass
{
	PASS_NONE = -1,				/* stands alone */
	PASS_DROP,
	PASS_TYPE,
	PASS_COLUMN,
	PASS_NOT_NULL,
	PASS_KEY,
	PASS_CHECK,					/* and defaults, and new identities */
	PASS_SETTING
} Pass;

/* A subcommand. */
typedef struct Part
{
	const MigAction *action;
	Pass		pass;
	const AlterTableCmd *cmd;
	const char *text;
} Part;

/* A type that is there as long as a statement runs. */
typedef struct Frame
{
	char	   *name;
	const char *create;
	const char *drop;
} Frame;

/* A statement that is put together. */
typedef struct Merged
{
	MigPassage	statement;
	int			place;			/* among all, where it stands now */
	char		head[HEAD_SIZE];	/* "ALTER TABLE x ", or "" */
	List	   *parts;			/* of Part * */
	const char *before;			/* what comes before the ALTER TABLE */
	bool		writes;			/* there are statements in it */
	List	   *filled;			/* of MigFilled *: what the last of them do */
	const char *settled;		/* the others, or NULL */
	List	   *frames;			/* of Frame *, around all of it */
} Merged;

/* An ALTER TABLE to which more may be added, by its head. */
typedef struct Open
{
	char		head[HEAD_SIZE];	/* key */
	Merged	   *group;
} Open;

static Merged *read_action(MigAction *action, int place);
static const char *take_frame(Merged *group);
static void find_parts(Merged *group, const char *source, const char *head);
static const MigObject *table_of(const Merged *group);
static const char *skip_comments(const char *at);
static Part *part_of(const char *source, const char *end, const char *head,
					 const AlterTableStmt *stmt);
static Pass pass_of(const AlterTableCmd *cmd);
static bool names_toast(const List *options);
static Pass pass_of_constraint(const Constraint *constraint);
static void find_leaders(const List *actions);
static bool may_join(const Merged *open, const Merged *group, Merged **groups);
static bool sets_logging(const Merged *group);
static bool makes_sequence(const Merged *group);
static bool has_other_frame(const Merged *open, const Merged *group);
static bool retypes_unlike(const Merged *open, const Merged *group);
static bool keeps_order(const MigAction *action, const Merged *first,
						const Merged *second);
static bool may_come_before(const Merged *open, const Merged *group);
static bool is_about(const Merged *group, const MigObject *column);
static bool may_wait(const Merged *open, const Merged *group, Merged **groups);
static bool may_hurry(const Merged *group, const Merged *open,
					  Merged **groups);
static bool goes_over_rows(const Merged *group);
static void join(Merged *open, const Merged *group);
static bool has_frame(const Merged *open, const Frame *frame);
static char *write_parts(const Merged *group);

/* The statements of a script, of MigPassage *, in order. */
List *
mig_merge_statements(const MigDiff *diff)
{
	int			n = list_length(diff->actions);
	Merged	  **groups = palloc0_array(Merged *, n);	/* by place */
	List	   *statements = NIL;
	HASHCTL		ctl = {0};
	HTAB	   *open;
	const ListCell *lc;

	ctl.keysize = HEAD_SIZE;
	ctl.entrysize = sizeof(Open);
	ctl.hcxt = CurrentMemoryContext;
	open = hash_create("pg_migrations statements", 64, &ctl,
					   HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
	find_leaders(diff->actions);
	foreach(lc, diff->actions)
	{
		int			place = foreach_current_index(lc);
		Merged	   *group = read_action(lfirst(lc), place);
		Open	   *entry;
		bool		found;

		CHECK_FOR_INTERRUPTS();
		groups[place] = group;
		if (group->parts == NIL)
			continue;
		entry = hash_search(open, group->head, HASH_ENTER, &found);
		if (!found || !may_join(entry->group, group, groups))
			entry->group = group;
		else
		{
			if (may_wait(entry->group, group, groups))
				entry->group->place = place;
			join(entry->group, group);
			groups[place] = entry->group;
		}
	}
	hash_destroy(open);
	for (int i = 0; i < n; i++)
	{
		Merged	   *group = groups[i];

		if (group->place != i)
			continue;			/* it stands elsewhere */
		if (list_length(group->statement.actions) > 1)
			group->statement.text = write_parts(group);
		statements = lappend(statements, &group->statement);
	}
	return statements;
}

/* The statements of an action, each with a semicolon and a line break. */
char *
mig_merge_text(const MigAction *action)
{
	StringInfoData buf;

	initStringInfo(&buf);
	if (action->sql != NULL)
		appendStringInfoString(&buf, action->sql);
	else if (action->op == MIG_OP_DROP)
		mig_kind_drop(&buf, action->object);
	else
		mig_kind_create(&buf, action->object);
	while (buf.len > 0 && buf.data[buf.len - 1] == '\n')
		buf.data[--buf.len] = '\0';
	if (buf.len > 0)
		appendStringInfoString(&buf, buf.data[buf.len - 1] == ';' ?
							   "\n" : ";\n");
	return buf.data;
}

/* A group of its own, to be merged with others of the same table. */
static Merged *
read_action(MigAction *action, int place)
{
	Merged	   *group = palloc0(sizeof(Merged));
	const char *table = mig_table_of(action->object)->identity;
	const char *source;
	MigKindId	kind = action->object->kind->id;

	group->statement.actions = list_make1(action);
	group->statement.text = mig_merge_text(action);
	group->place = place;
	if (kind != MIG_COLUMN && kind != MIG_DEFAULT && kind != MIG_CONSTRAINT &&
		(kind != MIG_TABLE || action->op != MIG_OP_ALTER))
		return group;
	source = take_frame(group);
	find_parts(group, source, psprintf("ALTER TABLE %s ", table));
	if (group->parts == NIL)
		find_parts(group, source, psprintf("ALTER TABLE ONLY %s ", table));
	return group;
}

/* Note the type that stands around the statements of a text; returns these. */
static const char *
take_frame(Merged *group)
{
	const char *source = group->statement.text;
	List	   *statements;
	const RawStmt *first;
	const RawStmt *last;
	Frame	   *frame;
	const char *begin;
	const char *end;

	if (strncmp(source, "CREATE TYPE ", strlen("CREATE TYPE ")) != 0)
		return source;
	statements = raw_parser(source, RAW_PARSE_DEFAULT);
	first = linitial_node(RawStmt, statements);
	last = llast_node(RawStmt, statements);
	if (!IsA(first->stmt, CompositeTypeStmt) || !IsA(last->stmt, DropStmt))
		return source;
	begin = source + first->stmt_len + strspn(source + first->stmt_len, ";\n");
	end = source + last->stmt_location;
	end += strspn(end, "\n");
	frame = palloc(sizeof(Frame));
	frame->name = castNode(CompositeTypeStmt, first->stmt)->typevar->relname;
	frame->create = pnstrdup(source, begin - source);
	frame->drop = pstrdup(end);
	group->frames = list_make1(frame);
	return pnstrdup(begin, end - begin);
}

/*
 * Split a text into subcommands and what precedes them: its last statements,
 * if they alter the table in ways that can be taken together.  Since 18 a
 * statement does not begin with the comments that precede it.
 */
static void
find_parts(Merged *group, const char *source, const char *head)
{
	const char *from = source;	/* where the last one has ended */
	const char *first = NULL;
	Pass		pass = PASS_DROP;
	const ListCell *lc;

	if (strstr(source, head) == NULL || strlen(head) >= HEAD_SIZE)
		return;
	group->writes = false;
	foreach(lc, raw_parser(source, RAW_PARSE_DEFAULT))
	{
		const RawStmt *raw = lfirst_node(RawStmt, lc);
		const char *begin = skip_comments(source + raw->stmt_location);
		const char *end = source + strlen(source);
		Part	   *part = NULL;

		if (raw->stmt_len > 0)
			end = source + raw->stmt_location + raw->stmt_len;
		if (IsA(raw->stmt, AlterTableStmt))
			part = part_of(begin, end, head, (AlterTableStmt *) raw->stmt);
		if (part == NULL || part->pass < pass ||
			(group->parts != NIL && (size_t) (begin - from) != strspn(from, "\n")))
		{
			group->parts = NIL;
			pass = PASS_DROP;
			group->writes = true;
		}
		from = end + strspn(end, ";");
		if (part == NULL)
			continue;
		if (group->parts == NIL)
			first = begin;
		part->action = linitial(group->statement.actions);
		group->parts = lappend(group->parts, part);
		pass = part->pass;
	}
	if (group->parts == NIL)
		return;
	strlcpy(group->head, head, HEAD_SIZE);
	group->before = pnstrdup(source, first - source);
	if (group->writes)
		group->filled = mig_filled_read(group->before, head,
										table_of(group)->identity);
}

static const MigObject *
table_of(const Merged *group)
{
	const MigAction *action = linitial(group->statement.actions);

	return mig_table_of(action->object);
}

/* What the comments and line breaks before a statement are followed by */
static const char *
skip_comments(const char *at)
{
	for (;;)
	{
		at += strspn(at, " \n");
		if (strncmp(at, "--", 2) != 0)
			return at;
		at += strcspn(at, "\n");
	}
}

/* Returns NULL for what stands alone. */
static Part *
part_of(const char *source, const char *end, const char *head,
		const AlterTableStmt *stmt)
{
	size_t		length = strlen(head);
	const AlterTableCmd *cmd = linitial_node(AlterTableCmd, stmt->cmds);
	Pass		pass = PASS_NONE;
	Part	   *part;

	if (list_length(stmt->cmds) == 1)
		pass = pass_of(cmd);
	if (pass == PASS_NONE || strncmp(source, head, length) != 0)
		return NULL;
	part = palloc0(sizeof(Part));
	part->pass = pass;
	part->cmd = cmd;
	part->text = pnstrdup(source + length, end - source - length);
	return part;
}

/*
 * In which pass of ALTER TABLE the server does it; PASS_NONE: not to be
 * merged.
 */
static Pass
pass_of(const AlterTableCmd *cmd)
{
	switch (cmd->subtype)
	{
		case AT_DropColumn:
		case AT_DropConstraint:
		case AT_DropNotNull:
		case AT_DropExpression:
		case AT_DropIdentity:
			return PASS_DROP;
		case AT_AlterColumnType:
			return PASS_TYPE;
		case AT_AddColumn:
			return PASS_COLUMN;
		case AT_SetNotNull:
			return PASS_NOT_NULL;
		case AT_ColumnDefault:
			return cmd->def == NULL ? PASS_DROP : PASS_CHECK;
		case AT_AddConstraint:
			return pass_of_constraint(castNode(Constraint, cmd->def));
		case AT_AddIdentity:
			return PASS_CHECK;
		case AT_SetRelOptions:
			return names_toast((List *) cmd->def) ? PASS_NONE : PASS_SETTING;
		case AT_SetIdentity:
		case AT_SetStatistics:
		case AT_SetStorage:
		case AT_SetCompression:
		case AT_SetOptions:
		case AT_ResetOptions:
		case AT_ResetRelOptions:
		case AT_SetLogged:
		case AT_SetUnLogged:
		case AT_SetAccessMethod:
		case AT_SetTableSpace:
			return PASS_SETTING;
		default:
			return PASS_NONE;
	}
}

/* A column in the same statement would bring the TOAST table too late. */
static bool
names_toast(const List *options)
{
	const ListCell *lc;

	foreach(lc, options)
	{
		if (lfirst_node(DefElem, lc)->defnamespace != NULL)
			return true;
	}
	return false;
}

static Pass
pass_of_constraint(const Constraint *constraint)
{
	switch (constraint->contype)
	{
		case CONSTR_PRIMARY:
		case CONSTR_UNIQUE:
		case CONSTR_EXCLUSION:
			return PASS_KEY;
		case CONSTR_CHECK:
			return PASS_CHECK;
		case CONSTR_NOTNULL:
			return PASS_NOT_NULL;
		default:
			return PASS_NONE;
	}
}

/* Note the place of each action, and what it has waited for. */
static void
find_leaders(const List *actions)
{
	const ListCell *lc;
	const ListCell *follower;

	foreach(lc, actions)
	{
		MigAction  *action = lfirst(lc);

		action->place = foreach_current_index(lc);
		action->leaders = NIL;
	}
	foreach(lc, actions)
	{
		MigAction  *action = lfirst(lc);
		List	   *waiting = list_concat_copy(action->followers,
											   action->preferred_by);

		foreach(follower, waiting)
		{
			MigAction  *other = lfirst(follower);

			other->leaders = lappend(other->leaders, action);
		}
	}
}

/*
 * May a statement be one with another of its table, which is open for more?
 * "groups" has the statements as far as they have been read.
 */
static bool
may_join(const Merged *open, const Merged *group, Merged **groups)
{
	const MigAction *action = linitial(group->statement.actions);
	const ListCell *lc;

	if (group->before[0] != '\0' && !may_come_before(open, group))
		return false;
	if ((sets_logging(open) && makes_sequence(group)) ||
		(makes_sequence(open) && sets_logging(group)) ||
		retypes_unlike(open, group) || has_other_frame(open, group))
		return false;
	foreach(lc, action->leaders)
	{
		const MigAction *leader = lfirst(lc);

		if (groups[leader->place] == open &&
			(group->writes || !keeps_order(leader, open, group)))
			return false;
	}
	return may_wait(open, group, groups) || may_hurry(group, open, groups);
}

/* Does it make a table logged or unlogged, and what that owns by then? */
static bool
sets_logging(const Merged *group)
{
	const ListCell *lc;

	foreach(lc, group->statement.actions)
	{
		if (((const MigAction *) lfirst(lc))->sets_logging)
			return true;
	}
	return false;
}

/*
 * Does it add a serial or identity column?  The server lets its table own the
 * sequence when all else is done.
 */
static bool
makes_sequence(const Merged *group)
{
	const ListCell *lc;

	foreach(lc, group->statement.actions)
	{
		const MigAction *action = lfirst(lc);

		if (action->sets_identity || action->along != NIL ||
			(action->op == MIG_OP_CREATE &&
			 action->object->kind->id == MIG_COLUMN &&
			 mig_column_sequence(action->object) != NULL))
			return true;
	}
	return false;
}

/* Stands another type of the same name around it? */
static bool
has_other_frame(const Merged *open, const Merged *group)
{
	const ListCell *lc;
	const ListCell *other;

	foreach(lc, group->frames)
	{
		const Frame *frame = lfirst(lc);

		foreach(other, open->frames)
		{
			const Frame *before = lfirst(other);

			if (strcmp(before->name, frame->name) == 0 &&
				strcmp(before->create, frame->create) != 0)
				return true;
		}
	}
	return false;
}

/*
 * Does a column get another type, and is it generated until then, or an
 * identity at the end that is no number?  The server looks at that before it
 * begins.
 */
static bool
retypes_unlike(const Merged *open, const Merged *group)
{
	const ListCell *lc;
	const ListCell *other;

	foreach(lc, group->parts)
	{
		const Part *part = lfirst(lc);
		const MigObject *column = part->action->object;

		foreach(other, open->parts)
		{
			const Part *before = lfirst(other);

			if (before->action->object != column)
				continue;
			if (part->pass == PASS_TYPE &&
				before->cmd->subtype == AT_DropExpression &&
				castNode(ColumnDef, part->cmd->def)->raw_default != NULL)
				return true;
			if (part->pass == PASS_TYPE &&
				before->cmd->subtype == AT_DropIdentity &&
				!mig_counter_is_number(column))
				return true;
			if (part->cmd->subtype == AT_AddIdentity &&
				before->pass == PASS_TYPE &&
				!mig_counter_is_number(column->twin))
				return true;
		}
	}
	return false;
}

/*
 * Do the passes have what an action of one statement does before what the
 * other one does?
 */
static bool
keeps_order(const MigAction *action, const Merged *first, const Merged *second)
{
	const ListCell *lc;
	const ListCell *other;

	foreach(lc, first->parts)
	{
		const Part *part = lfirst(lc);

		foreach(other, part->action == action ? second->parts : NIL)
		{
			if (part->pass > ((const Part *) lfirst(other))->pass)
				return false;
		}
	}
	return true;
}

/*
 * May what precedes a statement come before what another does?  Statements,
 * which give values, may if that does no more than forbid NULLs; a line that
 * is to be taken in may if that is not about its column.
 */
static bool
may_come_before(const Merged *open, const Merged *group)
{
	const MigAction *action = linitial(group->statement.actions);
	const ListCell *lc;

	if (!group->writes)
		return !is_about(open, action->object);
	foreach(lc, open->parts)
	{
		if (((Part *) lfirst(lc))->pass != PASS_NOT_NULL)
			return false;
	}
	return true;
}

/* Is a statement about a column, or about its default? */
static bool
is_about(const Merged *group, const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, group->statement.actions)
	{
		const MigObject *object = ((MigAction *) lfirst(lc))->object;

		if ((object->kind->id == MIG_COLUMN ||
			 object->kind->id == MIG_DEFAULT) &&
			mig_same(object->name, column->name))
			return true;
	}
	return false;
}

/* Is nothing between the two that waits for the first? */
static bool
may_wait(const Merged *open, const Merged *group, Merged **groups)
{
	const ListCell *lc;
	const ListCell *follower;

	foreach(lc, open->statement.actions)
	{
		const MigAction *action = lfirst(lc);
		List	   *waiting = list_concat_copy(action->followers,
											   action->preferred_by);

		foreach(follower, waiting)
		{
			const MigAction *other = lfirst(follower);
			const Merged *behind = NULL;

			if (other->place < group->place)
				behind = groups[other->place];
			if (behind != NULL && behind != open &&
				behind->place < group->place)
				return false;
		}
	}
	return true;
}

/*
 * Is nothing between the two that the second waits for?  What becomes of a
 * default comes behind what its column becomes, without an edge.
 */
static bool
may_hurry(const Merged *group, const Merged *open, Merged **groups)
{
	const MigAction *action = linitial(group->statement.actions);
	List	   *before = action->leaders;
	const ListCell *lc;

	if (goes_over_rows(group) && !goes_over_rows(open))
		return false;
	if (action->object->kind->id == MIG_DEFAULT)
		before = list_concat_copy(before, action->object->parent->alters);
	foreach(lc, before)
	{
		const Merged *other = groups[((const MigAction *) lfirst(lc))->place];

		if (other != NULL && other != open && other->place > open->place)
			return false;
	}
	return true;
}

static bool
goes_over_rows(const Merged *group)
{
	const List *actions = group->statement.actions;

	return mig_action_any_warns(actions, MIG_REWRITES_TABLE) ||
		mig_action_any_warns(actions, MIG_SCANS_TABLE);
}

/* Add what a statement does to another one of its table. */
static void
join(Merged *open, const Merged *group)
{
	MigPassage *statement = &open->statement;
	const ListCell *lc;

	statement->actions = list_concat(statement->actions,
									 group->statement.actions);
	open->parts = list_concat(open->parts, group->parts);
	foreach(lc, group->frames)
	{
		if (!has_frame(open, lfirst(lc)))
			open->frames = lappend(open->frames, lfirst(lc));
	}
	if (mig_filled_fit(open->filled, group->filled, table_of(open)->name))
	{
		open->filled = list_concat(open->filled, group->filled);
		open->before = psprintf("%s%s",
								open->settled == NULL ? "" : open->settled,
								mig_filled_write(open->filled, open->head,
												 table_of(open)->identity));
		return;
	}
	if (group->before[0] != '\0')
	{
		open->settled = open->before;
		open->filled = group->filled;
	}
	open->before = psprintf("%s%s", open->before, group->before);
	open->writes |= group->writes;
}

static bool
has_frame(const Merged *open, const Frame *frame)
{
	const ListCell *lc;

	foreach(lc, open->frames)
	{
		if (strcmp(((const Frame *) lfirst(lc))->create, frame->create) == 0)
			return true;
	}
	return false;
}

/* A line for each subcommand */
static char *
write_parts(const Merged *group)
{
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, group->frames)
		appendStringInfoString(&buf, ((const Frame *) lfirst(lc))->create);
	appendStringInfo(&buf, "%s%.*s", group->before,
					 (int) strlen(group->head) - 1, group->head);
	foreach(lc, group->parts)
		appendStringInfo(&buf, "%s\n    %s",
						 foreach_current_index(lc) > 0 ? "," : "",
						 ((Part *) lfirst(lc))->text);
	appendStringInfoString(&buf, ";\n");
	foreach(lc, group->frames)
		appendStringInfoString(&buf, ((const Frame *) lfirst(lc))->drop);
	return buf.data;
}
