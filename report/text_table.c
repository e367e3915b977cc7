/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text_table.h"

#include <libsmartcols.h>
#include <string.h>

#include "core/save.h"
#include "core/text.h"

const char *const verdict_colours[N_VERDICTS] = {
	[VERDICT_PROBLEM] = "\033[1;31m",     [VERDICT_ADVICE] = "\033[33m",
	[VERDICT_UNKNOWN] = "\033[35m",       [VERDICT_PASS] = "\033[32m",
	[VERDICT_NOT_APPLICABLE] = "\033[2m",
};

void text_table_clean(const char *text, char *buf, size_t size)
{
	text_clean(text_of(text), buf, size);
	for (; *buf; buf++) {
		if ((unsigned char)*buf >= 0x80)
			*buf = '?';
	}
}

void text_table_fold(FILE *out, const char *text, size_t room)
{
	auto_free char *clean = malloc(strlen(text) + 1);
	const char *rest = clean;

	if (!clean)
		return;
	text_table_clean(text, clean, strlen(text) + 1);
	while (strlen(rest) > room) {
		size_t n = room;

		while (n > 0 && rest[n] != ' ')
			n--;
		if (n == 0) /* a word that is too long */
			n = room;
		fprintf(out, "%.*s\n", (int)n, rest);
		rest += n;
		rest += *rest == ' ';
	}
	fputs(rest, out);
}

int text_table_put(const struct printer *p, struct libscols_table *table)
{
	auto_free char *text = NULL;
	struct text rest, line;

	if (scols_print_table_to_string(table, &text))
		return -ENOMEM;
	rest = text_of(text);
	while (text_next_line(&rest, &line)) {
		while (line.len && line.at[line.len - 1] == ' ')
			line.len--;
		fprintf(p->out, "%.*s\n", (int)line.len, line.at);
	}
	return save_error(p->out);
}

static bool is_listed(const struct printer *p, const struct finding *f)
{
	return p->style->is_full || f->verdict <= VERDICT_UNKNOWN;
}

static bool is_same_question(const struct finding *x, const struct finding *y)
{
	return x->verdict == VERDICT_UNKNOWN && y->verdict == VERDICT_UNKNOWN &&
	       !strcmp(x->summary, y->summary);
}

/* Whether a finding before it asks the same. */
static bool is_repeated(const struct findings *f, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (is_same_question(&f->v[i], &f->v[at]))
			return true;
	}
	return false;
}

/* The sentence, and which rows stay open for the same reason. NULL: no memory. Caller frees. */
static char *with_repeated(const struct findings *f, size_t at)
{
	const char *separator = " Open for the same reason: ";
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs(f->v[at].summary, out);
	for (size_t i = at + 1; i < f->n; i++) {
		if (!is_same_question(&f->v[i], &f->v[at]))
			continue;
		fprintf(out, "%s%s", separator, f->v[i].tweak->id);
		separator = ", ";
	}
	if (fclose(out) == EOF) {
		free(text);
		return NULL;
	}
	return text;
}

/* Words broken into lines that the table library keeps; NULL: no memory. Caller frees. */
static char *fold(const char *text, size_t room)
{
	char *folded = malloc(strlen(text) + 1), *line = folded, *blank = NULL;

	if (folded)
		text_clean(text_of(text), folded, strlen(text) + 1);
	for (char *c = folded; c && *c; c++) {
		if (*c == ' ')
			blank = c;
		if ((size_t)(c - line) >= room && blank) {
			*blank = '\n';
			line = blank + 1;
			blank = NULL;
		}
	}
	return folded;
}

static int add_row(struct libscols_table *table, const struct printer *p,
		   const struct findings *all, size_t at, size_t room)
{
	const struct finding *f = &all->v[at];
	struct libscols_line *line = scols_table_new_line(table, NULL);
	auto_free char *sentence = with_repeated(all, at);
	auto_free char *summary = sentence ? fold(sentence, room) : NULL;

	if (!line || !summary)
		return -ENOMEM;
	if (scols_line_set_data(line, 0, verdict_names[f->verdict]) ||
	    scols_line_set_data(line, 1, f->tweak->id) || scols_line_set_data(line, 2, summary))
		return -ENOMEM;
	if (p->style->has_colour &&
	    scols_cell_set_color(scols_line_get_cell(line, 0), verdict_colours[f->verdict]))
		return -ENOMEM;
	return 0;
}

static struct libscols_table *new_table(const struct printer *p)
{
	struct libscols_table *table = scols_new_table();
	struct libscols_column *summary;

	if (!table || !scols_table_new_column(table, "VERDICT", 0, 0) ||
	    !scols_table_new_column(table, "ID", 0, 0))
		goto fail;
	summary = scols_table_new_column(table, "WHAT WAS FOUND", 0, SCOLS_FL_WRAP);
	if (!summary || scols_column_set_wrapfunc(summary, scols_wrapnl_chunksize,
						  scols_wrapnl_nextchunk, NULL))
		goto fail;
	scols_column_set_safechars(summary, "\n");
	scols_table_set_termforce(table, SCOLS_TERMFORCE_ALWAYS);
	scols_table_set_termwidth(table, p->style->width);
	scols_table_enable_colors(table, p->style->has_colour);
	scols_table_set_stream(table, p->out);
	return table;
fail:
	scols_unref_table(table);
	return NULL;
}

/* Columns left for the summary beside verdict and id. */
static size_t summary_room(const struct printer *p, const struct findings *f)
{
	size_t used = 0;

	for (size_t i = 0; i < f->n; i++) {
		size_t n = strlen(verdict_names[f->v[i].verdict]) + strlen(f->v[i].tweak->id) + 2;

		if (is_listed(p, &f->v[i]) && n > used)
			used = n;
	}
	return p->style->width > used + 20 ? p->style->width - used - 1 : 20;
}

int text_table_print(const struct printer *p, const struct findings *f)
{
	struct libscols_table *table = new_table(p);
	const size_t room = summary_room(p, f);
	int r = table ? 0 : -ENOMEM;
	size_t n = 0;

	for (size_t i = 0; r == 0 && i < f->n; i++) {
		if (!is_listed(p, &f->v[i]) || is_repeated(f, i))
			continue;
		r = add_row(table, p, f, i, room);
		n++;
	}
	if (r == 0 && n) {
		fputc('\n', p->out);
		r = text_table_put(p, table);
	}
	scols_unref_table(table);
	return r;
}
