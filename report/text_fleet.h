/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text_fleet.h - many hosts in a terminal: who stands out and by what, then each group as a table.
 */
#ifndef REPORT_TEXT_FLEET_H
#define REPORT_TEXT_FLEET_H

#include "facts/fleet.h"
#include "report/report.h"

/* Of large groups the first hosts and those that stand out; is_full: all. 0 or -errno. */
int report_fleet_text(FILE *out, const struct fleet_facts *f,
		      const struct text_style *style) MUST_CHECK;

#endif
