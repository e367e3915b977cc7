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

/* What a person does is told finding by finding; what several ask for, once. */
static int add_guest_changes(struct arena *a, const char **text, const struct finding *f,
			     const char *lines)
{
	if (!lines || strstr(*text, lines))
		return 0;
	*text = arena_printf(a, "%s%s# %s: %s\n%s\n", *text, **text ? "\n" : "", f->tweak->id,
			     f->tweak->title, lines);
	return *text ? 0 : -ENOMEM;
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
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(parts); i++) {
		if (parts[i].lines)
			r = add_lines(&h->arena, parts[i].text, parts[i].lines);
	}
	if (r == 0 && m != MANAGER_LIBVIRT)
		r = add_guest_changes(&h->arena, &p->guest_changes, f, other);
	if (r == 0 && f->fix.now)
		r = add_irq_commands(&h->arena, &p->irq_commands, f->fix.now);
	p->has_reboot |= f->fix.needs == NEEDS_REBOOT;
	return r;
}

const char *plan_xml_edits(struct host *h, const struct findings *f)
{
	const char *edits = "";

	for (size_t i = 0; i < f->n; i++) {
		const char *lines = f->v[i].fix.change[CHANGE_XML];

		if (lines && plan_has(&f->v[i]) && add_lines(&h->arena, &edits, lines) < 0)
			return NULL;
	}
	return edits;
}

static const char *edits_of(const struct finding *f)
{
	return f->fix.change[CHANGE_XML] ? f->fix.change[CHANGE_XML] : "";
}

const struct finding *plan_follows(const struct finding *first, const struct findings *later)
{
	const struct finding *f = findings_get(later, first->tweak->id);

	if (!f || !plan_has(f))
		return NULL;
	return plan_has(first) && !strcmp(edits_of(first), edits_of(f)) ? NULL : f;
}

/* What the edited guest leaves unknown, and what only a running one shows, is as it was. */
static const struct finding *last_word(const struct finding *first, const struct findings *later)
{
	const struct finding *f = later ? findings_get(later, first->tweak->id) : NULL;

	return f && (plan_has(f) || f->verdict == VERDICT_PASS) ? f : first;
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

/* Pins that are proposed, else what is known of the guest: in a later list, those pins. */
static int choose_cpus(struct host *h, const char *edits, struct plan *p)
{
	struct cpus proposed;
	const int r = proposed_cpus(h, edits, &proposed);

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

/* Whether the line has a list that is not the guest's. */
static bool has_other_list(struct host *h, const struct plan *p, const char *key)
{
	const char *now = boot_line_value(&h->arena, p->boot_now, key);
	struct cpus set;

	if (!now)
		return false;
	/* "managed_irq,domain,1-4": the list begins behind the flags. */
	now += strcspn(now, "0123456789");
	return cpus_parse_list(text_of(now), &set) < 0 || !cpus_equal(&set, &p->guest);
}

/* Whatever of isolation is there or asked for speaks of the same CPUs as the pins. */
static int isolate(struct host *h, struct plan *p, const char **boot)
{
	static const struct {
		const char *key, *flags;
		bool is_of_host;
	} lists[] = {
		{ "isolcpus", "managed_irq,domain,", false },
		{ "nohz_full", "", false },
		{ "rcu_nocbs", "", false },
		{ "irqaffinity", "", true },
	};
	auto_free char *guest = cpus_list_new(&p->guest);
	auto_free char *host = cpus_list_new(&p->host);

	if (!guest || !host)
		return -ENOMEM;
	for (size_t i = 0; *boot && i < ARRAY_SIZE(lists); i++) {
		const char *key = lists[i].key;

		if (boot_line_value(&h->arena, *boot, key) ||
		    (!lists[i].is_of_host && has_other_list(h, p, key)))
			*boot = arena_printf(&h->arena, "%s\n%s=%s%s", *boot, key, lists[i].flags,
					     lists[i].is_of_host ? host : guest);
	}
	return *boot ? 0 : -ENOMEM;
}

/* What the boot loader adds by itself is not its configuration. */
static const char *line_now(struct host *h)
{
	if (h->setup.boot_cmdline.known)
		return h->setup.boot_cmdline.v;
	if (!h->kernel.cmdline.known)
		return "";
	return boot_line_merge(&h->arena, h->kernel.cmdline.v, "-BOOT_IMAGE -initrd");
}

static int make_boot_line(struct host *h, struct plan *p, const char *boot)
{
	if (text_trim(text_of(boot)).len == 0)
		return 0;
	p->boot_next = boot_line_merge(&h->arena, p->boot_now, boot);
	if (!p->boot_next)
		return -ENOMEM;
	p->boot_changes = boot_line_difference(&h->arena, p->boot_now, p->boot_next);
	if (!p->boot_changes)
		return -ENOMEM;
	if (!*p->boot_changes)
		p->boot_next = "";
	p->has_reboot |= *p->boot_next != '\0';
	return 0;
}

int plan_make(struct host *h, const struct findings *first, const struct findings *later,
	      struct plan *ret_plan)
{
	struct plan p = { .boot_now = line_now(h),
			  .boot_next = "",
			  .boot_changes = "",
			  .sysctls = "",
			  .modprobe = "",
			  .xml_edits = plan_xml_edits(h, first),
			  .guest_xml = "",
			  .guest_changes = "",
			  .irq_commands = "" };
	const char *boot = "";
	int r = p.boot_now && p.xml_edits ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < first->n; i++) {
		const struct finding *f = last_word(&first->v[i], later);

		if (plan_has(f))
			r = gather(h, f, &p, &boot);
	}
	if (r == 0)
		r = choose_cpus(h, later ? "" : p.xml_edits, &p);
	if (r == 0 && p.has_cpus)
		r = isolate(h, &p, &boot);
	if (r == 0)
		r = make_boot_line(h, &p, boot);
	if (r == 0)
		*ret_plan = p;
	return r;
}
