/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/markdown.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/save.h"
#include "core/text.h"

enum { NOTE_MAX = 1000 /* bytes kept for the note about what was left out */ };

/* Never mark-up inside of a line; a colon before a blank is part of no address. */
static bool is_plain(const char *at)
{
	const char c = *at;

	return (unsigned char)c >= 0x80 || isalnum((unsigned char)c) ||
	       strchr(" ,;.?'()%+=/-", c) || (c == ':' && at[1] == ' ');
}

/* A list, a heading, a number of a list: only where a line or an item begins. */
static bool begins_block(char c)
{
	return strchr("+=-", c) || isdigit((unsigned char)c);
}

/* Before names and numbers that sites make links of. */
static bool is_split(char c)
{
	return strchr("@#:!~$^&", c);
}

static bool is_after_www(const char *text, const char *at)
{
	return at - text >= 3 && !strncasecmp(at - 3, "www", 3);
}

static void put_text(FILE *out, const char *text, bool is_at_start)
{
	char clean[MARKDOWN_TEXT_MAX + 1];
	const size_t len = text ? strlen(text) : 0;

	text_clean(text_trim(text_make(text, len)), clean, sizeof(clean));
	for (const char *p = clean; *p; p++) {
		const bool is_first = is_at_start && p == clean;

		if (is_plain(p) && !(is_first && begins_block(*p)) &&
		    !(*p == '.' && is_after_www(clean, p)))
			putc(*p, out);
		else
			fprintf(out, "&#%d;%s", *p, is_split(*p) ? "<!-- -->" : "");
	}
	if (len > MARKDOWN_TEXT_MAX)
		fputs("…", out);
}

void markdown_text(FILE *out, const char *text)
{
	put_text(out, text, true);
}

void markdown_cell(FILE *out, const char *text)
{
	fputs("| ", out);
	put_text(out, text, false);
	putc(' ', out);
}

static int leave_out(struct markdown_page *p, const char *title)
{
	char *all = NULL;

	if (asprintf(&all, "%s%s%s", p->left_out ? p->left_out : "", p->left_out ? ", " : "",
		     title) < 0)
		return -ENOMEM;
	free(p->left_out);
	p->left_out = all;
	return 0;
}

int markdown_section(struct markdown_page *p, const char *title, part_fn *put, const void *arg)
{
	auto_free char *text = NULL;
	size_t size;
	const int r = part_write(put, arg, &text, &size);

	if (r < 0)
		return r;
	if (size > p->max || p->n_bytes + size + NOTE_MAX > p->max)
		return leave_out(p, title);
	p->n_bytes += size;
	return fwrite(text, 1, size, p->out) == size ? 0 : neg_errno();
}

int markdown_end(struct markdown_page *p)
{
	if (p->left_out)
		fprintf(p->out, "*Left out, for the page would be too long: %s.*\n", p->left_out);
	free(p->left_out);
	p->left_out = NULL;
	return save_error(p->out);
}
