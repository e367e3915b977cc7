/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/engine.h"

#include <string.h>

#include "analyze/change.h"
#include "analyze/charge.h"
#include "analyze/fix.h"

const char *const verdict_names[N_VERDICTS] = {
	[VERDICT_PROBLEM] = "problem",
	[VERDICT_ADVICE] = "advice",
	[VERDICT_UNKNOWN] = "unknown",
	[VERDICT_PASS] = "pass",
	[VERDICT_NOT_APPLICABLE] = "not-applicable",
};

const char *const confidence_names[3] = {
	[CONFIDENCE_MEASURED] = "measured",
	[CONFIDENCE_CONFIGURED] = "configured",
	[CONFIDENCE_GUIDE] = "guide",
};

const char *const standing_names[N_STANDINGS] = {
	[STANDING_RIGHT] = "right",   [STANDING_OUTDATED] = "outdated",
	[STANDING_WRONG] = "wrong",   [STANDING_INCOMPLETE] = "incomplete",
	[STANDING_BEYOND] = "beyond",
};

const char *const fix_needs_names[N_FIX_NEEDS] = {
	[NEEDS_NOTHING] = "nothing",
	[NEEDS_GUEST_RESTART] = "guest-restart",
	[NEEDS_MODULE_RELOAD] = "module-reload",
	[NEEDS_REBOOT] = "reboot",
};

const struct rule *rule_find(const char *id)
{
	for (size_t s = 0; rule_sets[s]; s++) {
		for (size_t i = 0; i < rule_sets[s]->n_rules; i++) {
			if (!strcmp(rule_sets[s]->rules[i].id, id))
				return &rule_sets[s]->rules[i];
		}
	}
	return NULL;
}

const struct tweak *tweak_find(const char *id)
{
	for (size_t p = 0; catalogue_parts[p]; p++) {
		for (const struct tweak *t = catalogue_parts[p]; t->id; t++) {
			if (!strcmp(t->id, id))
				return t;
		}
	}
	return NULL;
}

int tweak_each(int (*fn)(void *arg, const struct tweak *t), void *arg)
{
	for (size_t p = 0; catalogue_parts[p]; p++) {
		for (const struct tweak *t = catalogue_parts[p]; t->id; t++) {
			int r = fn(arg, t);

			if (r)
				return r;
		}
	}
	return 0;
}

static const struct rule_input *first_unknown(const struct host *h, const struct rule *rule)
{
	for (const struct rule_input *in = rule->reads; in && in->field; in++) {
		if (!*(const bool *)((const char *)h + in->known_at))
			return in;
	}
	return NULL;
}

/* An audit measures nothing: what only a measurement tells is no open question of it. */
static bool is_left_to_a_run(const struct host *h, const char *field)
{
	const struct host_probe *p = host_probe(h, field);

	return h->run.is_audit.known && h->run.is_audit.v && p && !strcmp(p->status, "absent");
}

static enum verdict judge(struct host *h, const struct rule *rule, struct finding *out)
{
	const struct rule_input *unknown;

	if (rule->needs_guest && !host_has_running_guest(h)) {
		finding_say_open(out, "Needs a running guest.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (rule->applies && !rule->applies(h, out))
		return VERDICT_NOT_APPLICABLE;
	unknown = first_unknown(h, rule);
	if (unknown && is_left_to_a_run(h, unknown->field)) {
		finding_say_open(out, "Only a run measures this.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (unknown) {
		const char *why = host_why_unknown(h, unknown->field);

		finding_say(out, "%s is not known: %s.", unknown->field, why ? why : "no memory");
		return VERDICT_UNKNOWN;
	}
	return rule->judge(h, out);
}

struct fill_context {
	struct host *h;
	const struct finding *finding;
};

static const char *list_or_null(struct host *h, const struct fact_cpus *f, bool as_mask,
				bool is_needed)
{
	auto_free char *text = NULL;

	if (!f->known || (is_needed && cpus_is_empty(&f->v)))
		return NULL;
	text = as_mask ? cpus_mask_new(&f->v) : cpus_list_new(&f->v);
	return text ? arena_strdup(&h->arena, text) : NULL;
}

/* Names that stand for what a recording does not tell. */
static const char *stand_in(const char *name)
{
	static const struct {
		const char *name, *words;
	} words[] = {
		{ "G", "GUEST-CPUS" }, { "H", "HOST-CPUS" }, { "HM", "HOST-CPUS-MASK" },
		{ "ALL", "ALL-CPUS" }, { "guest", "GUEST" }, { "vmid", "VMID" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (!strcmp(words[i].name, name))
			return words[i].words;
	}
	return NULL;
}

/* Those of the rule, then values every fix may use. */
static const char *lookup(void *arg, const char *name)
{
	struct fill_context *c = arg;
	struct host *h = c->h;
	const bool is_needed = c->finding->is_charged;

	for (const struct finding_fill_in *f = c->finding->fills; f; f = f->next) {
		if (!strcmp(f->name, name))
			return f->value;
	}
	if (is_needed && blame_is_recording(h))
		return stand_in(name);
	if (!strcmp(name, "G"))
		return list_or_null(h, &h->cpus.guest, false, is_needed);
	if (!strcmp(name, "H"))
		return list_or_null(h, &h->cpus.host, false, is_needed);
	if (!strcmp(name, "HM"))
		return list_or_null(h, &h->cpus.host, true, is_needed);
	if (!strcmp(name, "ALL"))
		return list_or_null(h, &h->cpu.online, false, is_needed);
	if (!strcmp(name, "guest"))
		return fix_quote(&h->arena, host_guest_name(h));
	if (!strcmp(name, "vmid"))
		return host_vmid(h);
	return NULL;
}

static int fill_text(struct fill_context *c, const char **text)
{
	const char *missing, *filled;

	if (!*text)
		return 0;
	filled = fix_fill(&c->h->arena, *text, lookup, c, &missing);
	if (!filled)
		return -ENOMEM;
	/* What is empty is not there: no report prints a label with nothing below. */
	*text = !*filled || (c->finding->is_charged && missing) ? NULL : filled;
	return 0;
}

/* Of a recording nothing is to be written as a file; what cannot be computed is said. */
static int finish_charged(struct host *h, struct finding *f)
{
	if (blame_is_recording(h))
		memset(f->fix.change, 0, sizeof(f->fix.change));
	if (f->fix.now || f->fix.persist)
		return 0;
	f->fix.undo = NULL;
	f->fix.persist =
		host_is_all_guest(h)
			? "The guest may run on every CPU: first pin its vCPUs to some of them "
			  "(see pin.vcpupin)."
			: arena_printf(&h->arena,
				       "What to type depends on the host: 'vfiobench run' there "
				       "computes it, 'vfiobench tweaks %s' explains it.",
				       f->tweak->id);
	return f->fix.persist ? 0 : -ENOMEM;
}

static int fill_fix(struct host *h, struct finding *f)
{
	struct fill_context c = { h, f };
	const char **const parts[] = { &f->fix.now, &f->fix.persist, &f->fix.undo, &f->fix.risk };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(parts); i++)
		r = fill_text(&c, parts[i]);
	for (size_t i = 0; r == 0 && i < N_CHANGES; i++)
		r = fill_text(&c, &f->fix.change[i]);
	if (r == 0)
		r = change_render(h, &f->fix);
	return r == 0 && f->is_charged ? finish_charged(h, f) : r;
}

int engine_judge(struct host *h, const struct rule *rule, struct finding *ret_finding)
{
	const struct tweak *t = tweak_find(rule->id);
	struct finding f = { .tweak = t, .confidence = CONFIDENCE_CONFIGURED, .arena = &h->arena };
	bool has_fix;
	int r;

	if (!t)
		return -EINVAL;
	f.fix = t->fix;
	f.verdict = blame_speak(h, judge(h, rule, &f), &f);
	has_fix = f.verdict == VERDICT_PROBLEM || f.verdict == VERDICT_ADVICE;
	if (!has_fix)
		memset(&f.fix, 0, sizeof(f.fix));
	r = fill_fix(h, &f);
	if (r < 0 || f.is_out_of_memory)
		return -ENOMEM;
	if (!f.summary)
		f.summary = t->title;
	*ret_finding = f;
	return 0;
}

static int compare_findings(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->verdict != y->verdict)
		return x->verdict < y->verdict ? -1 : 1;
	if (x->share_permille != y->share_permille)
		return x->share_permille > y->share_permille ? -1 : 1;
	/* What the run has shown comes before what settings let expect. */
	if (x->confidence != y->confidence)
		return x->confidence < y->confidence ? -1 : 1;
	return strcmp(x->tweak->id, y->tweak->id);
}

int engine_run(struct host *h, struct findings *ret_findings)
{
	struct findings fs = { 0 };
	size_t n = 0;

	for (size_t s = 0; rule_sets[s]; s++)
		n += rule_sets[s]->n_rules;
	fs.v = arena_calloc(&h->arena, n, sizeof(*fs.v));
	if (!fs.v)
		return -ENOMEM;
	for (size_t s = 0; rule_sets[s]; s++) {
		for (size_t i = 0; i < rule_sets[s]->n_rules; i++) {
			int r = engine_judge(h, &rule_sets[s]->rules[i], &fs.v[fs.n]);

			if (r < 0)
				return r;
			fs.n_by_verdict[fs.v[fs.n].verdict]++;
			fs.n++;
		}
	}
	qsort(fs.v, fs.n, sizeof(*fs.v), compare_findings);
	*ret_findings = fs;
	return 0;
}

const struct finding *findings_get(const struct findings *f, const char *id)
{
	for (size_t i = 0; i < f->n; i++) {
		if (!strcmp(f->v[i].tweak->id, id))
			return &f->v[i];
	}
	return NULL;
}
