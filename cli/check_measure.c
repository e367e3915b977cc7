/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_measure.c - the session to check, and fresh ones before an alarm. */
#include <string.h>

#include "analyze/record_values.h"
#include "cli/check.h"
#include "cli/measuring.h"
#include "core/say.h"
#include "core/sysroot.h"
#include "report/words.h"

static bool are_here(const struct cpus *cpus)
{
	struct sysroot root;
	struct cpus online;
	int r = sysroot_open(&root, "/");

	if (r < 0)
		return false;
	r = sysroot_read_list(&root, &online, "/sys/devices/system/cpu/online");
	sysroot_close(&root);
	return r == 0 && cpus_is_subset(cpus, &online);
}

static const char *setting_of(const struct record_facts *r, const char *key)
{
	const struct record_setting *s = r->settings.v;

	for (size_t i = 0; i < r->settings.n; i++) {
		if (fact_is(&s[i].key, key) && s[i].value.known)
			return s[i].value.v;
	}
	return NULL;
}

/*
 * Where a guest of ours runs is ours to choose; one of the user's has its own place. CPUs that are
 * gone cannot be measured: what is said of others ends inconclusive.
 */
static void measure_there(const struct record_facts *before, struct session_wish *w)
{
	const struct fact_cpus *cpus = &before->measured_cpus;
	const struct fingerprint_facts *f = before->fingerprint.v;
	auto_free char *list = NULL;

	if (w->has_cpus || !w->guest || !fact_is(&f->guest_kind, w->guest) ||
	    !fact_has_cpus(cpus) || !are_here(&cpus->v))
		return;
	w->cpus = cpus->v;
	w->cpus_source = setting_of(before, "cpus.source");
	w->has_cpus = true;
	list = cpus_list_new(&cpus->v);
	if (list)
		say_note("on CPUs %s, as the baseline was measured", list);
}

/* What the user left open is done as it was done before: else the two could not be compared. */
static void measure_as(const struct record_facts *before, struct session_wish *w)
{
	static const char *const profiles[] = { "quick", "standard", "soak", NULL };
	const struct fingerprint_facts *f = before->fingerprint.v;

	if (!f)
		return;
	if (!w->guest && fact_is(&f->guest_kind, "builtin"))
		w->guest = "builtin";
	if (!w->guest && fact_is(&f->guest_kind, "none"))
		w->guest = "none";
	measure_there(before, w);
	w->is_passive |= f->is_passive.known && f->is_passive.v;
	w->no_cstates |= f->is_dma_latency_held.known && f->is_dma_latency_held.v;
	if (w->profile)
		return;
	if (!w->n_reps && !w->rep_duration_ns && fact_is_one_of(&before->profile, profiles)) {
		w->profile = before->profile.v;
		return;
	}
	if (!w->n_reps)
		w->n_reps = record_n_repetitions(before);
	if (!w->rep_duration_ns && f->rep_duration_ns.known)
		w->rep_duration_ns = f->rep_duration_ns.v;
}

int check_measure(struct check *c)
{
	struct session_wish *w = &c->options->wish;
	int r;

	if (c->before.n)
		measure_as(c->before.v[c->before.n - 1], w);
	r = measuring_complete(w);
	if (r < 0)
		return r;
	c->is_measured = true;
	r = measured_make(&c->measured, w, c->options->folder, false);
	c->host = c->measured.host;
	c->findings = &c->measured.findings;
	c->name = c->measured.folder;
	return r;
}

int check_compare(struct check *c, const struct records *after,
		  struct comparison_facts *ret_comparison)
{
	const struct compare_wish wish = {
		.before = { c->before.v, c->before.n },
		.after = { after->v, after->n },
		.margin_permille = c->options->margin_permille,
	};
	int r = compare_records(&wish, &c->arena, ret_comparison);

	if (r == 0)
		r = compare_hold_back(&wish, &c->arena, ret_comparison);
	if (r < 0)
		say_error("%s", strerror(-r));
	return r;
}

static bool is_alarm(const struct check *c, const struct comparison_metric *m)
{
	return m->is_gated.v && fact_is(&m->verdict, "regressed") && m->id.known &&
	       !budgets_waive(&c->budgets, m->id.v, c->now_unix_ns);
}

static size_t n_alarms(const struct check *c)
{
	const struct comparison_metric *m = c->out.metrics.v;
	size_t n = 0;

	for (size_t i = 0; i < c->out.metrics.n; i++)
		n += is_alarm(c, &m[i]);
	return n;
}

/*
 * Two fresh sessions and the first make three: with enough of them before, whole sessions are
 * compared, C(n + 3, 3) >= 20 times the metrics that decide (judge_units.h). With fewer, one fresh
 * session has to show it again by itself.
 */
static size_t n_fresh(const struct check *c)
{
	const struct comparison_metric *m = c->out.metrics.v;
	const size_t n = c->before.n;
	size_t family = 0;

	for (size_t i = 0; i < c->out.metrics.n; i++)
		family += m[i].is_gated.v && !fact_is(&m[i].verdict, "not-comparable");
	return (n + 3) * (n + 2) * (n + 1) / 6 >= 20 * family ? 2 : 1;
}

/* Into a folder of its own below the first one's. */
static int measure_again(struct check *c, size_t number, struct records *list)
{
	const char *folder = arena_printf(&c->arena, "%s/confirm-%zu", c->measured.folder, number);
	struct measured again;
	int r, status;

	if (!folder)
		return -ENOMEM;
	r = measured_make(&again, &c->options->wish, folder, false);
	status = r == 0 ? measured_status(&again) : 0;
	if (again.session.signal) {
		c->measured.session.signal = again.session.signal;
		r = -EINTR;
	} else if (status) {
		r = -EIO;
	}
	if (r == 0)
		r = load_host(folder, again.host, &again.findings, &c->arena, list);
	if (r == 0)
		c->confirm_ns += list->v[list->n - 1]->duration_ns.v;
	measured_release(&again);
	return r;
}

/* Whole sessions decided, of each metric that alarmed. */
static bool has_sessions(const struct check *c, const struct comparison_facts *all)
{
	const struct comparison_metric *first = c->out.metrics.v, *m = all->metrics.v;
	size_t n = 0;

	for (size_t i = 0; i < c->out.metrics.n; i++) {
		for (size_t k = 0; is_alarm(c, &first[i]) && k < all->metrics.n; k++)
			n += fact_is(&m[k].id, first[i].id.v) && fact_is(&m[k].unit, "sessions");
	}
	return n == n_alarms(c);
}

static int compare_again(struct check *c, const struct records *fresh)
{
	struct records all = { 0 };
	struct comparison_facts again;
	int r = records_add(&all, c->after.v[0], &c->arena);

	for (size_t i = 0; r == 0 && i < fresh->n; i++)
		r = records_add(&all, fresh->v[i], &c->arena);
	if (r == 0 && fresh->n > 1)
		r = check_compare(c, &all, &again);
	if (r == 0 && fresh->n > 1 && has_sessions(c, &again)) {
		r = compare_confirm_all(&again, &c->out, &c->arena);
		if (r == 0)
			c->out = again;
		return r;
	}
	if (r == 0)
		r = check_compare(c, fresh, &again);
	return r < 0 ? r : compare_confirm(&c->out, &again, &c->arena);
}

int check_confirm(struct check *c)
{
	struct records fresh = { 0 };
	const size_t n = n_fresh(c);
	char words[32];
	int r = 0;

	if (!n_alarms(c))
		return 0;
	if (!c->is_measured)
		return fact_add_str(&c->out.notes, &c->arena,
				    "the result was given: fresh sessions could not confirm what "
				    "it shows");
	words_of_ns(n * session_duration_ns(&c->options->wish), words, sizeof(words));
	say_note("it looks worse; %s before that counts, about %s",
		 n == 1 ? "a fresh session has to show it again"
			: "two fresh sessions have to show it again",
		 words);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = measure_again(c, i + 1, &fresh);
	return r < 0 ? r : compare_again(c, &fresh);
}
