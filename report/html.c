/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html.c - the page: one file, no script, nothing fetched. */
#include "report/escape.h"
#include "report/report.h"

static const char head[] =
	"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	"style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
	"<title>vfiobench report</title></head><body>\n";

int report_html(FILE *out, struct host *h, const struct findings *f)
{
	fputs(head, out);
	fputs("<h1>", out);
	escape_html(out, verdict_sentence(h, f));
	fputs("</h1>\n<ul>\n", out);
	for (size_t i = 0; i < f->n; i++) {
		fprintf(out, "<li>%s ", verdict_names[f->v[i].verdict]);
		escape_html(out, f->v[i].summary);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n</body></html>\n", out);
	return ferror(out) ? -EIO : 0;
}
