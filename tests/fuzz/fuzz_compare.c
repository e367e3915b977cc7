/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stranger's baseline, compared with itself and its newest session, and a stranger's comparison:
 * decoded, told as text, written and read again.
 * TEST_SOURCES: tests/lib/mutate_json.c
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/compare.h"
#include "analyze/record.h"
#include "report/text_comparison.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void tell(const struct comparison_facts *c, FILE *out)
{
	const struct text_style style = { .width = 80, .is_full = true };
	auto_arena struct arena a = { 0 };
	auto_doc struct doc *d = NULL;
	struct comparison_facts back;
	const char *why;

	assert(text_comparison(out, c, &style) == 0);
	assert(comparison_encode(c, &d) == 0);
	assert(comparison_decode(d, &a, &back, &why) == 0);
}

static void compare(const struct baseline_facts *b, FILE *out)
{
	auto_arena struct arena a = { 0 };
	const struct record_facts *sessions = b->sessions.v, *v[BASELINE_SESSIONS_MAX];
	const size_t n = b->sessions.n;
	struct compare_wish wish = { .before = { v, n }, .after = { v, n } };
	struct comparison_facts c, again;

	assert(n <= BASELINE_SESSIONS_MAX);
	for (size_t i = 0; i < n; i++)
		v[i] = &sessions[i];
	if (!n) {
		assert(compare_records(&wish, &a, &c) == -EINVAL);
		return;
	}
	assert(compare_records(&wish, &a, &c) == 0);
	assert(strcmp(c.verdict.v, "regressed") != 0 && strcmp(c.verdict.v, "improved") != 0);
	tell(&c, out);
	wish.after = (struct compare_side){ v + n - 1, 1 };
	assert(compare_records(&wish, &a, &again) == 0);
	assert(compare_confirm(&again, &c, &a) == 0);
	tell(&again, out);
	wish.before = wish.after;
	wish.is_paired = wish.is_one_session = true;
	assert(compare_records(&wish, &a, &again) == 0);
	tell(&again, out);
}

static void add(const struct baseline_facts *b, struct arena *a)
{
	const struct record_facts *sessions = b->sessions.v;
	struct baseline_facts grown = { 0 };
	const char *why;

	for (size_t i = 0; i < b->sessions.n; i++) {
		const int r = baseline_add(&grown, &sessions[i], a, &why);

		assert(r == 0 || ((r == -EEXIST || r == -EXDEV) && why));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena a = { 0 };
	auto_doc struct doc *d = NULL, *written = NULL;
	struct baseline_facts b;
	struct comparison_facts c;
	struct doc_error error;
	const char *why = NULL;
	FILE *out;

	if (doc_parse((const char *)data, size, &d, &error) < 0)
		return 0;
	out = fopen("/dev/null", "w");
	assert(out);
	if (baseline_decode(d, &a, &b, &why) == 0) {
		assert(baseline_encode(&b, &written) == 0);
		add(&b, &a);
		compare(&b, out);
	} else {
		assert(why);
		if (comparison_decode(d, &a, &c, &why) == 0)
			tell(&c, out);
		else
			assert(why);
	}
	fclose(out);
	return 0;
}
