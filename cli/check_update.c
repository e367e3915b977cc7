/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_update.c - the baseline that grows by what passed. */
#include <string.h>

#include "cli/check.h"
#include "cli/store.h"
#include "core/say.h"

int check_path_to_update(const char *name, char **ret_path)
{
	auto_free char *path = NULL;
	int r = store_path(name, STORE_READ, &path);

	if (r < 0)
		return r;
	if (access(path, F_OK) < 0)
		return store_path(name, STORE_WRITE, ret_path);
	*ret_path = path;
	path = NULL;
	return 0;
}

struct addition {
	const struct record_facts *session;
	const char *path;
};

static int add_session(void *arg, struct baseline_facts *b, struct arena *a)
{
	const struct addition *add = arg;
	const char *why = NULL;
	int r = baseline_add(b, add->session, a, &why);

	if (r == -EEXIST) {
		say_note("%s", why);
		return -EALREADY;
	}
	if (r == 0 && !b->name.known)
		r = fact_set_str(&b->name, a, store_name_of(add->path, a));
	if (r < 0)
		say_error("%s", why ? why : strerror(-r));
	return r;
}

/* Gated and measured in a session of the baseline, but not in the one that would be added. */
static const char *gone_metric(const struct check *c)
{
	const struct comparison_metric *m = c->out.metrics.v;

	for (size_t i = 0; i < c->out.metrics.n; i++) {
		if (m[i].is_gated.v && m[i].is_gone.v && m[i].id.known)
			return m[i].id.v;
	}
	return NULL;
}

/* A note where a session would make the baseline know less than it did. */
static bool is_fit_to_add(const struct check *c)
{
	const struct record_facts *session = c->after.v[0];
	const char *gone = gone_metric(c);

	if (session->is_partial.v)
		say_note("the session was not added to the baseline: it ended early");
	else if (gone)
		say_note("the session was not added to the baseline: it has no %s, which the "
			 "baseline has",
			 gone);
	return !session->is_partial.v && !gone;
}

int check_update(struct check *c, enum gate gate)
{
	struct addition addition = { .session = c->after.v[0] };
	const struct store_update add = { add_session, &addition };
	auto_free char *path = NULL;
	int r;

	if (!c->options->is_update)
		return EXIT_DONE;
	if (!is_fit_to_add(c))
		return EXIT_DONE;
	if (gate != GATE_PASSED && (gate != GATE_INCONCLUSIVE || c->before.n)) {
		say_note("the session was not added to the baseline: it did not pass");
		return EXIT_DONE;
	}
	r = check_path_to_update(c->options->baselines[0], &path);
	addition.path = path;
	if (r == 0)
		r = store_update(path, &add, &c->arena);
	if (r == 0 && c->before.n)
		say_note("%s: the session was added", path);
	else if (r == 0)
		say_note("%s: the first session was kept: the next check compares with it", path);
	return r < 0 && r != -EALREADY ? EXIT_CANNOT : EXIT_DONE;
}
