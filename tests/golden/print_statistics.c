/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print_statistics <docs/statistics.in.md >docs/statistics.md: the page with its numbers.
 *
 * A line "@metrics@" stands for what decides, "@rules@" for naive rules and ours on the same
 * wake-ups, "@found@" for what repetitions of one session find, "@boots@" for sessions, "@noisy@"
 * for hosts that are too noisy, "@drift@" for a machine that warms up.
 */
#include <stdio.h>
#include <string.h>

#include "analyze/metric.h"
#include "tests/lib/study.h"

static unsigned percent(size_t n, size_t n_all)
{
	return (unsigned)((200 * n + n_all) / (2 * n_all));
}

/* One digit: "0.2 %" */
static void print_permille(size_t n, size_t n_all)
{
	const size_t permille = (2000 * n + n_all) / (2 * n_all);

	printf("%zu.%zu %%", permille / 10, permille % 10);
}

static int print_metrics(void)
{
	auto_arena struct arena a = { 0 };

	printf("| metric | what it is | margin | smallest difference that matters |\n|---|---|---:|---:|\n");
	for (const struct metric *m = metrics; m->id; m++) {
		const char *floor = metric_words(m, m->floor, &a);

		if (!floor)
			return -ENOMEM;
		if (m->is_gated)
			printf("| `%s` | %s | %u %% | %s |\n", m->id, m->title,
			       m->margin_permille / 10, floor);
	}
	return 0;
}

static int print_rules(void)
{
	static const char *const names[STUDY_RULES] = {
		[STUDY_RANK_SUM] = "Mann-Whitney on all wake-ups, p < 0.05",
		[STUDY_DISTANCE] = "Kolmogorov-Smirnov on all wake-ups, p < 0.05",
		[STUDY_INTERVAL] = "95 % intervals of p99 of all wake-ups do not overlap",
		[STUDY_RATIO] = "p99.9 of all wake-ups is more than 10 % higher",
	};
	const struct study_samples_plan same = { .ratio = 1, .n_runs = 1000, .seed = 1 };
	const struct study_samples_plan twice = { .ratio = 2, .n_runs = 300, .seed = 2 };
	struct study_samples_outcome s, t;
	const struct study_verdicts *const of_same[] = { &s.ten_bare, &s.ten, &s.five };
	const struct study_verdicts *const of_twice[] = { &t.ten_bare, &t.ten, &t.five };
	static const char *const ours[] = {
		"rank test per repetition, Holm, no margin; 10 repetitions",
		"**the rule of vfiobench**: the same with margins; 10 repetitions",
		"**the rule of vfiobench**, 5 repetitions",
	};
	int r = study_samples(&same, &s);

	if (r == 0)
		r = study_samples(&twice, &t);
	if (r < 0)
		return r;
	printf("| rule | nothing changed: \"worse\" | stalls twice as long: found |\n"
	       "|---|---:|---:|\n");
	for (size_t i = 0; i < STUDY_RULES; i++)
		printf("| %s | %u %% | %u %% |\n", names[i], percent(s.n_naive[i], same.n_runs),
		       percent(t.n_naive[i], twice.n_runs));
	for (size_t i = 0; i < ARRAY_SIZE(ours); i++) {
		printf("| %s | ", ours[i]);
		print_permille(of_same[i]->n_any_regressed, same.n_runs);
		printf(" | %u %% |\n", percent(of_twice[i]->n_any_regressed, twice.n_runs));
	}
	return 0;
}

static int print_found(void)
{
	static const struct {
		double sd;
		size_t n_reps;
		const char *what;
	} rows[] = {
		{ 0.05, 5, "5 %, a quiet isolated core" },
		{ 0.05, 10, "5 %" },
		{ 0.1, 5, "10 %, usual" },
		{ 0.1, 10, "10 %" },
		{ 0.2, 10, "20 %, busy" },
		{ 0.2, 20, "20 %" },
		{ 0.4, 10, "40 %, a desktop at work" },
		{ 0.4, 20, "40 %" },
	};
	static const double ratios[] = { 1, 1.1, 1.25, 1.5, 2 };
	size_t n_false = 0, n_all = 0;

	printf("| spread of repetitions | repetitions | x1.00: \"no change\" | x1.10: \"worse\" | x1.25 | "
	       "x1.5 | x2 |\n|---|---:|---:|---:|---:|---:|---:|\n");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		printf("| %s | %zu |", rows[i].what, rows[i].n_reps);
		for (size_t k = 0; k < ARRAY_SIZE(ratios); k++) {
			const struct study_plan p = { .sd = rows[i].sd,
						      .ratio = ratios[k],
						      .ratio_rest = 1,
						      .n_reps = rows[i].n_reps,
						      .n_runs = 200,
						      .margin_permille = 100 };
			struct study_outcome o;
			const int r = study_reps(&p, &o);

			if (r < 0)
				return r;
			printf(" %u %% |", percent(k ? o.n_regressed : o.n_same, p.n_runs));
			n_false += o.n_false_alarms + (k ? 0 : o.n_regressed);
			n_all += p.n_runs;
		}
		printf("\n");
	}
	printf("\nIn all %zu comparisons of this table metrics that had not changed were called worse in "
	       "%zu.\n",
	       n_all, n_false);
	return 0;
}

static int print_boots(void)
{
	static const struct {
		const char *what;
		struct study_boots plan;
	} rows[] = {
		{ "one session each, nothing known of boots, 10 %",
		  { .n_before = 1, .n_after = 1, .margin_permille = 100 } },
		{ "the same; an alarm must show again in a fresh one",
		  { .n_before = 1, .n_after = 1, .n_again = 1, .margin_permille = 100 } },
		{ "the same, as `check` decides: held back below +100 %",
		  { .n_before = 1,
		    .n_after = 1,
		    .n_again = 1,
		    .is_gate = true,
		    .margin_permille = 100 } },
		{ "2 sessions against 1, as `check` decides",
		  { .n_before = 2,
		    .n_after = 1,
		    .n_again = 1,
		    .is_gate = true,
		    .margin_permille = 100 } },
		{ "one session each, noise floor of 5 more",
		  { .n_before = 1, .n_after = 1, .n_calibration = 5, .margin_permille = 100 } },
		{ "8 sessions against 3, 10 %",
		  { .n_before = 8, .n_after = 3, .margin_permille = 100 } },
		{ "3 sessions against 1; an alarm must show again in a fresh one",
		  { .n_before = 3, .n_after = 1, .n_again = 1, .margin_permille = 100 } },
		{ "8 sessions against 1; after an alarm 2 fresh ones, 8 against 3 decide",
		  { .n_before = 8, .n_after = 1, .n_again = 2, .margin_permille = 100 } },
	};
	static const double taus[] = { 0.1, 0.2 }, ratios[] = { 1, 1.5, 2, 3 };

	printf("| compared | boots 10 %% apart: x1.00 | x1.5 | x2 | x3 | boots 20 %% apart: x1.00 | "
	       "x1.5 | x2 | x3 |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		printf("| %s |", rows[i].what);
		for (size_t k = 0; k < ARRAY_SIZE(taus) * ARRAY_SIZE(ratios); k++) {
			struct study_boots p = rows[i].plan;
			struct study_boots_outcome o;
			int r;

			p.tau = taus[k / ARRAY_SIZE(ratios)];
			p.ratio = ratios[k % ARRAY_SIZE(ratios)];
			p.n_family = STUDY_FAMILY;
			p.n_runs = 300;
			r = study_boots(&p, &o);
			if (r < 0)
				return r;
			printf(" ");
			print_permille(o.n_regressed, p.n_runs);
			printf(" |");
		}
		printf("\n");
	}
	return 0;
}

static int print_noisy(void)
{
	static const double taus[] = { 0.02, 0.1, 0.2, 0.4, 1 };
	static const size_t calibrations[] = { 3, 5, 8 };

	printf("| boots apart | sessions that tell the noise | x1.00: no change | too noisy | x2: worse | "
	       "no change | too noisy |\n|---:|---:|---:|---:|---:|---:|---:|\n");
	for (size_t i = 0; i < ARRAY_SIZE(taus) * ARRAY_SIZE(calibrations); i++) {
		struct study_boots p = { .tau = taus[i / ARRAY_SIZE(calibrations)],
					 .sd = 0.05,
					 .n_before = 1,
					 .n_after = 1,
					 .n_calibration =
						 calibrations[i % ARRAY_SIZE(calibrations)],
					 .n_family = STUDY_FAMILY,
					 .margin_permille = 100,
					 .n_runs = 300 };
		struct study_boots_outcome same, twice;
		int r;

		p.ratio = 1;
		r = study_boots(&p, &same);
		p.ratio = 2;
		if (r == 0)
			r = study_boots(&p, &twice);
		if (r < 0)
			return r;
		printf("| %.0f %% | %zu | %u %% | %u %% | %u %% | %u %% | %u %% |\n", p.tau * 100,
		       p.n_calibration, percent(same.n_same, p.n_runs),
		       percent(same.n_too_noisy, p.n_runs), percent(twice.n_regressed, p.n_runs),
		       percent(twice.n_same, p.n_runs), percent(twice.n_too_noisy, p.n_runs));
	}
	return 0;
}

static int print_drift(void)
{
	static const struct {
		uint32_t margin_permille;
		bool is_paired;
	} columns[] = { { 0, false }, { 100, false }, { 0, true } };
	static const double sds[] = { 0.02, 0.05, 0.1 };

	printf("| spread of repetitions | drift seen | called worse, no margin and no guard | no margin | "
	       "margin 10 %% | in turns, no margin |\n|---|---:|---:|---:|---:|---:|\n");
	for (size_t i = 0; i < ARRAY_SIZE(sds); i++) {
		for (size_t k = 0; k < ARRAY_SIZE(columns); k++) {
			const struct study_plan p = { .sd = sds[i],
						      .rise = 0.2,
						      .ratio = 1,
						      .ratio_rest = 1,
						      .n_reps = 10,
						      .n_runs = 200,
						      .margin_permille = columns[k].margin_permille,
						      .is_paired = columns[k].is_paired };
			struct study_outcome o;
			const int r = study_reps(&p, &o);

			if (r < 0)
				return r;
			if (k == 0)
				printf("| %.0f %% | %u %% | %u %% |", sds[i] * 100,
				       percent(o.n_drifted, p.n_runs),
				       percent(o.n_alarms_undrifted, p.n_runs));
			printf(" %u %% |", percent(o.n_regressed, p.n_runs));
		}
		printf("\n");
	}
	return 0;
}

static int print_unequal(void)
{
	struct study_plan p = {
		.sd = 0.1, .sd_after = 0.4, .ratio = 1, .n_family = 1, .n_reps = 10, .n_runs = 2000
	};
	struct study_outcome bare, o;
	int r = study_reps(&p, &bare);

	p.margin_permille = 100;
	if (r == 0)
		r = study_reps(&p, &o);
	if (r < 0)
		return r;
	printf("- Where the spread changes and nothing else (10 %% before, 40 %% after), the test is not exact: "
	       "its 5 %% become\n  ");
	print_permille(bare.n_regressed, p.n_runs);
	printf(" without a margin, and ");
	print_permille(o.n_regressed, p.n_runs);
	printf(" with one of 10 %%.\n");
	return 0;
}

int main(void)
{
	static const struct {
		const char *line;
		int (*print)(void);
	} parts[] = {
		{ "@metrics@\n", print_metrics }, { "@rules@\n", print_rules },
		{ "@found@\n", print_found },     { "@boots@\n", print_boots },
		{ "@noisy@\n", print_noisy },     { "@drift@\n", print_drift },
		{ "@unequal@\n", print_unequal },
	};
	auto_free char *line = NULL;
	size_t size = 0;
	int r = 0;

	while (r == 0 && getline(&line, &size, stdin) >= 0) {
		size_t i = 0;

		while (i < ARRAY_SIZE(parts) && strcmp(line, parts[i].line) != 0)
			i++;
		if (i < ARRAY_SIZE(parts))
			r = parts[i].print();
		else
			fputs(line, stdout);
	}
	return r < 0 || ferror(stdin) || fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
