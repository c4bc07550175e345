/*-------------------------------------------------------------------------
 *
 * kind/grant.c
 *	  Privileges, and the statements that lead from some to others.
 *
 * Privileges come from the catalogs as text, see MIG_ACL.  Here they are
 * lists, an element for each privilege that a role has from another, so that
 * those of a table and of its columns are one list: to revoke one of a table
 * revokes it of the columns, too.
 *
 * What others than the owner have granted only they can grant and revoke, and
 * a script has to take their role for it.  Where a grant option goes, it goes
 * with what has come of it.
 *
 * Everything is allocated in the current memory context.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/grant.h"

#include "compat.h"
#include "miscadmin.h"
#include "sch/action.h"
#include "utils/builtins.h"

/* What kinds of objects grant by themselves, by their letters. */
static const struct
{
	char		type;
	const char *acl;			/* as MIG_ACL prints it */
}			defaults[] = {
	{'r', "*\tDELETE, INSERT, " MIG_MAINTAIN "REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE"},
	{'s', "*\tSELECT, UPDATE, USAGE"},
	{'f', "*\tEXECUTE\nPUBLIC\tEXECUTE"},
	{'T', "*\tUSAGE\nPUBLIC\tUSAGE"},
	{'l', "*\tUSAGE\nPUBLIC\tUSAGE"},
	{'n', "*\tCREATE, USAGE"},
	{'L', "*\tSELECT, UPDATE"},
	{'F', "*\tUSAGE"},
	{'S', "*\tUSAGE"},
};

/* Sorts of statements */
typedef enum GrantSort
{
	REVOKE,
	REVOKE_OPTION,
	GRANT,
	GRANT_WITH_OPTION
} GrantSort;

/* A statement: the same privileges for some roles. */
typedef struct Statement
{
	GrantSort	sort;
	const char *privileges;
	bool		cascades;
	List	   *grantees;		/* of char * */
} Statement;

static const char *parse_grantee(const char *line, char **grantee);
static Size length_before(const char *line, const char *ends);
static List *parse_privilege(List *grants, const char *grantee,
							 const char *item, const char *column);
static MigGrant *find(const List *grants, const MigGrant *like);
static List *add(List *grants, const MigGrant *grant);
static bool is_owner(const char *grantee, const char *owner);
static bool has_public(const List *grants, const MigGrant *like);
static bool is_missing(const List *grants, const MigGrant *grant);
static const char *next_revoker(const List *have, const List *want);
static bool has_option(const List *have, const MigGrant *grant);
static const char *next_granter(const List *have, const List *missing);
static List *grant_missing(StringInfo buf, const MigGrantTarget *target,
						   List *have, const List *missing,
						   const char *grantor);
static bool is_by(const MigGrant *grant, const char *grantor);
static bool is_for_same(const MigGrant *grant, const MigGrant *other);
static void append_role(StringInfo buf, const char *grantor);
static void append_role_back(StringInfo buf);
static List *revoke_unwanted(StringInfo buf, const MigGrantTarget *target,
							 List *have, const List *want,
							 const char *grantor);
static List *without_columns(List *have, const List *revoked);
static void append_statements(StringInfo buf, const MigGrantTarget *target,
							  GrantSort sort, const List *grants,
							  const List *have);
static List *add_statement(List *statements, GrantSort sort,
						   const char *grantee, const char *privileges,
						   bool cascades);
static char *privileges_of(const MigGrantTarget *target, const List *grants,
						   const char *grantee, bool columns);
static void append_columns(StringInfo buf, const List *grants,
						   const MigGrant *first);
static bool is_first(const List *grants, const MigGrant *grant);
static bool is_relied_on(const List *have, const MigGrant *grant);
static bool any_relied_on(const List *have, const List *grants,
						  const MigGrant *like);
static List *without_reliant(List *have, const MigGrant *grant);
static void append_statement(StringInfo buf, const MigGrantTarget *target,
							 const Statement *statement);

/*
 * Append the privileges that a text of the form of MIG_ACL holds.
 *
 * "column" is the quoted name of the column they are about, or NULL.
 */
List *
mig_grants_parse(List *grants, const char *acl, const char *column)
{
	while (acl != NULL && *acl != '\0')
	{
		char	   *grantee;
		Size		length;

		acl = parse_grantee(acl, &grantee);
		do
		{
			acl += strspn(acl, "\t, ");
			length = length_before(acl, ",\n");
			grants = parse_privilege(grants, grantee, pnstrdup(acl, length),
									 column);
			acl += length;
		} while (*acl == ',');
		if (*acl == '\n')
			acl++;
	}
	return grants;
}

/* What an object of a type, a letter as acldefault() takes it, has. */
List *
mig_grants_default(const char *type)
{
	for (size_t i = 0; i < lengthof(defaults); i++)
	{
		if (defaults[i].type == type[0])
			return mig_grants_parse(NIL, defaults[i].acl, NULL);
	}
	return NIL;
}

/* What an object of a type has whose grants are a text, NULL: the default. */
List *
mig_grants_of_type(const char *acl, const char *type)
{
	return acl == NULL ? mig_grants_default(type) :
		mig_grants_parse(NIL, acl, NULL);
}

/* Those of two lists. */
List *
mig_grants_add(const List *grants, const List *more)
{
	List	   *sum = NIL;
	const ListCell *lc;

	foreach(lc, grants)
		sum = add(sum, lfirst(lc));
	foreach(lc, more)
		sum = add(sum, lfirst(lc));
	return sum;
}

/* Those of a list that another does not have. */
List *
mig_grants_without(const List *grants, const List *less)
{
	List	   *rest = NIL;
	const ListCell *lc;

	foreach(lc, grants)
	{
		if (is_missing(less, lfirst(lc)))
			rest = lappend(rest, lfirst(lc));
	}
	return rest;
}

/*
 * Warn if all roles get a privilege, going from some to others, on what is
 * named as in a sentence.
 */
void
mig_grants_warn(MigAction *action, const List *from, const List *to,
				const char *on)
{
	const ListCell *lc;

	foreach(lc, to)
	{
		const MigGrant *grant = lfirst(lc);

		if (strcmp(grant->grantee, "PUBLIC") == 0 && !has_public(from, grant))
		{
			mig_action_warn(action, MIG_WEAKENS_SECURITY,
							"all roles get a privilege on %s", on);
			return;
		}
	}
}

/* Does everybody have a privilege, whoever has granted it? */
static bool
has_public(const List *grants, const MigGrant *like)
{
	const ListCell *lc;

	foreach(lc, grants)
	{
		MigGrant	same = *(const MigGrant *) lfirst(lc);

		same.grantor = like->grantor;
		if (find(list_make1(&same), like) != NULL)
			return true;
	}
	return false;
}

/* The same when a role, its name unquoted, is the owner: its are under "*". */
List *
mig_grants_owned(const List *grants, const char *owner)
{
	List	   *owned = NIL;
	const ListCell *lc;

	foreach(lc, grants)
	{
		MigGrant	grant = *(const MigGrant *) lfirst(lc);

		if (is_owner(grant.grantee, owner))
			grant.grantee = "*";
		if (grant.grantor != NULL && is_owner(grant.grantor, owner))
			grant.grantor = NULL;
		owned = add(owned, &grant);
	}
	return owned;
}

/*
 * Append the statements that lead from some privileges to others.
 *
 * Nothing is appended where they are the same.  First goes what is revoked,
 * of the object and then of columns, for the former takes along the latter;
 * of the owner's grants first, since much of others' may go along.
 */
void
mig_grants_change(StringInfo buf, const MigGrantTarget *target,
				  const List *from, const List *to)
{
	List	   *have = mig_grants_add(from, NIL);
	List	   *missing;
	const char *grantor;

	have = revoke_unwanted(buf, target, have, to, NULL);
	while ((grantor = next_revoker(have, to)) != NULL)
	{
		append_role(buf, grantor);
		have = revoke_unwanted(buf, target, have, to, grantor);
		append_role_back(buf);
	}
	missing = mig_grants_without(to, have);
	have = grant_missing(buf, target, have, missing, NULL);
	while ((grantor = next_granter(have, missing)) != NULL)
	{
		append_role(buf, grantor);
		have = grant_missing(buf, target, have, missing, grantor);
		append_role_back(buf);
		missing = mig_grants_without(to, have);
	}
}

/*
 * Another than the owner who has granted what is not wanted: one from whom
 * nobody who has it could have it, if there is such; NULL: there is none.
 */
static const char *
next_revoker(const List *have, const List *want)
{
	const char *found = NULL;
	const ListCell *lc;

	foreach(lc, have)
	{
		const MigGrant *grant = lfirst(lc);
		const ListCell *other;
		bool		is_outer = true;

		if (grant->grantor == NULL || !is_missing(want, grant))
			continue;
		foreach(other, have)
		{
			const MigGrant *above = lfirst(other);

			if (above->grantor != NULL && is_missing(want, above) &&
				strcmp(above->grantee, grant->grantor) == 0)
				is_outer = false;
		}
		if (is_outer)
			return grant->grantor;
		if (found == NULL)
			found = grant->grantor;
	}
	return found;
}

/* Does the grantor have the option by now, as far as is known? */
static bool
has_option(const List *have, const MigGrant *grant)
{
	const ListCell *lc;

	foreach(lc, have)
	{
		const MigGrant *other = lfirst(lc);

		if (other->grantable && strcmp(other->grantee, grant->grantor) == 0 &&
			strcmp(other->privilege, grant->privilege) == 0 &&
			(other->column == NULL || mig_same(other->column, grant->column)))
			return true;
	}
	return false;
}

/*
 * Another than the owner who is to grant what is missing: one that may do so
 * by now, if there is such; NULL: there is none.
 */
static const char *
next_granter(const List *have, const List *missing)
{
	const char *found = NULL;
	const ListCell *lc;

	foreach(lc, missing)
	{
		const MigGrant *grant = lfirst(lc);
		const ListCell *other;
		bool		may = true;

		if (grant->grantor == NULL)
			continue;
		foreach(other, missing)
		{
			if (is_by(lfirst(other), grant->grantor))
				may &= has_option(have, lfirst(other));
		}
		if (may)
			return grant->grantor;
		if (found == NULL)
			found = grant->grantor;
	}
	return found;
}

/* Grant what is missing and a role is to grant; returns what is there then. */
static List *
grant_missing(StringInfo buf, const MigGrantTarget *target, List *have,
			  const List *missing, const char *grantor)
{
	List	   *options = NIL;
	List	   *plain = NIL;
	const ListCell *lc;

	foreach(lc, missing)
	{
		MigGrant   *grant = lfirst(lc);

		if (!is_by(grant, grantor))
			continue;
		if (grant->grantable)
			options = lappend(options, grant);
		else
			plain = lappend(plain, grant);
	}
	append_statements(buf, target, GRANT, plain, NIL);
	append_statements(buf, target, GRANT_WITH_OPTION, options, NIL);
	return mig_grants_add(mig_grants_add(have, plain), options);
}

/* Has a role granted it; NULL: the owner? */
static bool
is_by(const MigGrant *grant, const char *grantor)
{
	return mig_same(grant->grantor, grantor);
}

/* Are both about a privilege for the object, or for one of its columns? */
static bool
is_for_same(const MigGrant *grant, const MigGrant *other)
{
	return strcmp(grant->privilege, other->privilege) == 0 &&
		mig_same(grant->column, other->column);
}

static void
append_role(StringInfo buf, const char *grantor)
{
	appendStringInfo(buf, "SET ROLE %s;\n", grantor);
}

/* Back to what the session is, or to the role that it has taken. */
static void
append_role_back(StringInfo buf)
{
	const char *role = GetUserNameFromId(GetUserId(), false);

	if (GetUserId() == GetSessionUserId())
		appendStringInfoString(buf, "RESET ROLE;\n");
	else
		append_role(buf, quote_identifier(role));
}

/* Take the name off a line; a quoted one may contain anything. */
static const char *
parse_grantee(const char *line, char **grantee)
{
	Size		length = length_before(line, "\t");

	*grantee = pnstrdup(line, length);
	return line + length;
}

/* Up to one of these characters or the end, outside of quoted names. */
static Size
length_before(const char *line, const char *ends)
{
	const char *at = line;
	bool		quoted = false;

	while (*at != '\0' && (quoted || strchr(ends, *at) == NULL))
	{
		if (*at++ == '"')
			quoted = !quoted;
	}
	return at - line;
}

/* "SELECT", "SELECT*" with grant option, "SELECT/role" from another grantor */
static List *
parse_privilege(List *grants, const char *grantee, const char *item,
				const char *column)
{
	MigGrant	grant = {.grantee = grantee,.column = column};
	const char *slash = strchr(item, '/');
	Size		length = slash == NULL ? strlen(item) : (Size) (slash - item);

	if (length == 0)
		return grants;
	if (item[length - 1] == '*')
	{
		grant.grantable = true;
		length--;
	}
	grant.privilege = pnstrdup(item, length);
	if (slash != NULL)
		grant.grantor = pstrdup(slash + 1);
	return add(grants, &grant);
}

/* The element for the same roles, privilege and column, or NULL. */
static MigGrant *
find(const List *grants, const MigGrant *like)
{
	const ListCell *lc;

	foreach(lc, grants)
	{
		MigGrant   *grant = lfirst(lc);

		if (strcmp(grant->grantee, like->grantee) == 0 &&
			is_for_same(grant, like) &&
			mig_same(grant->grantor, like->grantor))
			return grant;
	}
	return NULL;
}

/* To what is there of the same roles, privilege and column: grant option. */
static List *
add(List *grants, const MigGrant *grant)
{
	MigGrant   *there = find(grants, grant);

	if (there == NULL)
	{
		there = palloc(sizeof(MigGrant));
		*there = *grant;
		return lappend(grants, there);
	}
	there->grantable |= grant->grantable;
	return grants;
}

/* Does a quoted name, or "*", stand for the owner? */
static bool
is_owner(const char *grantee, const char *owner)
{
	return strcmp(grantee, "*") == 0 ||
		(owner != NULL && strcmp(grantee, quote_identifier(owner)) == 0 &&
		 strcmp(grantee, "PUBLIC") != 0);
}

/* Is a privilege, with its grant option if it has that, not in a list? */
static bool
is_missing(const List *grants, const MigGrant *grant)
{
	const MigGrant *there = find(grants, grant);

	return there == NULL || (grant->grantable && !there->grantable);
}

/* Revoke what a role has granted and is not wanted; returns what is left. */
static List *
revoke_unwanted(StringInfo buf, const MigGrantTarget *target, List *have,
				const List *want, const char *grantor)
{
	for (int columns = 0; columns < 2; columns++)
	{
		List	   *revoked = NIL;
		List	   *options = NIL;
		const ListCell *lc;

		foreach(lc, have)
		{
			MigGrant   *grant = lfirst(lc);

			if ((grant->column != NULL) != (columns != 0) ||
				!is_by(grant, grantor) || !is_missing(want, grant))
				continue;
			if (find(want, grant) == NULL)
				revoked = lappend(revoked, grant);
			else
				options = lappend(options, grant);
		}
		append_statements(buf, target, REVOKE, revoked, have);
		append_statements(buf, target, REVOKE_OPTION, options, have);
		foreach(lc, revoked)
			have = list_delete_ptr(without_reliant(have, lfirst(lc)),
								   lfirst(lc));
		foreach(lc, options)
		{
			have = without_reliant(have, lfirst(lc));
			((MigGrant *) lfirst(lc))->grantable = false;
		}
		if (columns == 0)
			have = without_columns(have, revoked);
	}
	return have;
}

/* A privilege revoked of a table is revoked of its columns, too. */
static List *
without_columns(List *have, const List *revoked)
{
	List	   *rest = NIL;
	const ListCell *lc;

	foreach(lc, have)
	{
		const MigGrant *grant = lfirst(lc);
		MigGrant	whole = *grant;

		whole.column = NULL;
		if (grant->column == NULL || find(revoked, &whole) == NULL)
			rest = lappend(rest, unconstify(MigGrant *, grant));
	}
	return rest;
}

/*
 * Has the role granted a privilege to others, and has no other grant option
 * for it, as far as is known?
 */
static bool
is_relied_on(const List *have, const MigGrant *grant)
{
	const ListCell *lc;
	bool		is_used = false;

	foreach(lc, have)
	{
		const MigGrant *other = lfirst(lc);

		if (other == grant || !is_for_same(other, grant))
			continue;
		if (other->grantable && strcmp(other->grantee, grant->grantee) == 0)
			return false;
		is_used |= is_by(other, grant->grantee);
	}
	return is_used;
}

/* The same for any of those that a role has in a list. */
static bool
any_relied_on(const List *have, const List *grants, const MigGrant *like)
{
	const ListCell *lc;

	foreach(lc, grants)
	{
		const MigGrant *grant = lfirst(lc);

		if (strcmp(grant->grantee, like->grantee) == 0 &&
			is_relied_on(have, grant))
			return true;
	}
	return false;
}

/* What is left when CASCADE takes what a role has granted to others. */
static List *
without_reliant(List *have, const MigGrant *grant)
{
	const ListCell *lc;

	if (!is_relied_on(have, grant))
		return have;
	foreach(lc, have)
	{
		MigGrant   *other = lfirst(lc);

		if (other != grant && is_by(other, grant->grantee) &&
			is_for_same(other, grant))
		{
			have = list_delete_ptr(without_reliant(have, other), other);
			return without_reliant(have, grant);
		}
	}
	return have;
}

/*
 * Append the statements for privileges: for those of the object, then for
 * those of columns; roles that get the same share a statement.  "have" tells
 * where CASCADE is needed.
 */
static void
append_statements(StringInfo buf, const MigGrantTarget *target, GrantSort sort,
				  const List *grants, const List *have)
{
	List	   *statements = NIL;
	const ListCell *lc;

	for (int columns = 0; columns < 2; columns++)
	{
		foreach(lc, grants)
		{
			const MigGrant *grant = lfirst(lc);

			if ((grant->column != NULL) != (columns != 0) ||
				!is_first(grants, grant))
				continue;
			statements = add_statement(statements, sort, grant->grantee,
									   privileges_of(target, grants,
													 grant->grantee,
													 columns != 0),
									   any_relied_on(have, grants, grant));
		}
	}
	foreach(lc, statements)
		append_statement(buf, target, lfirst(lc));
}

/* Is it the first of its role's, of the object or of columns? */
static bool
is_first(const List *grants, const MigGrant *grant)
{
	const ListCell *lc;

	foreach(lc, grants)
	{
		const MigGrant *other = lfirst(lc);

		if (other == grant)
			return true;
		if (strcmp(other->grantee, grant->grantee) == 0 &&
			(other->column == NULL) == (grant->column == NULL))
			return false;
	}
	return false;
}

/* To one that is there, if its privileges are the same. */
static List *
add_statement(List *statements, GrantSort sort, const char *grantee,
			  const char *privileges, bool cascades)
{
	Statement  *statement;
	const ListCell *lc;

	foreach(lc, statements)
	{
		statement = lfirst(lc);
		if (strcmp(statement->privileges, privileges) == 0 &&
			statement->cascades == cascades)
		{
			statement->grantees = lappend(statement->grantees,
										  pstrdup(grantee));
			return statements;
		}
	}
	statement = palloc(sizeof(Statement));
	statement->sort = sort;
	statement->privileges = privileges;
	statement->cascades = cascades;
	statement->grantees = list_make1(pstrdup(grantee));
	return lappend(statements, statement);
}

/* "ALL" where there are several, "SELECT, UPDATE" or "SELECT (a, b), UPDATE (a)" */
static char *
privileges_of(const MigGrantTarget *target, const List *grants,
			  const char *grantee, bool columns)
{
	StringInfoData buf;
	List	   *all = mig_grants_default(target->type);
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, grants)
	{
		const MigGrant *grant = lfirst(lc);
		MigGrant	own = *grant;

		if (strcmp(grant->grantee, grantee) != 0 ||
			(grant->column != NULL) != columns)
			continue;
		if (columns)
		{
			append_columns(&buf, grants, grant);
			continue;
		}
		own.grantee = "*";
		own.grantor = NULL;
		all = list_delete_ptr(all, find(all, &own));
		appendStringInfo(&buf, "%s%s", buf.len > 0 ? ", " : "",
						 grant->privilege);
	}
	foreach(lc, all)
	{
		if (strcmp(((MigGrant *) lfirst(lc))->grantee, "*") == 0)
			return buf.data;
	}
	return columns || strchr(buf.data, ',') == NULL ? buf.data : pstrdup("ALL");
}

/* Append "SELECT (a, b)" when its first column comes by. */
static void
append_columns(StringInfo buf, const List *grants, const MigGrant *first)
{
	StringInfoData names;
	const ListCell *lc;

	initStringInfo(&names);
	foreach(lc, grants)
	{
		const MigGrant *grant = lfirst(lc);

		if (grant->column == NULL ||
			strcmp(grant->grantee, first->grantee) != 0 ||
			strcmp(grant->privilege, first->privilege) != 0)
			continue;
		if (names.len == 0 && grant != first)
			return;
		appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "",
						 grant->column);
	}
	appendStringInfo(buf, "%s%s (%s)", buf->len > 0 ? ", " : "",
					 first->privilege, names.data);
}

/* With the name of the owner in place of the star. */
static void
append_statement(StringInfo buf, const MigGrantTarget *target,
				 const Statement *statement)
{
	bool		grants;
	const ListCell *lc;

	grants = statement->sort == GRANT ||
		statement->sort == GRANT_WITH_OPTION;
	appendStringInfo(buf, "%s%s %s%s ON %s %s ", target->prefix,
					 grants ? "GRANT" : "REVOKE",
					 statement->sort == REVOKE_OPTION ? "GRANT OPTION FOR " : "",
					 statement->privileges, target->on, grants ? "TO" : "FROM");
	foreach(lc, statement->grantees)
	{
		const char *grantee = lfirst(lc);

		appendStringInfo(buf, "%s%s",
						 foreach_current_index(lc) > 0 ? ", " : "",
						 strcmp(grantee, "*") == 0 ? target->owner : grantee);
	}
	appendStringInfo(buf, "%s%s;\n",
					 statement->sort == GRANT_WITH_OPTION ? " WITH GRANT OPTION" : "",
					 statement->cascades ? " CASCADE" : "");
}
