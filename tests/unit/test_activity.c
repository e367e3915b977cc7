/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What changed between two samples.
 * TEST_SOURCES: probes/activity_delta.c probes/activity_units.c
 */
#include <string.h>

#include "probes/activity_units.h"
#include "tests/lib/check.h"

/* Nothing is read here. */
int probe_gap(struct probe_env *env, const char *field, const char *path, int error)
{
	(void)env, (void)field, (void)path;
	return error;
}

int probe_gap_words(struct probe_env *env, const char *field, const char *path, const char *fmt,
		    ...)
{
	(void)env, (void)field, (void)path, (void)fmt;
	return -ENOSPC;
}

static const struct activity_irq *line_of(const struct fact_list *lines, const char *label)
{
	const struct activity_irq *l = lines->v;

	for (size_t i = 0; i < lines->n; i++) {
		if (fact_is(&l[i].label, label))
			return &l[i];
	}
	return NULL;
}

static void test_lines(void **state)
{
	static const char before[] = "           CPU0       CPU2\n"
				     " 10:        100          5   PCI-MSI 1-edge      nvme0q0\n"
				     " 11:          7          0   PCI-MSI 2-edge      eth0\n"
				     " 12:         50          0   PCI-MSI 3-edge      gone\n"
				     " 13:         90          0   PCI-MSI 4-edge      old-name\n"
				     "LOC:       1000       2000   Local timer interrupts\n"
				     "ERR:          0\n";
	/* 11 stands still, 12 is gone, 13 belongs to something else now, 14 is new, CPU1 came. */
	static const char after[] =
		"           CPU0       CPU1       CPU2\n"
		" 10:        100          9         11   PCI-MSI 1-edge      nvme0q0\n"
		" 11:          7          0          0   PCI-MSI 2-edge      eth0\n"
		" 13:          4          0          0   PCI-MSI 4-edge      new-name\n"
		" 14:          0          0          3   PCI-MSI 5-edge      late\n"
		"LOC:       1250          1       2000   Local timer interrupts\n"
		"ERR:          5\n";
	auto_arena struct arena a = { 0 };
	const struct activity_irq *l;
	struct fact_list lines;

	(void)state;
	assert_int_equal(activity_delta_lines(text_of(before), text_of(after), &a, &lines), 0);
	assert_true(lines.known);
	assert_int_equal(lines.n, 4);
	l = line_of(&lines, "10");
	assert_non_null(l);
	assert_int_equal(l->irq.v, 10);
	assert_string_equal(l->actions.v, "nvme0q0");
	assert_int_equal(l->counts.n, 2);
	assert_int_equal(fact_pair_value(&l->counts, 1), 9);
	assert_int_equal(fact_pair_value(&l->counts, 2), 6);
	assert_null(line_of(&lines, "11"));
	assert_null(line_of(&lines, "12"));
	assert_int_equal(fact_pair_value(&line_of(&lines, "13")->counts, 0), 4);
	assert_int_equal(fact_pair_value(&line_of(&lines, "14")->counts, 2), 3);
	l = line_of(&lines, "LOC");
	assert_false(l->irq.known);
	assert_int_equal(fact_pair_value(&l->counts, 0), 250);
	assert_int_equal(fact_pair_value(&l->counts, 1), 1);
	assert_int_equal(fact_pair_value(&l->counts, 2), 0);
}

static void test_softirqs(void **state)
{
	static const char before[] = "                    CPU0       CPU1\n"
				     "          HI:          0          0\n"
				     "      NET_RX:         10         20\n";
	static const char after[] = "                    CPU0       CPU1\n"
				    "          HI:          0          0\n"
				    "      NET_RX:         10         25\n";
	auto_arena struct arena a = { 0 };
	struct fact_list lines;

	(void)state;
	assert_int_equal(activity_delta_lines(text_of(before), text_of(after), &a, &lines), 0);
	assert_int_equal(lines.n, 1);
	assert_int_equal(fact_pair_value(&line_of(&lines, "NET_RX")->counts, 1), 5);
}

static void test_odd_text(void **state)
{
	static const char good[] = "           CPU0\n 1:  1   x\n";
	static const char *const odd[] = { "", "nonsense\n", "\n\n", "CPUx\n" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		auto_arena struct arena a = { 0 };
		struct fact_list lines = { 0 };

		assert_int_equal(activity_delta_lines(text_of(odd[i]), text_of(good), &a, &lines),
				 -EBADMSG);
		assert_int_equal(activity_delta_lines(text_of(good), text_of(odd[i]), &a, &lines),
				 -EBADMSG);
		assert_false(lines.known);
	}
}

static void test_stat(void **state)
{
	static const char before[] = "cpu  9 9 9 9 9 9 9 9 9 9\n"
				     "cpu0 100 0 50 1000 10 0 0 5 80 0\n"
				     "cpu1 100 0 50 1000 10 0 0 5 80 0\nintr 1 2 3\n";
	static const char after[] = "cpu  9 9 9 9 9 9 9 9 9 9\n"
				    "cpu0 160 0 70 1900 20 0 0 25 120 0\n"
				    "cpu1 100 0 50 1990 20 0 0 5 80 0\n"
				    "cpu2 500 0 0 0 0 0 0 500 0 0\nintr 1 2 3\n";
	auto_arena struct arena a = { 0 };
	struct activity_facts f = { 0 };

	(void)state;
	assert_int_equal(activity_delta_stat(text_of(before), text_of(after), 100, &a, &f), 0);
	assert_true(f.steal_ns.known && f.busy_ns.known);
	assert_int_equal(f.steal_ns.n, 1); /* CPU 1 lost nothing, CPU 2 was not there before */
	assert_int_equal(fact_pair_value(&f.steal_ns, 0), 200 * NS_PER_MS);
	assert_int_equal(fact_pair_value(&f.busy_ns, 0), 1000 * NS_PER_MS); /* 60 + 20 + 20 */
	assert_int_equal(fact_pair_value(&f.busy_ns, 1), 0);
}

static void test_counts_that_fell(void **state)
{
	static const char before[] = "           CPU0       CPU1\n"
				     " 20: 4294967290          5   PCI-MSI 1-edge      busy\n"
				     " 21:        500         10   PCI-MSI 2-edge      moved\n"
				     " 22:         10         20   IO-APIC 22-fasteoi   usb1\n"
				     " 23: 18446744073709551615  0   PCI-MSI 3-edge      odd\n";
	static const char after[] = "           CPU0       CPU1\n"
				    " 20:          4          6   PCI-MSI 1-edge      busy\n"
				    " 21:          3         70   PCI-MSI 2-edge      moved\n"
				    " 22:         10         25   IO-APIC 22-fasteoi   usb1, vfio\n"
				    " 23:          7          0   PCI-MSI 3-edge      odd\n";
	auto_arena struct arena a = { 0 };
	struct fact_list lines;

	(void)state;
	assert_int_equal(activity_delta_lines(text_of(before), text_of(after), &a, &lines), 0);
	assert_int_equal(lines.n, 4);
	/* 32 bits have gone around. */
	assert_int_equal(fact_pair_value(&line_of(&lines, "20")->counts, 0), 10);
	assert_int_equal(fact_pair_value(&line_of(&lines, "20")->counts, 1), 1);
	/* Set up anew: then what it has on the other CPU is new, too. */
	assert_int_equal(fact_pair_value(&line_of(&lines, "21")->counts, 0), 3);
	assert_int_equal(fact_pair_value(&line_of(&lines, "21")->counts, 1), 70);
	/* One more handler on the same line. */
	assert_int_equal(fact_pair_value(&line_of(&lines, "22")->counts, 0), 0);
	assert_int_equal(fact_pair_value(&line_of(&lines, "22")->counts, 1), 5);
	assert_int_equal(fact_pair_value(&line_of(&lines, "23")->counts, 0), 7);
}

/* A line that stood still or has no number is not in it; together they have what the window has. */
static void test_units(void **state)
{
	static const char *const texts[] = {
		"           CPU0       CPU1\n"
		" 10:        100          5   PCI-MSI 1-edge      nvme0q0\n"
		" 11:          7          0   PCI-MSI 2-edge      a/b\n"
		"LOC:       1000       2000   Local timer interrupts\n",
		"           CPU0       CPU1\n"
		" 10:        100          8   PCI-MSI 1-edge      nvme0q0\n"
		" 11:          7          0   PCI-MSI 2-edge      a/b\n"
		"LOC:       1200       2000   Local timer interrupts\n",
		"           CPU0       CPU1\n"
		" 10:        101          9   PCI-MSI 1-edge      nvme0q0\n"
		" 11:          8          0   PCI-MSI 2-edge      a/b\n"
		"LOC:       1300       2000   Local timer interrupts\n",
	};
	auto_arena struct arena a = { 0 };
	struct activity_facts f = { 0 };
	const struct activity_unit *u;
	const struct activity_irq *l;
	size_t n_lines = 0;

	(void)state;
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(activity_unit_add(text_of(texts[i]), text_of(texts[i + 1]), i,
						   NS_PER_S + i, &a, &n_lines, &f),
				 0);
	assert_int_equal(n_lines, 3);
	assert_int_equal(f.units.n, 2);
	u = f.units.v;
	assert_int_equal(u[0].irqs.n, 1);
	assert_int_equal(u[1].rep.v, 1);
	assert_int_equal(u[1].window_ns.v, NS_PER_S + 1);
	assert_null(line_of(&u[1].irqs, "LOC"));
	l = line_of(&u[1].irqs, "11");
	assert_int_equal(l->irq.v, 11);
	assert_string_equal(l->actions.v, "a/b");
	assert_int_equal(fact_pair_value(&l->counts, 0), 1);
	assert_int_equal(fact_pair_value(&line_of(&u[0].irqs, "10")->counts, 1), 3);
	assert_int_equal(fact_pair_value(&line_of(&u[1].irqs, "10")->counts, 1), 1);

	n_lines = ACTIVITY_UNIT_LINES_MAX - 1;
	assert_int_equal(
		activity_unit_add(text_of(texts[1]), text_of(texts[2]), 2, 1, &a, &n_lines, &f),
		-ENOSPC);
	assert_int_equal(
		activity_unit_add(text_of(texts[1]), text_of("odd"), 2, 1, &a, &n_lines, &f),
		-EBADMSG);
	assert_int_equal(f.units.n, 2);
	assert_int_equal(n_lines, ACTIVITY_UNIT_LINES_MAX - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_softirqs),
		cmocka_unit_test(test_odd_text),
		cmocka_unit_test(test_stat),
		cmocka_unit_test(test_counts_that_fell),
		cmocka_unit_test(test_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
