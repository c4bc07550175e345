--
-- What the install script promises of its own objects
--
CREATE SCHEMA mig_catalog;
CREATE EXTENSION pg_migrations SCHEMA mig_catalog;

CREATE TEMP VIEW member AS
    SELECT d.classid, d.objid
    FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
    WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
        AND e.extname = 'pg_migrations';

CREATE TEMP VIEW member_relation AS
    SELECT c.*
    FROM pg_class c JOIN member m ON m.objid = c.oid
    WHERE m.classid = 'pg_class'::regclass;

CREATE TEMP VIEW member_function AS
    SELECT p.*
    FROM pg_proc p JOIN member m ON m.objid = p.oid
    WHERE m.classid = 'pg_proc'::regclass;

---------------------------------------------------------------------------
-- Comments: every member has one, and every column of a table or view; row
-- types, members of their own since PostgreSQL 16, go with their relation
---------------------------------------------------------------------------
SELECT pg_describe_object(classid, objid, 0) AS "without comment"
FROM member
WHERE obj_description(objid, classid::regclass::name) IS NULL
    AND classid <> 'pg_type'::regclass
ORDER BY pg_describe_object(classid, objid, 0) COLLATE "C";

SELECT c.relname, a.attname AS "column without comment"
FROM member_relation c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
    AND col_description(c.oid, a.attnum) IS NULL
ORDER BY 1, a.attnum;

---------------------------------------------------------------------------
-- Tables: kept by pg_dump, with a primary key, text in C collation, and no
-- foreign key to itself (pg_dump would warn).  Snapshots can be made anew.
---------------------------------------------------------------------------
SELECT c.relname AS "not dumped"
FROM member_relation c
WHERE c.relkind IN ('r', 'S')
    AND c.oid <> ALL (SELECT unnest(extconfig) FROM pg_extension
                      WHERE extname = 'pg_migrations')
ORDER BY 1;

SELECT c.relname AS "no primary key"
FROM member_relation c
WHERE c.relkind = 'r'
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = c.oid AND contype = 'p')
ORDER BY 1;

SELECT c.relname, a.attname AS "key not COLLATE C"
FROM member_relation c
    JOIN pg_index i ON i.indrelid = c.oid
    JOIN pg_attribute a ON a.attrelid = i.indexrelid
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE a.attcollation <> 0 AND l.collname <> 'C'
ORDER BY 1, 2;

SELECT conname AS "refers to itself"
FROM member_relation c JOIN pg_constraint o ON o.conrelid = c.oid
WHERE o.contype = 'f' AND o.confrelid = c.oid
ORDER BY 1;

---------------------------------------------------------------------------
-- Functions: no overloads, every argument has a name, none runs as its owner
-- or under a search_path of its own
---------------------------------------------------------------------------
SELECT proname AS overloaded
FROM member_function
GROUP BY proname
HAVING count(*) > 1
ORDER BY 1;

SELECT proname AS "argument without a name"
FROM member_function
WHERE pronargs > 0 AND (proargnames IS NULL OR '' = ANY (proargnames[1:pronargs]))
ORDER BY 1;

SELECT proname AS "security definer"
FROM member_function
WHERE prosecdef OR proconfig IS NOT NULL
ORDER BY 1;

---------------------------------------------------------------------------
-- What everybody may do: to be read whenever it changes
---------------------------------------------------------------------------
SELECT p.proname AS "PUBLIC may execute", p.provolatile AS volatile, p.proparallel AS parallel
FROM member_function p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
WHERE x.grantee = 0
ORDER BY 1;

SELECT p.proname AS "revoked from PUBLIC"
FROM member_function p
WHERE NOT EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
                  WHERE x.grantee = 0)
ORDER BY 1;

SELECT c.relname, NULL::name AS attname, x.privilege_type AS "PUBLIC may"
FROM member_relation c, aclexplode(c.relacl) x
WHERE x.grantee = 0
UNION ALL
SELECT c.relname, a.attname, x.privilege_type
FROM member_relation c JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) x
WHERE x.grantee = 0
ORDER BY 1, 2;

DROP VIEW member_function, member_relation, member;
DROP SCHEMA mig_catalog CASCADE;
