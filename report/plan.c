/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/plan.h"

#include <string.h>

#include "analyze/change.h"
#include "analyze/fix.h"
#include "report/xml_merge.h"

static bool has_boot(const struct plan_context *c)
{
	return *c->plan->boot_next != '\0';
}

static int write_boot(FILE *out, const struct plan_context *c)
{
	return fprintf(out, "%s\n", c->plan->boot_next) < 0 ? -EIO : 0;
}

static bool has_sysctls(const struct plan_context *c)
{
	return *c->plan->sysctls != '\0';
}

static int write_sysctls(FILE *out, const struct plan_context *c)
{
	return fprintf(out, "# /etc/sysctl.d/90-vfiobench.conf\n%s", c->plan->sysctls) < 0 ? -EIO
											   : 0;
}

static bool has_modprobe(const struct plan_context *c)
{
	return *c->plan->modprobe != '\0';
}

static int write_modprobe(FILE *out, const struct plan_context *c)
{
	return fprintf(out, "# /etc/modprobe.d/90-vfiobench.conf\n%s", c->plan->modprobe) < 0 ? -EIO
											      : 0;
}

static bool has_guest_xml(const struct plan_context *c)
{
	return *c->plan->xml_edits && c->h->domain.xml.known && c->h->domain.xml.n;
}

static char *domain_xml(struct host *h)
{
	const struct fact_strs *lines = &h->domain.xml;
	size_t len = 1, at = 0;
	char *xml;

	for (size_t i = 0; i < lines->n; i++)
		len += strlen(lines->v[i]) + 1;
	xml = arena_alloc(&h->arena, len);
	for (size_t i = 0; xml && i < lines->n; i++) {
		const size_t n = strlen(lines->v[i]);

		memcpy(xml + at, lines->v[i], n);
		xml[at + n] = '\n';
		at += n + 1;
	}
	return xml;
}

static int write_guest_xml(FILE *out, const struct plan_context *c)
{
	auto_free char *merged = NULL;
	const char *xml = domain_xml(c->h);
	const int r = xml ? xml_merge(xml, c->plan->xml_edits, &merged) : -ENOMEM;

	if (r < 0)
		return r;
	return fputs(merged, out) == EOF ? -EIO : 0;
}

static bool has_fragments(const struct plan_context *c)
{
	return *c->plan->xml_edits != '\0' && host_manager(c->h) == MANAGER_LIBVIRT;
}

static int write_fragments(FILE *out, const struct plan_context *c)
{
	const char *text = xml_edits_text(&c->h->arena, c->plan->xml_edits);

	if (!text)
		return -ENOMEM;
	return fprintf(out, "%s\n", text) < 0 ? -EIO : 0;
}

static bool has_guest_changes(const struct plan_context *c)
{
	return *c->plan->guest_changes != '\0';
}

static int write_guest_changes(FILE *out, const struct plan_context *c)
{
	return fputs(c->plan->guest_changes, out) == EOF ? -EIO : 0;
}

static bool has_irqs(const struct plan_context *c)
{
	return *c->plan->irq_commands != '\0';
}

static int write_irqs(FILE *out, const struct plan_context *c)
{
	return fprintf(out,
		       "#!/bin/sh\n"
		       "# Moves interrupts off the guest's CPUs until the next reboot. A write that fails\n"
		       "# is a managed interrupt: it stays where it is.\n"
		       "%s",
		       c->plan->irq_commands) < 0
		       ? -EIO
		       : 0;
}

static bool has_cpus(const struct plan_context *c)
{
	return c->plan->has_cpus;
}

static const char hook[] =
	"#!/bin/sh\n"
	"# Keeps the host's tasks off the guest's CPUs while the guest runs, without a reboot: the\n"
	"# alternative to isolcpus=. It moves no interrupts, no kernel threads and no timer tick.\n"
	"# libvirt calls /etc/libvirt/hooks/qemu GUEST ACTION …; needs cgroup v2 and systemd.\n"
	"host_cpus=%s\n"
	"all_cpus=%s\n"
	"\n"
	"allow() {\n"
	"\tfor unit in system.slice user.slice init.scope; do\n"
	"\t\tsystemctl set-property --runtime -- $unit AllowedCPUs=\"$1\"\n"
	"\tdone\n"
	"}\n"
	"\n"
	"[ \"$1\" = %s ] || exit 0\n"
	"case $2 in\n"
	"prepare) allow \"$host_cpus\" ;;\n"
	"release) allow \"$all_cpus\" ;;\n"
	"esac\n";

static int write_hook(FILE *out, const struct plan_context *c)
{
	const struct host *h = c->h;
	auto_free char *host = cpus_list_new(&c->plan->host);
	auto_free char *all = cpus_list_new(&h->cpu.online.v);
	const char *name =
		fix_quote(&c->h->arena, h->running && h->running->name.known ? h->running->name.v
					: h->domain.name.known               ? h->domain.name.v
									     : "GUEST");

	if (!host || !all || !name)
		return -ENOMEM;
	return fprintf(out, hook, host, all, name) < 0 ? -EIO : 0;
}

const struct plan_file plan_files[] = {
	{ "kernel-command-line.txt",
	  "the whole kernel command line, as it would be: put it where the boot loader of this host "
	  "has it (README, below)",
	  "a reboot", has_boot, write_boot },
	{ "modprobe.conf", "to /etc/modprobe.d/90-vfiobench.conf, then rebuild the initramfs",
	  "a reboot, or the modules loaded again", has_modprobe, write_modprobe },
	{ "sysctl.conf", "to /etc/sysctl.d/90-vfiobench.conf, then: sudo sysctl --system",
	  "nothing", has_sysctls, write_sysctls },
	{ "guest.xml",
	  "a copy of the guest's XML with the changes in it: sudo virsh define guest.xml",
	  "the guest started anew", has_guest_xml, write_guest_xml },
	{ "guest-fragments.xml", "the same changes by themselves, for: sudo virsh edit",
	  "the guest started anew", has_fragments, write_fragments },
	{ "guest-changes.txt", "changes of the guest, for what runs it here",
	  "the guest started anew", has_guest_changes, write_guest_changes },
	{ "move-irqs.sh", "sudo sh move-irqs.sh, once the guest runs", "nothing; lost at a reboot",
	  has_irqs, write_irqs },
	{ "isolate-while-running.sh",
	  "the alternative to isolation on the kernel command line: a hook of libvirt, to "
	  "/etc/libvirt/hooks/qemu (executable)",
	  "libvirtd restarted once", has_cpus, write_hook },
	{ NULL },
};
