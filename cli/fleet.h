/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fleet.h - compare --fleet DIR: results of many hosts beside each other. */
#ifndef CLI_FLEET_H
#define CLI_FLEET_H

#include "cli/verb.h"

/*
 * Reads the results in the folder (cli/fleet_files.h), prints who stands out or, with --json, the
 * document of format vfiobench-fleet. Files that cannot be used are in it, with the reason.
 * is_full: all hosts of large groups, all settings. EXIT_DONE; EXIT_CANNOT after lines on stderr:
 * no file could be used.
 */
int fleet_run(const char *folder, const struct common *common, bool is_full);

#endif
