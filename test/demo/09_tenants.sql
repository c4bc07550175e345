-- 9. One history, many schemas
--
-- Each target schema has its own state.

CREATE SCHEMA tenant_a;
CREATE SCHEMA tenant_b;
SELECT step, revision, message FROM migrate_upgrade('ae10', schema => 'tenant_a');
SELECT step, revision, message FROM migrate_upgrade('heads', schema => 'tenant_b');

SELECT * FROM migrate_version ORDER BY schema_name, revision;
\dt tenant_*.*
