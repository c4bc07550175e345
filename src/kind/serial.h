/*-------------------------------------------------------------------------
 *
 * kind/serial.h
 *	  Columns that bring a sequence along: serial and its like.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SERIAL_H
#define MIG_SERIAL_H

#include "sch/sch.h"

extern bool mig_serial_fits(const MigObject *sequence);
extern const char *mig_serial_type(const MigObject *column);

#endif							/* MIG_SERIAL_H */
