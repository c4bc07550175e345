/*-------------------------------------------------------------------------
 *
 * io/dir.c
 *	  Files of revisions in a directory of the server.
 *
 * Names are relative to the directory.  Folders in it are read as well; what
 * begins with a dot is not, so that neither the folders of git and of mounted
 * configurations nor files under way are taken for revisions.  Symbolic links
 * to folders are not followed: nothing outside is read twice or written.
 *
 * A file is written under another name, flushed and renamed, so that there is
 * the old one or the new one at every moment.  Files stay when the transaction
 * is rolled back.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compat.h"
#include "io/bundle.h"
#include "io/dir.h"
#include "util/error.h"
#include "util/sql.h"

#include "catalog/pg_authid.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/acl.h"
#include "utils/memutils.h"

/* what others may do with files and folders that are written */
#define FILE_MODE	(S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH)
#define FOLDER_MODE (S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH)

static void collect_names(const char *path, const char *folder, List **names);
static bool is_sql_file(const char *name);
static MigSource *read_source(const char *path, char *name);
static StringInfo read_bytes(const char *file);
static void check_encoding(const char *name, const StringInfo bytes);
static char *full_name(const char *path, const char *name);
static char *name_to_server(const char *name);
static void make_folders(const char *path, const char *name);
static void write_bytes(const char *file, const char *bytes, size_t length);
static void write_temporary(const char *file, const char *bytes,
							size_t length);
pg_noreturn static void file_error(const char *verb, const char *file);

/*
 * Check that the current role may read or write files of the server, and that
 * a path is absolute; the path in its simplest form.
 */
char *
mig_dir_check(const char *path, bool write)
{
	char	   *clean = pstrdup(path);

	if (!has_privs_of_role(GetUserId(), write ? ROLE_PG_WRITE_SERVER_FILES :
						   ROLE_PG_READ_SERVER_FILES))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to %s files on the server",
						write ? "write" : "read"),
				 errdetail("Only roles with privileges of the role \"%s\" may do that.",
						   write ? "pg_write_server_files" :
						   "pg_read_server_files"),
				 errhint("Anyone can use migrate_import() and migrate_export().")));
	if (!is_absolute_path(path))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("path \"%s\" is not absolute", path),
				 errhint("It is a directory on the server's machine.")));
	canonicalize_path(clean);
	return clean;
}

/*
 * Read all files of revisions: list of MigSource *, by name in "C" order, in
 * the current memory context.  MG030 for one that is not UTF-8.
 */
List *
mig_dir_read(const char *path)
{
	List	   *names = NIL;
	List	   *sources = NIL;
	ListCell   *lc;

	collect_names(path, NULL, &names);
	list_sort(names, mig_compare_names);
	foreach(lc, names)
	{
		CHECK_FOR_INTERRUPTS();
		sources = lappend(sources, read_source(path, lfirst(lc)));
	}
	return sources;
}

/* folder is relative to path; NULL: path itself */
static void
collect_names(const char *path, const char *folder, List **names)
{
	char	   *full;
	DIR		   *dir;
	struct dirent *entry;

	full = folder == NULL ? pstrdup(path) :
		psprintf("%s/%s", path, folder);
	dir = AllocateDir(full);
	check_stack_depth();
	while ((entry = ReadDir(dir, full)) != NULL)
	{
		char	   *name;
		char	   *file;
		struct stat st;

		CHECK_FOR_INTERRUPTS();
		if (entry->d_name[0] == '.')
			continue;
		name = folder == NULL ? pstrdup(entry->d_name) :
			psprintf("%s/%s", folder, entry->d_name);
		file = psprintf("%s/%s", path, name);
		if (lstat(file, &st) != 0)
			file_error("stat", file);
		if (S_ISDIR(st.st_mode))
			collect_names(path, name, names);
		else if (is_sql_file(name) && stat(file, &st) == 0 &&
				 S_ISREG(st.st_mode))
			*names = lappend(*names, name);
	}
	FreeDir(dir);
}

/* The case counts, as on the file systems of servers. */
static bool
is_sql_file(const char *name)
{
	size_t		length = strlen(name);

	return length > 4 && strcmp(name + length - 4, ".sql") == 0;
}

/* In the encoding of the database afterwards; files are UTF-8. */
static MigSource *
read_source(const char *path, char *name)
{
	MigSource  *source = palloc(sizeof(MigSource));
	StringInfo	bytes = read_bytes(psprintf("%s/%s", path, name));
	char	   *content;

	source->name = name_to_server(name);
	check_encoding(source->name, bytes);
	source->line = 1;
	/* first, since not every encoding has a byte order mark */
	content = mig_bundle_normalize(bytes->data);
	source->text = pg_any_to_server(content, strlen(content), PG_UTF8);
	pfree(bytes->data);
	pfree(bytes);
	return source;
}

/*
 * Names of files are UTF-8, too; what is cut for the message is cut between
 * characters.
 */
static char *
name_to_server(const char *name)
{
	int			length = strlen(name);

	if (pg_encoding_verifymbstr(PG_UTF8, name, length) < length)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_BAD_FILE),
				 errmsg("the name of a revision file is not valid UTF-8"),
				 errdetail("It begins with \"%.*s\".",
						   pg_encoding_verifymbstr(PG_UTF8, name, length),
						   GetDatabaseEncoding() == PG_UTF8 ? name : "")));
	return pg_any_to_server(name, length, PG_UTF8);
}

/* The file is closed at the end of the transaction if this fails. */
static StringInfo
read_bytes(const char *file)
{
	StringInfo	bytes = makeStringInfo();
	FILE	   *in = AllocateFile(file, PG_BINARY_R);
	size_t		n;

	if (in == NULL)
		file_error("open", file);
	do
	{
		enlargeStringInfo(bytes, 65536);
		n = fread(bytes->data + bytes->len, 1, 65536, in);
		bytes->len += n;
		bytes->data[bytes->len] = '\0';
	} while (n > 0);
	if (ferror(in))
		file_error("read", file);
	FreeFile(in);
	return bytes;
}

/* A file is UTF-8, whatever the encoding of the database is. */
static void
check_encoding(const char *name, const StringInfo bytes)
{
	int			valid;

	valid = pg_encoding_verifymbstr(PG_UTF8, bytes->data, bytes->len);
	if (valid == bytes->len)
		return;
	mig_incoming_refuse(name, 1 + mig_newlines(bytes->data, valid),
						"This is not valid UTF-8.", "Save the file as UTF-8.");
}

/* An empty table of names of files. */
HTAB *
mig_dir_names(void)
{
	HASHCTL		ctl = {0};

	ctl.keysize = MAXPGPATH;
	ctl.entrysize = MAXPGPATH;
	ctl.hcxt = CurrentMemoryContext;
	return hash_create("pg_migrations files", 64, &ctl,
					   HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
}

/* Is there anything under a name? */
bool
mig_dir_has(const char *path, const char *name)
{
	struct stat st;

	return lstat(full_name(path, name), &st) == 0;
}

/* Names are UTF-8 in the file system, as the contents are. */
static char *
full_name(const char *path, const char *name)
{
	return psprintf("%s/%s", path,
					pg_server_to_any(name, strlen(name), PG_UTF8));
}

/*
 * Write a file, instead of the one that has the name; folders in the name are
 * made.
 */
void
mig_dir_write(const char *path, const char *name, const char *content)
{
	char	   *bytes;

	make_folders(path, pg_server_to_any(name, strlen(name), PG_UTF8));
	bytes = pg_server_to_any(content, strlen(content), PG_UTF8);
	write_bytes(full_name(path, name), bytes, strlen(bytes));
}

/*
 * Links are not followed: what is exported stays below the folder that was
 * named.
 */
static void
make_folders(const char *path, const char *name)
{
	for (const char *slash = strchr(name, '/'); slash != NULL;
		 slash = strchr(slash + 1, '/'))
	{
		char	   *folder = psprintf("%s/%.*s", path, (int) (slash - name),
									  name);
		struct stat st;

		if (lstat(folder, &st) != 0)
		{
			if (errno != ENOENT || mkdir(folder, FOLDER_MODE) != 0 ||
				chmod(folder, FOLDER_MODE) != 0)
				file_error("create", folder);
		}
		else if (!S_ISDIR(st.st_mode))
			ereport(ERROR,
					(errcode(ERRCODE_WRONG_OBJECT_TYPE),
					 errmsg("\"%s\" is not a directory", folder),
					 errdetail("Symbolic links are not followed.")));
	}
}

/*
 * To a file beside it that is renamed, so that a reader sees the old content
 * or the new one.
 */
static void
write_bytes(const char *file, const char *bytes, size_t length)
{
	char	   *folder = pstrdup(file);
	char	   *temporary;

	get_parent_directory(folder);
	temporary = psprintf("%s/.migrate.%d.tmp", folder, MyProcPid);
	/* what a crash of a process of this number may have left */
	if (unlink(temporary) != 0 && errno != ENOENT)
		file_error("remove", temporary);
	PG_TRY();
	{
		write_temporary(temporary, bytes, length);
		if (rename(temporary, file) != 0)
			file_error("rename", temporary);
	}
	PG_CATCH();
	{
		(void) unlink(temporary);
		PG_RE_THROW();
	}
	PG_END_TRY();
	fsync_fname(folder, true);
}

/* O_EXCL does not follow a link that somebody has put there. */
static void
write_temporary(const char *file, const char *bytes, size_t length)
{
	int			fd = OpenTransientFile(file, O_WRONLY | O_CREAT | O_EXCL |
									   PG_BINARY);

	if (fd < 0)
		file_error("create", file);
	while (length > 0)
	{
		ssize_t		written;

		errno = 0;
		written = write(fd, bytes, length);
		if (written <= 0)
		{
			if (errno == 0)
				errno = ENOSPC;
			file_error("write", file);
		}
		bytes += written;
		length -= written;
	}
	if (fchmod(fd, FILE_MODE) != 0 || pg_fsync(fd) != 0)
		file_error("flush", file);
	if (CloseTransientFile(fd) != 0)
		file_error("close", file);
}

/*
 * The path is named as the server sees it; errno must still be that of the
 * failure.
 */
static void
file_error(const char *verb, const char *file)
{
	ereport(ERROR,
			(errcode_for_file_access(),
			 errmsg("could not %s \"%s\": %m", verb, file)));
}
