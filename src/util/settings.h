/*-------------------------------------------------------------------------
 *
 * util/settings.h
 *	  Settings under which catalogs are read and scripts are written.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SETTINGS_H
#define MIG_SETTINGS_H

extern int	mig_settings_pin(void);

#endif							/* MIG_SETTINGS_H */
