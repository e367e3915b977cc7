/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain_live.c - the arguments of the QEMU that runs the guest of some XML; see domain_differs.h.
 */
#include <string.h>

#include "probes/domain_differs.h"
#include "probes/guest_parts.h"
#include "probes/parse/qemu_args.h"

static int parse(struct probe_env *env, const struct guest_found *guest, struct domain_facts *live)
{
	struct qemu_args_note *notes;
	struct fact_strs args;
	int r = qemu_args_split(guest->cmdline, env->arena, &args);

	return r < 0 ? r : qemu_args_parse(&args, env->arena, live, &notes);
}

static int compare(struct probe_env *env, const struct guest_found *guest, struct domain_facts *f)
{
	struct domain_facts live = { 0 };
	int r = parse(env, guest, &live);

	/* Arguments that cannot be read are the guest probe's to tell. */
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (!live.name.known || strcmp(live.name.v, f->name.v) != 0)
		return 0;
	return domain_differences(f, &live, env->arena, &f->live_differs);
}

int domain_compare_live(struct probe_env *env, struct domain_facts *f)
{
	struct gap **gaps_end = env->gaps_end;
	struct guests_found found = { 0 };
	int r;

	if (!f->name.known)
		return 0;
	r = guests_find(env, &found);
	/* What it could not look at is no gap here: nobody said that the guest runs. */
	env->gaps_end = gaps_end;
	*gaps_end = NULL;
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; r == 0 && !f->live_differs.known && i < found.n; i++) {
		const struct guest_found *guest = &found.v[i];

		if (!strcmp(guest->kind, "qemu") &&
		    (!env->guest_pid || guest->pid == (uint32_t)env->guest_pid))
			r = compare(env, guest, f);
	}
	return r;
}
