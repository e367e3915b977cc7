/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/plan.h"

#include <string.h>

#include "analyze/boot_line.h"
#include "analyze/change.h"

bool plan_has(const struct finding *f)
{
	return (f->verdict == VERDICT_PROBLEM || f->verdict == VERDICT_ADVICE) &&
	       !f->tweak->is_trade_off;
}

static bool has_line(const char *text, struct text line)
{
	struct text rest = text_of(text), have;

	while (text_next_line(&rest, &have)) {
		if (have.len == line.len && !memcmp(have.at, line.at, line.len))
			return true;
	}
	return false;
}

/* Each line once. */
static int add_lines(struct arena *a, const char **text, const char *lines)
{
	struct text rest = text_of(lines), line;

	while (text_next_line(&rest, &line)) {
		if (line.len == 0 || has_line(*text, line))
			continue;
		*text = arena_printf(a, "%s%.*s\n", *text, (int)line.len, line.at);
		if (!*text)
			return -ENOMEM;
	}
	return 0;
}

/* Of the commands of a fix those that move interrupts. */
static int add_irq_commands(struct arena *a, const char **text, const char *commands)
{
	struct text rest = text_of(commands), line;

	while (text_next_line(&rest, &line)) {
		const char *one;

		if (!text_find(line, "/proc/irq/") || text_find(line, "/N/"))
			continue;
		one = arena_strndup(a, line.at, line.len);
		if (!one || add_lines(a, text, one) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int gather(struct host *h, const struct finding *f, struct plan *p, const char **boot)
{
	const enum manager m = host_manager(h);
	const char *const *c = f->fix.change;
	const char *other =
		m == MANAGER_PROXMOX && c[CHANGE_PROXMOX] ? c[CHANGE_PROXMOX] : c[CHANGE_QEMU];
	const struct {
		const char **text;
		const char *lines;
	} parts[] = {
		{ boot, c[CHANGE_BOOT] },
		{ &p->sysctls, c[CHANGE_SYSCTL] },
		{ &p->modprobe, c[CHANGE_MODPROBE] },
		{ &p->xml_edits, c[CHANGE_XML] },
		{ &p->guest_changes, m == MANAGER_LIBVIRT ? NULL : other },
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(parts); i++) {
		if (parts[i].lines)
			r = add_lines(&h->arena, parts[i].text, parts[i].lines);
	}
	if (r == 0 && f->fix.now)
		r = add_irq_commands(&h->arena, &p->irq_commands, f->fix.now);
	p->has_reboot |= f->fix.needs == NEEDS_REBOOT;
	return r;
}

/* CPUs of the vcpupin elements that the plan writes. */
static int proposed_cpus(struct host *h, const char *edits, struct cpus *ret_cpus)
{
	struct text rest = text_of(edits), line;

	*ret_cpus = (struct cpus){ 0 };
	while (text_next_line(&rest, &line)) {
		struct xml_edit e;
		struct cpus set;
		const int r = xml_edit_parse(line.at, line.len, &h->arena, &e);

		if (r == -ENOMEM)
			return r;
		if (r < 0 || e.n_steps != 2 || strcmp(e.steps[1].name, "vcpupin") != 0)
			continue;
		for (size_t i = 0; i < e.n_attributes; i++) {
			if (e.attributes[i].value && !strcmp(e.attributes[i].name, "cpuset") &&
			    cpus_parse_list(text_of(e.attributes[i].value), &set) == 0)
				*ret_cpus = cpus_or(ret_cpus, &set);
		}
	}
	return 0;
}

static int choose_cpus(struct host *h, struct plan *p)
{
	struct cpus proposed;
	const int r = proposed_cpus(h, p->xml_edits, &proposed);

	if (r < 0)
		return r;
	if (!cpus_is_empty(&proposed))
		p->guest = proposed;
	else if (h->cpus.guest.known && host_knows_guest_cpus(h))
		p->guest = h->cpus.guest.v;
	else
		return 0;
	if (!h->cpu.online.known)
		return 0;
	p->host = cpus_minus(&h->cpu.online.v, &p->guest);
	p->has_cpus = !cpus_is_empty(&p->host) && !cpus_is_empty(&p->guest);
	return 0;
}

/* What asks for isolation by boot arguments, or has lists that do not fit. */
static const char *const isolating[] = { "cpu.isolcpus",     "cpu.nohz-full",      "cpu.rcu-nocbs",
					 "isol.three-flags", "isol.list-mismatch", "isol.cpu0",
					 "isol.domain-flag" };

static bool wants_isolation(const struct findings *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(isolating); i++) {
		const struct finding *one = findings_get(f, isolating[i]);

		if (one && plan_has(one))
			return true;
	}
	return false;
}

/* The lists of one line agree with each other and with the pins. */
static int isolate(struct host *h, struct plan *p, const char **boot)
{
	auto_free char *list = cpus_list_new(&p->guest);

	*boot = list ? arena_printf(&h->arena,
				    "%s\nisolcpus=managed_irq,domain,%s nohz_full=%s rcu_nocbs=%s",
				    *boot, list, list, list)
		     : NULL;
	return *boot ? 0 : -ENOMEM;
}

static int make_boot_line(struct host *h, struct plan *p, const char *boot)
{
	const char *now = h->setup.boot_cmdline.known ? h->setup.boot_cmdline.v
			  : h->kernel.cmdline.known   ? h->kernel.cmdline.v
						      : "";

	p->boot_now = now;
	if (text_trim(text_of(boot)).len == 0)
		return 0;
	p->boot_next = boot_line_merge(&h->arena, now, boot);
	if (!p->boot_next)
		return -ENOMEM;
	if (!strcmp(p->boot_next, now))
		p->boot_next = "";
	p->has_reboot |= *p->boot_next != '\0';
	return 0;
}

int plan_make(struct host *h, const struct findings *f, struct plan *ret_plan)
{
	struct plan p = { .boot_now = "",
			  .boot_next = "",
			  .sysctls = "",
			  .modprobe = "",
			  .xml_edits = "",
			  .guest_changes = "",
			  .irq_commands = "" };
	const char *boot = "";
	int r = 0;

	for (size_t i = 0; r == 0 && i < f->n; i++) {
		if (plan_has(&f->v[i]))
			r = gather(h, &f->v[i], &p, &boot);
	}
	if (r == 0)
		r = choose_cpus(h, &p);
	if (r == 0 && p.has_cpus && wants_isolation(f))
		r = isolate(h, &p, &boot);
	if (r == 0)
		r = make_boot_line(h, &p, boot);
	if (r == 0)
		*ret_plan = p;
	return r;
}
