/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measured.h - one run, from its beginning to its folder: measured, saved, decoded and judged.
 *
 * The folder is this run's alone until measured_release(); in it are result.json and report.html.
 */
#ifndef CLI_MEASURED_H
#define CLI_MEASURED_H

#include "analyze/engine.h"
#include "cli/session.h"

struct measured {
	struct session session; /* its result is the document */
	char *folder;
	bool is_folder_new;
	int lock_fd;
	char *trace; /* what is kept of it; NULL: nothing */
	struct host *host;
	struct findings findings;
	bool has_report; /* all that belongs into the folder is there */
};

/*
 * Measures what wish says into the folder (NULL: a new one here, named after the time), and also
 * keeps trace.dat there when asked to; a result.json of an earlier run becomes result.json.old. 0:
 * there is a host, maybe of a run that was ended early; < 0, after one line on stderr: there is
 * nothing. Release it in either case.
 */
int measured_make(struct measured *m, struct session_wish *wish, const char *folder,
		  bool keeps_trace) MUST_CHECK;
void measured_release(struct measured *m);
#define auto_measured auto_cleanup(measured_release)
/*
 * What the run ends with if nothing else decides: EXIT_DONE, 128 + the signal that ended it, or
 * EXIT_CANNOT after one line on stderr (a stage failed, no probe worked, it could not be saved).
 */
int measured_status(const struct measured *m);

#endif
