/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sentence a report begins with. */
#include "tests/lib/culprits.h"
#include "tests/lib/machine.h"

static void check_sentence(struct host *h, const struct findings *f, const char *expected)
{
	const char *sentence = verdict_sentence(h, f);

	assert_non_null(sentence);
	assert_string_equal(sentence, expected);
}

static void who_took_the_most(void **state)
{
	static const struct tweak row = { .id = "pin.vcpupin" };
	struct finding first = { .tweak = &row };
	struct findings none = { 0 };
	struct findings some = { .v = &first, .n = 1 };
	struct trace_states *states;
	struct trace_vcpu *v;
	struct trace_culprit *c;
	struct host h;

	(void)state;
	some.n_by_verdict[VERDICT_PROBLEM] = 2;
	some.n_by_verdict[VERDICT_ADVICE] = 3;
	some.n_by_verdict[VERDICT_UNKNOWN] = 1;
	host_blank(&h);
	run_guest(&h, "libvirt");
	check_sentence(&h, &none, "Measured while win10 ran: nothing to mend was found.");
	set_trace(&h, NULL);
	v = h.trace.vcpus.v;
	states = v->states.v;
	check_sentence(&h, &none,
		       "Measured while win10 ran: nothing to mend was found; it lost "
		       "10 % of its time.");
	add_culprit(&h, "task", "dd", "", 100, 610000, 9000);
	add_culprit(&h, "irq", "ahci", "", 100, 290000, 90);
	c = add_culprit(&h, "task", "cc", "", 100, 3000000, 9000);
	set_str(&c->via, "IO iothread1"); /* kept a thread, and took nothing */
	check_sentence(&h, &some,
		       "Measured while win10 ran: 2 problems and 3 pieces of advice; first: "
		       "pin.vcpupin; 1 question could not be answered; it lost 10 % of its time, "
		       "most of it (61 %) to task dd on CPU 1.");
	set_cpus(&v->cpus, "1-2");
	fact_set_u64(&states->preempted_ns, 2 * NS_PER_S);
	fact_set_u64(&states->guest_ns, 98 * NS_PER_S);
	check_sentence(&h, &none,
		       "Measured while win10 ran: nothing to mend was found; it lost 2.0 % of its "
		       "time, the largest part (31 %) to task dd.");
	fact_set_u64(&states->preempted_ns, NS_PER_MS);
	check_sentence(&h, &none,
		       "Measured while win10 ran: nothing to mend was found; it lost less than "
		       "0.1 % of its time.");
	set_str(&h.trace.rung, "schedstat");
	check_sentence(&h, &none, "Measured while win10 ran: nothing to mend was found.");
	arena_release(&h.arena);
}

static void of_a_recording(void **state)
{
	struct findings f = { 0 };
	struct host h;

	(void)state;
	host_blank(&h);
	set_trace(&h, "recording");
	add_culprit(&h, "task", "dd", "isol.tasks-on-g", 100, 610000, 9000);
	f.n_by_verdict[VERDICT_ADVICE] = 1;
	f.n_by_verdict[VERDICT_UNKNOWN] = 200; /* settings, all of them */
	check_sentence(&h, &f,
		       "From a recording: no problem, 1 piece of advice; the guest lost 10 % "
		       "of its time, most of it (61 %) to task dd on CPU 1.");
	f.n_by_verdict[VERDICT_ADVICE] = 0;
	check_sentence(&h, &f,
		       "From a recording: no problem and no advice; the guest lost 10 % of its "
		       "time, most of it (61 %) to task dd on CPU 1.");
	arena_release(&h.arena);
}

static void host_probe_gap(struct host *h, const struct host_gap *gap)
{
	for (size_t i = 0; i < HOST_N_PROBES; i++) {
		if (strcmp(h->probes[i].name, "activity") != 0)
			continue;
		h->probes[i].gaps = gap;
		h->probes[i].n_gaps = gap ? 1 : 0;
	}
}

static void what_was_done(void **state)
{
	static const struct host_gap end = { "activity.window_ns", "",
					     "the guest ended after 7 s" };
	struct findings f = { 0 };
	struct host h;

	(void)state;
	host_blank(&h);
	check_sentence(&h, &f, "Measured without a guest: nothing to mend was found.");
	set_str(&h.guestref.kind, "qemu");
	check_sentence(&h, &f, "Measured while the guest ran: nothing to mend was found.");
	set_str(&h.guestref.kind, "builtin");
	check_sentence(&h, &f, "Measured while the built-in guest ran: nothing to mend was found.");
	host_probe_gap(&h, &end);
	check_sentence(&h, &f,
		       "The guest ended after 7 s: what was measured later is without it. Measured "
		       "while the built-in guest ran: nothing to mend was found.");
	host_probe_gap(&h, NULL);
	fact_set_bool(&h.run.is_partial, true);
	set_str(&h.run.reason, "a signal");
	check_sentence(&h, &f,
		       "Partial: a signal. Measured before the built-in guest ran: nothing to mend "
		       "was found.");
	h.activity.window_ns = (struct fact_u64){ true, NS_PER_S };
	check_sentence(&h, &f,
		       "Partial: a signal. Measured while the built-in guest ran: nothing to mend "
		       "was found.");
	h.run.is_partial.known = false;
	fact_set_bool(&h.run.is_audit, true);
	check_sentence(&h, &f, "Settings only, nothing was measured: nothing to mend was found.");
	f.n_by_verdict[VERDICT_UNKNOWN] = 58;
	check_sentence(&h, &f,
		       "Settings only, nothing was measured: nothing could be judged, for nothing "
		       "that tells could be read; 58 questions could not be answered.");
	f.n_by_verdict[VERDICT_PASS] = 1;
	check_sentence(&h, &f,
		       "Settings only, nothing was measured: nothing to mend was found; 58 "
		       "questions could not be answered.");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_took_the_most),
		cmocka_unit_test(of_a_recording),
		cmocka_unit_test(what_was_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
