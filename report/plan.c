/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/plan.h"

#include <string.h>

#include "analyze/change.h"
#include "analyze/fix.h"

static bool has_boot(const struct plan_context *c)
{
	return *c->plan->boot_next != '\0';
}

static int write_boot(FILE *out, const struct plan_context *c)
{
	return fprintf(out, "%s\n", c->plan->boot_next) < 0 ? neg_errno() : 0;
}

static bool has_sysctls(const struct plan_context *c)
{
	return *c->plan->sysctls != '\0';
}

static int write_sysctls(FILE *out, const struct plan_context *c)
{
	return fprintf(out, "# /etc/sysctl.d/99-vfiobench.conf\n%s", c->plan->sysctls) < 0
		       ? neg_errno()
		       : 0;
}

static bool has_modprobe(const struct plan_context *c)
{
	return *c->plan->modprobe != '\0';
}

static int write_modprobe(FILE *out, const struct plan_context *c)
{
	return fprintf(out, "# /etc/modprobe.d/zz-vfiobench.conf\n%s", c->plan->modprobe) < 0
		       ? neg_errno()
		       : 0;
}

static bool has_guest_xml(const struct plan_context *c)
{
	return *c->plan->guest_xml != '\0';
}

static int write_guest_xml(FILE *out, const struct plan_context *c)
{
	return fputs(c->plan->guest_xml, out) == EOF ? neg_errno() : 0;
}

static bool has_fragments(const struct plan_context *c)
{
	return *c->plan->xml_edits != '\0' && !has_guest_xml(c) &&
	       host_manager(c->h) == MANAGER_LIBVIRT;
}

static int write_fragments(FILE *out, const struct plan_context *c)
{
	const char *text = xml_edits_text(&c->h->arena, c->plan->xml_edits);

	if (!text)
		return -ENOMEM;
	return fprintf(out, "%s\n", text) < 0 ? neg_errno() : 0;
}

static bool has_guest_changes(const struct plan_context *c)
{
	return *c->plan->guest_changes != '\0';
}

static int write_guest_changes(FILE *out, const struct plan_context *c)
{
	return fputs(c->plan->guest_changes, out) == EOF ? neg_errno() : 0;
}

static bool has_irqs(const struct plan_context *c)
{
	return *c->plan->irq_commands != '\0';
}

/* The script runs as root, and not every host has sudo. */
static int write_without_sudo(FILE *out, const char *commands)
{
	static const char sudo[] = "sudo ";
	const char *at;

	while ((at = strstr(commands, sudo)) != NULL) {
		fwrite(commands, 1, (size_t)(at - commands), out);
		commands = at + sizeof(sudo) - 1;
	}
	return fputs(commands, out) == EOF ? neg_errno() : 0;
}

static int write_irqs(FILE *out, const struct plan_context *c)
{
	fputs("#!/bin/sh\n"
	      "# Moves interrupts off the guest's CPUs until the next reboot. A write that fails is a\n"
	      "# managed interrupt: it stays where it is.\n",
	      out);
	return write_without_sudo(out, c->plan->irq_commands);
}

/* How each manager says that a guest begins and ends. */
static const struct hook {
	enum manager manager;
	const char *what;        /* for the script: who calls it how */
	const char *begin, *end; /* the second argument */
} hooks[] = {
	{ MANAGER_LIBVIRT, "libvirt calls it with GUEST ACTION and more", "prepare", "release" },
	{ MANAGER_PROXMOX, "Proxmox calls it with VMID PHASE", "pre-start", "post-stop" },
	{ MANAGER_PLAIN,
	  "Call it before QEMU starts: GUEST start; and when it has ended: GUEST stop", "start",
	  "stop" },
};

static const struct hook *hook_of(const struct plan_context *c)
{
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(hooks) && hooks[i].manager != host_manager(c->h))
		i++;
	return &hooks[i];
}

static bool has_hook(const struct plan_context *c, enum manager m)
{
	return c->plan->has_cpus && host_manager(c->h) == m;
}

static bool has_libvirt_hook(const struct plan_context *c)
{
	return has_hook(c, MANAGER_LIBVIRT);
}

static bool has_proxmox_hook(const struct plan_context *c)
{
	return has_hook(c, MANAGER_PROXMOX);
}

static bool has_plain_hook(const struct plan_context *c)
{
	return has_hook(c, MANAGER_PLAIN);
}

static const char hook_text[] =
	"#!/bin/sh\n"
	"# Keeps the host's tasks off the guest's CPUs while the guest runs, without a reboot: the\n"
	"# alternative to isolcpus=. It moves no interrupts, no kernel threads and no timer tick.\n"
	"# Needs cgroup v2 and systemd. %s.\n"
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
	"%s) allow \"$host_cpus\" ;;\n"
	"%s) allow \"$all_cpus\" ;;\n"
	"esac\n";

static int write_hook(FILE *out, const struct plan_context *c)
{
	struct host *h = c->h;
	const struct hook *hook = hook_of(c);
	auto_free char *host = cpus_list_new(&c->plan->host);
	auto_free char *all = cpus_list_new(&h->cpu.online.v);
	const char *name = fix_quote(
		&h->arena, hook->manager == MANAGER_PROXMOX ? host_vmid(h) : host_guest_name(h));

	if (!host || !all || !name)
		return -ENOMEM;
	return fprintf(out, hook_text, hook->what, host, all, name, hook->begin, hook->end) < 0
		       ? neg_errno()
		       : 0;
}

#define HOOK "isolate-while-running.sh"
#define INSTEAD                                                                       \
	"instead of isolcpus=, nohz_full= and rcu_nocbs= on the kernel command line " \
	"(not beside them): "

const struct plan_file plan_files[] = {
	{ "kernel-command-line.txt",
	  "the whole kernel command line as it would be; the section below says where it goes",
	  "a reboot", has_boot, write_boot },
	{ "modprobe.conf", "to /etc/modprobe.d/zz-vfiobench.conf, then rebuild the initramfs",
	  "a reboot, or the modules loaded again", has_modprobe, write_modprobe },
	{ "sysctl.conf", "to /etc/sysctl.d/99-vfiobench.conf, then: sudo sysctl --system",
	  "nothing", has_sysctls, write_sysctls },
	{ "guest.xml",
	  "a copy of the guest's XML with all changes in it: compare it with yours, then sudo virsh "
	  "define guest.xml",
	  "the guest started anew", has_guest_xml, write_guest_xml },
	{ "guest-fragments.xml", "changes of the guest's XML, for: sudo virsh edit",
	  "the guest started anew", has_fragments, write_fragments },
	{ "guest-changes.txt", "changes of the guest, for what runs it here",
	  "the guest started anew", has_guest_changes, write_guest_changes },
	{ "move-irqs.sh", "sudo sh move-irqs.sh, once the guest runs", "nothing; lost at a reboot",
	  has_irqs, write_irqs },
	{ HOOK,
	  INSTEAD "a hook of libvirt, executable, as /etc/libvirt/hooks/qemu, or "
		  "/etc/libvirt/hooks/qemu.d/vfiobench where there is one (libvirt 6.5 or newer)",
	  "libvirtd restarted once", has_libvirt_hook, write_hook },
	{ HOOK,
	  INSTEAD "to /var/lib/vz/snippets/, executable, then: qm set VMID --hookscript "
		  "local:snippets/" HOOK,
	  "nothing", has_proxmox_hook, write_hook },
	{ HOOK, INSTEAD "called by what starts QEMU, before and after", "nothing", has_plain_hook,
	  write_hook },
	{ NULL },
};

bool plan_has_file(const struct plan_context *c, const char *name)
{
	for (size_t i = 0; plan_files[i].name; i++) {
		if (!strcmp(plan_files[i].name, name) && plan_files[i].has(c))
			return true;
	}
	return false;
}
