/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * github.h - text on the stdout of a job of GitHub Actions, whose runner obeys lines such as
 * "::error::…" and "##[add-path]…" wherever they come from.
 *
 * Source: "Workflow commands for GitHub Actions", "Stopping and starting workflow commands".
 */
#ifndef CLI_GITHUB_H
#define CLI_GITHUB_H

#include "core/base.h"

bool is_github(void);

struct github_pause {
	char token[33]; /* "": not in such a job, nothing is paused */
};
/*
 * From here on to the end no line of out is a command: strangers' words may stand in it. The token
 * is new each time, for nobody may know it before. 0 or -errno: nothing may be written then.
 */
int github_pause(FILE *out, struct github_pause *ret_pause) MUST_CHECK;
void github_resume(FILE *out, const struct github_pause *pause);

#endif
