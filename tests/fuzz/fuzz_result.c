/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stranger's result: decoded, judged, planned and told as text.
 * TEST_SOURCES: tests/lib/mutate_json.c
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/engine.h"
#include "report/chrome_trace.h"
#include "report/plan.h"
#include "report/report.h"
#include "report/text_trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_all(struct host *h, const struct findings *f, FILE *out)
{
	struct plan plan;
	struct plan_context c = { h, f, f, 1, &plan };
	const struct text_style style = { .width = 80, .is_full = true };

	assert(plan_make(h, f, f, &plan) == 0);
	assert(plan_write_readme(out, &c) == 0);
	for (size_t i = 0; plan_files[i].name; i++) {
		const int r = plan_files[i].has(&c) ? plan_files[i].write(out, &c) : 0;

		assert(r == 0 || r == -EBADMSG);
	}
	assert(report_text(out, h, f, &style) == 0);
	assert(report_trace_text(out, h, &style) == 0);
	assert(report_gap_text(out, h, &style) == 0);
	assert(report_chrome_trace(out, h) == (h->trace.vcpus.n ? 0 : -ENODATA));
}

static void check_text(const char *id, const char *text)
{
	if (!text || !strstr(text, "(null)"))
		return;
	fprintf(stderr, "%s: %s\n", id, text);
	abort();
}

/* No rule prints a text that is not known. */
static void check_findings(const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct finding *one = &f->v[i];

		check_text(one->tweak->id, one->summary);
		check_text(one->tweak->id, one->fix.now);
		check_text(one->tweak->id, one->fix.persist);
		check_text(one->tweak->id, one->fix.undo);
		for (size_t k = 0; k < one->n_items; k++)
			check_text(one->tweak->id, one->items[k]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct doc *d = NULL;
	struct doc_error error;
	struct findings f;
	struct host *h = NULL;
	char *why = NULL;
	FILE *out;

	if (doc_parse((const char *)data, size, &d, &error) < 0)
		return 0;
	if (host_new(d, &h, &why) == 0) {
		out = fopen("/dev/null", "w");
		assert(out);
		assert(engine_run(h, &f) == 0);
		assert(f.n > 0);
		if (!memmem(data, size, "null", 4))
			check_findings(&f);
		write_all(h, &f, out);
		fclose(out);
	} else {
		assert(why);
	}
	free(why);
	host_free(h);
	doc_free(d);
	return 0;
}
