/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text_calibration.h"

#include <inttypes.h>
#include <libsmartcols.h>
#include <string.h>

#include "core/save.h"
#include "report/text_table.h"
#include "report/words.h"

static const struct {
	const char *name;
	int flags;
} columns[] = {
	{ "METRIC", 0 },
	{ "TYPICAL", SCOLS_FL_RIGHT },
	{ "REPS +-", SCOLS_FL_RIGHT },
	{ "SESSIONS +-", SCOLS_FL_RIGHT },
	{ "MARGIN", SCOLS_FL_RIGHT },
	{ "SEEN FROM", SCOLS_FL_RIGHT },
	{ "FOR +50 %", SCOLS_FL_RIGHT },
};

enum { CELL_MAX = 48 };

static struct libscols_table *new_table(const struct printer *p)
{
	struct libscols_table *table = scols_new_table();

	for (size_t i = 0; table && i < ARRAY_SIZE(columns); i++) {
		if (!scols_table_new_column(table, columns[i].name, 0, columns[i].flags)) {
			scols_unref_table(table);
			return NULL;
		}
	}
	if (!table)
		return NULL;
	scols_table_set_termforce(table, SCOLS_TERMFORCE_ALWAYS);
	scols_table_set_termwidth(table, p->style->width);
	return table;
}

static int set_text(struct libscols_line *line, size_t column, const struct fact_str *f)
{
	char cell[CELL_MAX] = "-";

	if (f->known)
		text_table_clean(f->v, cell, sizeof(cell));
	return scols_line_set_data(line, column, cell) ? -ENOMEM : 0;
}

/* Beyond this it is too much, and how much no matter. */
static void noise_words(uint64_t permille, char *buf, size_t size)
{
	if (permille > 10000)
		snprintf(buf, size, ">1000 %%");
	else
		words_of_permille(permille, buf, size);
}

static int set_permille(struct libscols_line *line, size_t column, const struct fact_u64 *f)
{
	char cell[CELL_MAX] = "-";

	if (f->known)
		noise_words(f->v, cell, sizeof(cell));
	return scols_line_set_data(line, column, cell) ? -ENOMEM : 0;
}

/* "never": known to be none, which is not the same as not known. */
static int set_number(struct libscols_line *line, size_t column, const struct fact_u64 *f,
		      bool is_judged)
{
	char cell[CELL_MAX];

	if (f->known)
		snprintf(cell, sizeof(cell), "%" PRIu64 " reps", f->v);
	else
		snprintf(cell, sizeof(cell), "%s", is_judged ? "never" : "-");
	return scols_line_set_data(line, column, cell) ? -ENOMEM : 0;
}

static int add_row(struct libscols_table *table, const struct calibration_metric *m)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	const bool is_judged = m->margin_permille.known;
	const struct fact_str never = { true, "never" };
	int r = line ? set_text(line, 0, &m->id) : -ENOMEM;

	if (r == 0)
		r = set_text(line, 1, &m->typical);
	if (r == 0)
		r = set_permille(line, 2, &m->repetitions_permille);
	if (r == 0)
		r = set_permille(line, 3, &m->sessions_permille);
	if (r == 0)
		r = set_permille(line, 4, &m->margin_permille);
	if (r == 0)
		r = set_text(line, 5, is_judged && !m->visible_at.known ? &never : &m->visible_at);
	return r < 0 ? r : set_number(line, 6, &m->n_for_half, is_judged);
}

static int print_table(const struct printer *p, const struct calibration_facts *c)
{
	const struct calibration_metric *m = c->metrics.v;
	struct libscols_table *table = new_table(p);
	int r = table ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < c->metrics.n; i++) {
		if (m[i].typical.known)
			r = add_row(table, &m[i]);
	}
	if (r == 0)
		r = text_table_put(p, table);
	scols_unref_table(table);
	return r;
}

static void print_reasons(const struct printer *p, const struct calibration_facts *c)
{
	const struct calibration_metric *m = c->metrics.v;
	char lead[64], noise[32];

	for (size_t i = 0; i < c->metrics.n; i++) {
		snprintf(lead, sizeof(lead), "  %s: ", m[i].id.known ? m[i].id.v : "?");
		if (m[i].margin_reason.known && m[i].noise_permille.known) {
			auto_free char *text = NULL;
			const bool is_noise = m[i].noise_permille.v >= m[i].margin_permille.v;

			noise_words(m[i].noise_permille.v, noise, sizeof(noise));
			if (asprintf(&text, is_noise ? "%s: %s" : "%s; noise floor %s",
				     m[i].margin_reason.v, noise) < 0)
				text = NULL;
			print_line(p->out, lead, p->style->width, text ? text : noise);
		} else if (m[i].margin_reason.known) {
			print_line(p->out, lead, p->style->width, m[i].margin_reason.v);
		} else if (m[i].why.known) {
			print_line(p->out, lead, p->style->width, m[i].why.v);
		}
	}
}

static bool has_rows(const struct calibration_facts *c)
{
	const struct calibration_metric *m = c->metrics.v;

	for (size_t i = 0; i < c->metrics.n; i++) {
		if (m[i].typical.known)
			return true;
	}
	return false;
}

int report_calibration(FILE *out, const struct calibration_facts *c, const struct text_style *style)
{
	const struct printer p = { out, style };
	int r;

	if (c->sentence.known)
		print_wrapped(out, "", style->width, c->sentence.v);
	fprintf(out,
		"\n%" PRIu64 " sessions of %" PRIu64 " repetitions, nothing changed between:\n",
		c->n_sessions.v, c->n_repetitions.v);
	if (has_rows(c)) {
		r = print_table(&p, c);
		if (r < 0)
			return r;
		fputc('\n', out);
		print_wrapped(
			out, "", style->width,
			"REPS and SESSIONS: how far they lie apart (standard deviation). "
			"MARGIN: a rise up to this may be chance: the metric's own, or the noise "
			"floor where that is more. Fit to gate on is what shows a doubling; "
			"SEEN FROM: the smallest value that a session of 10 repetitions shows "
			"as a rise, four times of five. FOR +50 %: repetitions that show a "
			"rise by half; never: no number of them does.");
		print_wrapped(out, "", style->width,
			      "Noise floor: what two sessions with nothing changed stay within, 95 "
			      "of 100 times for all metrics together. Few sessions tell SESSIONS "
			      "badly, so it is several times that; more of them (--sessions) bring "
			      "it down.");
	}
	fputs("\nWhere the margins come from:\n", out);
	print_reasons(&p, c);
	for (size_t i = 0; i < c->notes.n; i++)
		print_line(out, "Note: ", style->width, c->notes.v[i]);
	return save_error(out);
}
