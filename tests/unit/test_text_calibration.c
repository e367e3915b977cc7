/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A calibration in a terminal. */
#include <string.h>

#include "report/text_calibration.h"
#include "tests/lib/check.h"

static char *print(const struct calibration_facts *c)
{
	const struct text_style style = { .width = 80 };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(report_calibration(out, c, &style), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void check_piece(const char *text, const char *piece)
{
	if (!strstr(text, piece))
		fail_msg("no '%s' in:\n%s", piece, text);
}

static void test_text(void **state)
{
	struct calibration_metric m[] = {
		{ .id = { true, "wake.p99" },
		  .typical = { true, "124 us" },
		  .n_sessions = { true, 5 },
		  .repetitions_permille = { true, 105 },
		  .sessions_permille = { true, 40 },
		  .noise_permille = { true, 99 },
		  .margin_permille = { true, 100 },
		  .margin_reason = { true, "10 %: a quantile of many events" },
		  .visible_permille = { true, 250 },
		  .visible_at = { true, "155 us" },
		  .n_for_half = { true, 6 },
		  .is_gate = { true, true } },
		{ .id = { true, "guest.lost" },
		  .typical = { true, "1.8 %" },
		  .margin_permille = { true, 3100 },
		  .noise_permille = { true, 7088830 },
		  .margin_reason = { true, "noise floor of 5 sessions" },
		  .is_gate = { true, false } },
		{ .id = { true, "wake.p99.9" }, .why = { true, "needs 20 s" } },
	};
	struct calibration_facts c = {
		.n_sessions = { true, 5 },
		.n_repetitions = { true, 10 },
		.metrics = { true, ARRAY_SIZE(m), m },
		.sentence = { true, "Too noisy to gate on guest.lost; fit to gate on wake.p99." },
	};
	auto_free char *text = print(&c);

	(void)state;
	assert_int_equal(strncmp(text, "Too noisy to gate on guest.lost; fit", 36), 0);
	check_piece(text, "5 sessions of 10 repetitions");
	check_piece(text, "wake.p99    124 us  10.5 %       4.0 %  10.0 %    155 us    6 reps\n");
	/* Judged, and nothing would do. */
	check_piece(text, "guest.lost   1.8 %       -           - 310.0 %     never     never\n");
	check_piece(text, "  wake.p99: 10 %: a quantile of many events; noise floor 9.9 %\n");
	/* The floor is no spread: SESSIONS is. */
	check_piece(text, "  guest.lost: noise floor of 5 sessions: >1000 %\n");
	assert_null(strstr(text, "noise between sessions"));
	check_piece(text, "\nNoise floor: what two sessions with nothing changed stay within");
	check_piece(text, "never: no number of them does");
	check_piece(text, "  wake.p99.9: needs 20 s\n");
	assert_null(strstr(text, "\nwake.p99.9")); /* no row */
}

static void test_nothing_measured(void **state)
{
	struct calibration_metric m = { .id = { true, "wake.p99" },
					.why = { true, "not \033[31mmeasured" } };
	const char *notes[] = { "few sessions" };
	struct calibration_facts c = {
		.n_sessions = { true, 2 },
		.n_repetitions = { true, 0 },
		.metrics = { true, 1, &m },
		.notes = { true, 1, notes },
	};
	auto_free char *text = print(&c);

	(void)state;
	assert_null(strstr(text, "METRIC"));
	assert_null(strchr(text, '\033'));
	check_piece(text, "  wake.p99: not ?[31mmeasured\n");
	check_piece(text, "Note: few sessions\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_nothing_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
