/*-------------------------------------------------------------------------
 *
 * model/ddl_log.h
 *	  Logs DDL that no migration makes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_DDL_LOG_H
#define MIG_DDL_LOG_H

#include "commands/event_trigger.h"

extern void mig_ddl_log(const EventTriggerData *event, Oid nsp);

#endif							/* MIG_DDL_LOG_H */
