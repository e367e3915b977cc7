/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text_calibration.h - the noise of this host, for a terminal. */
#ifndef REPORT_TEXT_CALIBRATION_H
#define REPORT_TEXT_CALIBRATION_H

#include "facts/calibration.h"
#include "report/report.h"

/* What the host can gate on, a table of the metrics, and where the margins come from. 0 or -errno.
 */
int report_calibration(FILE *out, const struct calibration_facts *c,
		       const struct text_style *style) MUST_CHECK;

#endif
