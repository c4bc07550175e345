-- All that is stored
SELECT * FROM migrate_revision ORDER BY revision;
SELECT * FROM migrate_edge ORDER BY child, kind, position;
SELECT * FROM migrate_applied ORDER BY schema_name, revision;
SELECT * FROM migrate_progress ORDER BY statement;
SELECT * FROM migrate_log ORDER BY id;
SELECT * FROM migrate_model ORDER BY branch;
SELECT * FROM migrate_guard;
SELECT evtname, evtevent, evtenabled, evttags, evtfoid::regprocedure FROM pg_event_trigger ORDER BY evtname;
SELECT * FROM migrate_branches();
SELECT * FROM migrate_history();
SELECT * FROM migrate_current();
SELECT revision, message FROM migrate_pending();
SELECT setrole::regrole, setconfig FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
WHERE d.datname = current_database() ORDER BY 1;
SELECT oid::regprocedure, coalesce(proacl, acldefault('f', proowner)), probin FROM pg_proc
WHERE proname LIKE 'migrate%' ORDER BY 1::text;
SELECT parname, paracl FROM pg_parameter_acl ORDER BY 1;
SELECT extversion, extnamespace::regnamespace, extconfig::regclass[] FROM pg_extension
WHERE extname = 'pg_migrations';
