/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * escape.h - the only way text gets into a page.
 *
 * Text of strangers is cleaned (text_clean: valid UTF-8, no control bytes, no direction overrides)
 * and escaped for element content and quoted attribute values alike.
 */
#ifndef REPORT_ESCAPE_H
#define REPORT_ESCAPE_H

#include "core/base.h"

void escape_html(FILE *out, const char *text); /* NULL prints nothing */

#endif
