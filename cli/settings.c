/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/settings.h"

#include <inttypes.h>
#include <string.h>

#include "cli/assemble.h"
#include "core/say.h"

error_t settings_parse(int key, char *arg, struct settings_wish *w)
{
	switch (key) {
	case OPT_SYSROOT:
		w->state.sysroot = arg;
		return 0;
	case OPT_DOMAIN_XML:
		w->state.domain_xml = arg;
		return 0;
	case OPT_QEMU_ARGV:
		w->state.qemu_argv = arg;
		return 0;
	case OPT_GUEST:
		w->guest = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* With several guests the first look at their configuration could not know which is meant. */
static int put_domain_of(struct doc *result, const struct settings_wish *w, uint64_t pid,
			 int stop_fd)
{
	struct state_wish wish = w->state;
	auto_free char *words = NULL;

	if (asprintf(&words, "%" PRIu64, pid) < 0) {
		words = NULL;
		return -ENOMEM;
	}
	wish.guest_pid = words;
	wish.only = "domain";
	return collect_state(result, &wish, timebase_monotonic(), stop_fd);
}

/*
 * The target of an audit: a guest need not run. On a captured tree that does not tell which CPUs
 * are online there is none: rules that need one answer unknown.
 */
static int put_target(struct doc *result, struct host *h, const struct settings_wish *w,
		      int stop_fd)
{
	/* What runs in a captured tree is of the same machine as its files. */
	const struct target_wish wish = {
		.guest = w->guest,
		.cpus = w->cpus,
		.is_of_file = !w->state.sysroot && (w->state.domain_xml || w->state.qemu_argv),
	};
	const char *why = NULL;
	struct target t;
	int r = target_choose(h, &wish, &t, &why);

	if (r == -ENODATA && !w->cpus)
		return 0;
	if (r < 0) {
		say_error("%s", why ? why : strerror(-r));
		return r;
	}
	if (strcmp(t.kind, "qemu") != 0)
		t.kind = "none";
	if (t.process && h->guest.guests.n > 1)
		r = put_domain_of(result, w, t.process->pid.v, stop_fd);
	return r < 0 ? r : result_put_target(result, &t, &h->arena);
}

int settings_collect(const struct settings_wish *wish, int stop_fd, struct doc **ret_result)
{
	const struct run_facts run = { .is_audit = { true, true } };
	auto_doc struct doc *result = result_new();
	auto_host struct host *h = NULL;
	int r = state_check_files(&wish->state);

	if (r == 0 && !result)
		r = -ENOMEM;
	if (r == 0)
		r = result_put_facts(result, &run_schema, &run);
	if (r == 0)
		r = collect_state(result, &wish->state, timebase_monotonic(), stop_fd);
	if (r == 0)
		r = result_decode(result, &h);
	if (r == 0)
		r = state_check_domain(&wish->state, h);
	if (r == 0)
		r = result_put_identity(result, h);
	if (r == 0)
		r = put_target(result, h, wish, stop_fd);
	if (r < 0)
		return r;
	*ret_result = doc_ref(result);
	return 0;
}
