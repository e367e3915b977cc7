/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * escape.h - the only way text gets into a page.
 *
 * Text of strangers is cleaned (text_clean: valid UTF-8, no control bytes, no direction overrides)
 * and escaped for element content and quoted attribute values alike. Nothing here allocates.
 */
#ifndef REPORT_ESCAPE_H
#define REPORT_ESCAPE_H

#include "core/base.h"

void escape_html(FILE *out, const char *text); /* NULL prints nothing */
/*
 * At most max bytes of the text, cut at a character; an ellipsis tells that it goes on. Of text
 * that grows to over 2 * max + 16 bytes by escaping it is less.
 */
void escape_cut(FILE *out, const char *text, size_t max);

/*
 * Mark-up with values in it: the format is ours and goes out as it is, every %s is cleaned, escaped
 * and cut after HTML_VALUE_MAX bytes. Numbers: %d %u %zu and the PRI macros of 64 bits; %% is a
 * percent sign; nothing else is understood (the value is left out).
 */
#define HTML_VALUE_MAX 500u
void html_put(FILE *out, const char *fmt, ...) FORMAT_PRINTF(2, 3);

#endif
