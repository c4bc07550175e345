/*-------------------------------------------------------------------------
 *
 * util/settings.h
 *	  Settings that hold for a while, those under which catalogs are read and
 *	  scripts are written and run among them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SETTINGS_H
#define MIG_SETTINGS_H

extern int	mig_settings_pin(void);
extern void mig_settings_for_script(void);
extern void mig_settings_for_replay(void);
extern void mig_settings_set(const char *name, const char *value);

#endif							/* MIG_SETTINGS_H */
