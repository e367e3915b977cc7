/* SPDX-License-Identifier: GPL-2.0-or-later */
/* written.h - what a writer wrote, as text; and questions to it. */
#ifndef TESTS_LIB_WRITTEN_H
#define TESTS_LIB_WRITTEN_H

#include <stdlib.h>
#include <string.h>

#include "core/base.h"
#include "tests/lib/check.h"

/* Text that means something to XML, HTML, Markdown, a runner or Prometheus, and is no good UTF-8.
 */
#define HOSTILE                                                                             \
	"</failure>]]><script>alert(1)</script>|`a`*b*_c_[x](http://e.vil)![i](j)\"' & "    \
	"@name #12 www.e.vil a@e.vil ::error::x ##[add-path]/x %0A\r\n\n- \x1b[31m\xff\xfe" \
	"\xef\xbf\xbe\xef\xbf\xbf\xe2\x80\xae\\"

struct written {
	char *text;
	size_t size;
	FILE *out;
};

static inline FILE *written_open(struct written *w)
{
	*w = (struct written){ 0 };
	w->out = open_memstream(&w->text, &w->size);
	assert_non_null(w->out);
	return w->out;
}

static inline const char *written_close(struct written *w)
{
	assert_int_equal(fclose(w->out), 0);
	assert_int_equal(strlen(w->text), w->size);
	return w->text;
}

static inline size_t n_of(const char *text, const char *piece)
{
	size_t n = 0;

	for (; (text = strstr(text, piece)); text += strlen(piece))
		n++;
	return n;
}

static inline void holds(const char *text, const char *piece)
{
	if (!strstr(text, piece))
		fail_msg("'%s' is not in:\n%s", piece, text);
}

static inline void holds_not(const char *text, const char *piece)
{
	if (strstr(text, piece))
		fail_msg("'%s' is in:\n%s", piece, text);
}

/* No byte that a terminal or a parser would obey, and no broken UTF-8 of ours. */
static inline void is_clean(const char *text)
{
	for (const char *p = text; *p; p++) {
		const unsigned char c = (unsigned char)*p;

		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f || c >= 0xf8)
			fail_msg("byte %02x before: %.40s", c, p);
	}
	holds_not(text, "\xe2\x80\xae");
}

#endif
