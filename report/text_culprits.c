/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text_culprits.h"

#include <libsmartcols.h>
#include <string.h>

#include "analyze/blame.h"
#include "report/words.h"

/* What the columns of numbers need with the blanks between them. */
enum { NUMBERS_WIDTH = 40, ROOM_MIN = 12, ROWS_MAX = 3, ID_MAX = 20 };

static const struct {
	const char *name;
	int flags;
} columns[] = {
	{ "CLASS", 0 },
	{ "NAME", SCOLS_FL_WRAP },
	{ "SLICES", SCOLS_FL_RIGHT },
	{ "TOTAL", SCOLS_FL_RIGHT },
	{ "P99", SCOLS_FL_RIGHT },
	{ "LONGEST", SCOLS_FL_RIGHT },
	{ "OF LOST", SCOLS_FL_RIGHT },
	{ "LOOK AT", SCOLS_FL_WRAP },
};

enum { N_COLUMNS = ARRAY_SIZE(columns) };

static struct libscols_table *new_table(const struct printer *p)
{
	struct libscols_table *table = scols_new_table();

	if (!table)
		return NULL;
	for (size_t i = 0; i < N_COLUMNS; i++) {
		struct libscols_column *c =
			scols_table_new_column(table, columns[i].name, 0, columns[i].flags);

		if (!c)
			goto fail;
		if (!(columns[i].flags & SCOLS_FL_WRAP))
			continue;
		scols_column_set_safechars(c, "\n");
		if (scols_column_set_wrapfunc(c, scols_wrapnl_chunksize, scols_wrapnl_nextchunk,
					      NULL))
			goto fail;
	}
	scols_table_set_termforce(table, SCOLS_TERMFORCE_ALWAYS);
	scols_table_set_termwidth(table, p->style->width);
	scols_table_enable_colors(table, p->style->has_colour);
	scols_table_set_stream(table, p->out);
	return table;
fail:
	scols_unref_table(table);
	return NULL;
}

static void put_name(FILE *out, const struct trace_culprit *c, size_t room)
{
	text_table_fold(out, c->name.v, room);
	if (!c->via.known)
		return;
	fputs("\nkept waiting:\n", out);
	text_table_fold(out, c->via.v, room);
}

static void put_rows(FILE *out, const struct trace_culprit *c, size_t room)
{
	for (size_t i = 0; i < c->rows.n && i < ROWS_MAX; i++) {
		fputs(i ? "\n" : "", out);
		text_table_fold(out, c->rows.v[i], room);
	}
}

typedef void put_fn(FILE *out, const struct trace_culprit *c, size_t room);

static int set_text(struct libscols_line *line, size_t column, put_fn *put,
		    const struct trace_culprit *c, size_t room)
{
	auto_free char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return -ENOMEM;
	put(out, c, room);
	if (fclose(out) == EOF)
		return -ENOMEM;
	return scols_line_set_data(line, column, text) ? -ENOMEM : 0;
}

static void put_class(FILE *out, const struct trace_culprit *c, size_t room)
{
	char clean[ROOM_MIN + 1];

	text_table_clean(c->class.v, clean, u64_min(room + 1, sizeof(clean)));
	fputs(clean, out);
}

static int set_ns(struct libscols_line *line, size_t column, const struct fact_u64 *ns)
{
	char words[32] = "";

	if (ns->known)
		words_of_ns(ns->v, words, sizeof(words));
	return scols_line_set_data(line, column, words) ? -ENOMEM : 0;
}

static int add_row(struct libscols_table *table, const struct trace_culprit *c, uint64_t whole_ns,
		   const size_t room[2])
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	char count[32], share[32] = "-";

	if (!line)
		return -ENOMEM;
	words_of_count(c->n.v, count, sizeof(count));
	/* Time of a vCPU that was kept asleep is not what it lost. */
	if (!c->via.known)
		words_of_share(c->total_ns.v, whole_ns, share, sizeof(share));
	if (set_text(line, 0, put_class, c, ROOM_MIN) < 0 ||
	    set_text(line, 1, put_name, c, room[0]) < 0 || scols_line_set_data(line, 2, count) ||
	    set_ns(line, 3, &c->total_ns) < 0 || set_ns(line, 4, &c->p99_ns) < 0 ||
	    set_ns(line, 5, &c->max_ns) < 0 || scols_line_set_data(line, 6, share) ||
	    set_text(line, 7, put_rows, c, room[1]) < 0)
		return -ENOMEM;
	return 0;
}

/* Characters of the longest class and the longest id of those that are shown. */
static void find_longest(const struct fact_list *list, size_t max, size_t *ret_class,
			 size_t *ret_row)
{
	const struct trace_culprit *c = list->v;
	size_t n = 0;

	*ret_class = strlen(columns[0].name);
	*ret_row = strlen(columns[N_COLUMNS - 1].name);
	for (size_t i = 0; i < list->n && n < max; i++) {
		if (!blame_counts(&c[i]))
			continue;
		*ret_class = u64_max(*ret_class, u64_min(strlen(c[i].class.v), ROOM_MIN));
		for (size_t k = 0; k < c[i].rows.n && k < ROWS_MAX; k++)
			*ret_row = u64_max(*ret_row, u64_min(strlen(c[i].rows.v[k]), ID_MAX));
		n++;
	}
}

/* What is left beside class and numbers: ids whole, the rest for names. */
static void share_room(const struct printer *p, const struct fact_list *list, size_t max,
		       size_t room[2])
{
	size_t class, row, used;

	find_longest(list, max, &class, &row);
	used = class + 1 + NUMBERS_WIDTH + row;
	room[0] = p->style->width > used + ROOM_MIN ? p->style->width - used : ROOM_MIN;
	room[1] = row;
}

int text_culprits(const struct printer *p, const struct fact_list *list, uint64_t whole_ns,
		  size_t max)
{
	const struct trace_culprit *c = list->v;
	struct libscols_table *table = new_table(p);
	int r = table ? 0 : -ENOMEM;
	size_t room[2], n = 0;

	share_room(p, list, max, room);
	for (size_t i = 0; r == 0 && i < list->n; i++) {
		if (blame_counts(&c[i]) && n++ < max)
			r = add_row(table, &c[i], whole_ns, room);
	}
	if (r == 0 && n)
		r = text_table_put(p, table);
	if (r == 0 && n > max)
		fprintf(p->out, "and %zu more\n", n - max);
	scols_unref_table(table);
	return r;
}
