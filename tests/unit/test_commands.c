/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands for pasting: whatever a stranger's result says, none of it runs. */
/* TEST_SOURCES: tests/lib/sample.c tests/lib/sample_trace.c */
#include "tests/lib/host.h"
#include "tests/lib/sample.h"

#define POISON "x; reboot #"

/* What a shell would take as more than one word of text: everything outside of '…'. */
static bool is_outside_quotes(const char *command, const char *piece)
{
	bool is_quoted = false;

	for (const char *c = command; *c; c++) {
		if (*c == '\'')
			is_quoted = !is_quoted;
		else if (!is_quoted && !strncmp(c, piece, strlen(piece)))
			return true;
	}
	return false;
}

static void check_findings(struct host *h)
{
	struct findings f;

	assert_int_equal(engine_run(h, &f), 0);
	for (size_t i = 0; i < f.n; i++) {
		const struct finding *x = &f.v[i];
		const char *const commands[] = { x->fix.now, x->fix.persist, x->fix.undo };

		for (size_t k = 0; k < ARRAY_SIZE(commands); k++) {
			if (commands[k] && is_outside_quotes(commands[k], "; reboot"))
				fail_msg("%s: %s", f.v[i].tweak->id, commands[k]);
		}
	}
}

static void test_poisoned_host(void **state)
{
	const struct sample sample = { .n_cores = 4, .n_irqs = 8, .n_reps = 2, .n_wakeups = 100 };
	struct host *h = sample_host(&sample);

	(void)state;
	assert_non_null(h);
	sample_poison(h, POISON);
	check_findings(h);
	host_free(h);
}

/* Kinds and roles that rules look for stay as they are: more rules get as far as their fix. */
static void test_poisoned_names(void **state)
{
	const struct sample sample = { .n_cores = 4, .n_irqs = 8, .n_reps = 2, .n_wakeups = 100 };
	struct host *h = sample_host(&sample);
	struct guest_process *g;
	struct freq_fact *p;

	(void)state;
	assert_non_null(h);
	h->clock.current = (struct fact_str){ true, POISON };
	assert_int_equal(fact_add_str(&h->clock.available, &h->arena, "tsc"), 0);
	h->domain.name = h->guestref.name = (struct fact_str){ true, POISON };
	for (size_t i = 0; i < h->guest.guests.n; i++) {
		g = (struct guest_process *)h->guest.guests.v + i;
		g->name = g->program = (struct fact_str){ true, POISON };
	}
	p = fact_add_item(&h->cpu.freq, &h->arena, sizeof(*p));
	assert_non_null(p);
	fact_set_bool(&h->cpu.has_cpufreq, true);
	p->cpus = h->cpus.guest;
	p->governor = (struct fact_str){ true, POISON };
	for (size_t i = 0; i < h->irq.lines.n; i++) {
		struct irq_line *l = (struct irq_line *)h->irq.lines.v + i;

		l->label = l->actions = l->device = (struct fact_str){ true, POISON };
	}
	check_findings(h);
	check_row(h, "clocksource.tsc", VERDICT_PROBLEM, POISON);
	check_row(h, "freq.governor", VERDICT_ADVICE, POISON);
	host_free(h);
}

static void test_quotes(void **state)
{
	(void)state;
	assert_true(is_outside_quotes("echo x; reboot", "; reboot"));
	assert_false(is_outside_quotes("echo 'x; reboot #' | tee", "; reboot"));
	assert_true(is_outside_quotes("echo 'a'; reboot", "; reboot"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_poisoned_host),
		cmocka_unit_test(test_poisoned_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
