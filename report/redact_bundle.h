/* SPDX-License-Identifier: GPL-2.0-or-later */
/* redact_bundle.h - a bundle (core/bundle.h) that may be shown to others. */
#ifndef REPORT_REDACT_BUNDLE_H
#define REPORT_REDACT_BUNDLE_H

#include "core/bundle.h"
#include "report/redact.h"

/*
 * Paths, links and texts as redact_text() leaves them; numbers and words that the kernel alone
 * writes stay. What is a name in the paths is the same one in the texts, so that probes find what
 * they found before. from is settled; *ret_bundle (begin with { 0 }) is settled then. Of two
 * paths that become one the second gets a "-2". 0; -EEXIST: a file became the folder of another
 * one; -EINVAL: a path became longer than BUNDLE_PATH_MAX; -EFBIG; -ENOMEM.
 */
int redact_bundle(struct redaction *r, const struct bundle *from,
		  struct bundle *ret_bundle) MUST_CHECK;

#endif
