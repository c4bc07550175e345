-- 5. What happened
--
-- The history, the graph, a revision, and the same as a script for a
-- database that lacks the extension.

SELECT revision, message, marks FROM migrate_history();
SELECT * FROM migrate_graph();
SELECT * FROM migrate_graph('mermaid');
SELECT * FROM migrate_show('head');
SELECT * FROM migrate_sql('b02c:head');

SELECT id, action, revision, outcome, statements FROM migrate_log ORDER BY id;
