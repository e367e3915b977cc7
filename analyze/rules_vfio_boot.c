/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_vfio_boot.c - what loads VFIO at boot: modprobe.d, initramfs, kernel command line. */
#include <string.h>

#include "analyze/boot_line.h"
#include "analyze/change.h"
#include "analyze/engine.h"
#include "analyze/guest_config.h"
#include "analyze/passthrough.h"
#include "analyze/told.h"

static const struct setup_script *script_of(const struct host *h, struct text command)
{
	const struct setup_script *s = h->setup.scripts.v;
	struct text path;

	if (!text_next_word(&command, &path))
		return NULL;
	for (size_t i = 0; i < h->setup.scripts.n; i++) {
		if (s[i].path.known && text_equal(path, s[i].path.v))
			return &s[i];
	}
	return NULL;
}

/* The program that is run in place of loading vfio-pci; NULL: there is none. */
static const struct setup_script *install_script(const struct host *h)
{
	const struct setup_modprobe *line = modprobe_find(h, "install", "vfio_pci");

	return line && line->text.known ? script_of(h, text_of(line->text.v)) : NULL;
}

static bool has_install_line(const struct host *h, struct finding *out)
{
	if (!h->setup.modprobe.known || modprobe_find(h, "install", "vfio_pci"))
		return true;
	finding_say(out, "modprobe.d names no program to be run in place of loading vfio-pci.");
	return false;
}

static bool has_script(const struct host *h, struct finding *out)
{
	const struct setup_script *s = install_script(h);

	if (!has_install_line(h, out))
		return false;
	if (!h->setup.scripts.known || (s && !(s->is_present.known && !s->is_present.v)))
		return true;
	finding_say(out, s ? "The program is not there at all."
			   : "The line names no script of this host.");
	return false;
}

static enum verdict judge_exec_bit(const struct host *h, struct finding *out)
{
	const struct setup_script *s = install_script(h);

	if (!s || !s->is_executable.known) {
		finding_say(out, "Whether the script may be executed is not known.");
		return VERDICT_UNKNOWN;
	}
	finding_fill_quoted(out, "script", s->path.v);
	finding_fill(out, "initramfs", "%s", host_initramfs_command(h));
	if (s->is_executable.v) {
		finding_say(out, "%s may be executed.", s->path.v);
		return VERDICT_PASS;
	}
	finding_say(out, "%s may not be executed: vfio-pci is never loaded.", s->path.v);
	return VERDICT_PROBLEM;
}

static enum verdict judge_install(const struct host *h, struct finding *out)
{
	const struct setup_script *s = install_script(h);
	const struct setup_modprobe *line = modprobe_find(h, "install", "vfio_pci");
	const char *ids = modprobe_option(h, out, "vfio_pci", "ids", NULL);
	const char *boot = cmdline_value(h, out, "vfio_pci.ids");

	finding_fill(out, "initramfs", "%s", host_initramfs_command(h));
	finding_fill_quoted(out, "file",
			    line->path.known ? line->path.v : "/etc/modprobe.d/vfio.conf");
	if (s && s->is_present.known && !s->is_present.v) {
		finding_say(out,
			    "%s is to be run in place of loading vfio-pci, but it is not there: "
			    "vfio-pci cannot be loaded by its name.",
			    s->path.v);
		return VERDICT_PROBLEM;
	}
	if (ids || boot) {
		finding_say(
			out,
			"Two mechanisms at once: a program in place of loading vfio-pci, and the "
			"ids %s %s.",
			boot ? boot : ids,
			boot && ids ? "in modprobe.d and on the command line"
			: boot      ? "on the command line"
				    : "in modprobe.d");
		return VERDICT_ADVICE;
	}
	if (s && !s->is_present.known) {
		finding_say(out, "Whether %s is there is not known.", s->path.v);
		return VERDICT_UNKNOWN;
	}
	finding_say(out, "vfio-pci is loaded by %s alone.", s ? s->path.v : line->text.v);
	return VERDICT_PASS;
}

/* vfio-pci and vfio_pci are one module. */
static bool lists_module(const struct fact_strs *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++) {
		const char *a = list->v[i], *b = name;

		while (*a && (*a == *b || (*a == '-' && *b == '_'))) {
			a++;
			b++;
		}
		if (!*a && !*b)
			return true;
	}
	return false;
}

static bool is_builtin(const struct host *h)
{
	const char *value = setting_value(&h->kernel.config, "VFIO_PCI");

	return value && !strcmp(value, "y");
}

/* A graphics card for the guest that a driver of the host got first. */
static const struct pci_function *find_late_card(const struct host *h)
{
	const struct pci_function *f = h->pci.functions.v;

	for (size_t i = 0; i < h->pci.functions.n; i++) {
		if (pci_is_of_guest(h, &f[i]) && pci_subclass(&f[i]) >> 8 == PCI_BASE_DISPLAY &&
		    f[i].driver.known && !pci_is_held(&f[i]))
			return &f[i];
	}
	return NULL;
}

/* VFIO in front of the drivers of graphics cards, by what makes the initramfs. */
static const char *add_modules(const struct host *h)
{
	static const struct {
		const char *family, *persist;
	} families[] = {
		{ "mkinitcpio",
		  "echo 'MODULES=(vfio_pci vfio vfio_iommu_type1 \"${MODULES[@]}\")' | sudo tee -a "
		  "{config}\n{initramfs}" },
		{ "dracut", "echo 'force_drivers+=\" vfio_pci vfio vfio_iommu_type1 \"' | sudo tee "
			    "/etc/dracut.conf.d/91-vfiobench.conf\n{initramfs}" },
		{ "initramfs-tools", "printf '%s\\n' vfio_pci vfio vfio_iommu_type1 | sudo tee -a "
				     "/etc/initramfs-tools/modules\n{initramfs}" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		if (fact_is(&h->setup.initramfs, families[i].family))
			return families[i].persist;
	}
	return "Tell the program that makes the initramfs to include vfio_pci, vfio and "
	       "vfio_iommu_type1 and to load them first.";
}

static enum verdict judge_modules(const struct host *h, struct finding *out)
{
	const struct fact_strs *modules = &h->setup.initramfs_modules;
	const struct pci_function *card = find_late_card(h);
	const char *config = h->setup.initramfs_config.known ? h->setup.initramfs_config.v : "?";

	finding_fill_quoted(out, "config", config);
	finding_fill(out, "initramfs", "%s", host_initramfs_command(h));
	if (lists_module(modules, "vfio_virqfd") && h->kernel.release.known &&
	    version_compare(h->kernel.release.v, "6.2") >= 0) {
		finding_say(out,
			    "%s lists vfio_virqfd, which is a part of vfio since Linux 6.2: this "
			    "kernel (%s) has no such module, and building the initramfs "
			    "complains.",
			    config, h->kernel.release.v);
		return VERDICT_ADVICE;
	}
	if (card && !lists_module(modules, "vfio_pci") && !is_builtin(h)) {
		finding_say(out,
			    "The initramfs is not told to hold vfio_pci, and %s had %s before "
			    "VFIO.",
			    pci_words(out, card), card->driver.v);
		finding_fix(out, NULL, add_modules(h), "Take the line away again; {initramfs}");
		return VERDICT_ADVICE;
	}
	finding_say(
		out,
		lists_module(modules, "vfio_pci")
			? "The initramfs is told to hold vfio_pci, and no module that this kernel "
			  "does not have."
			: "The initramfs is not told to hold vfio_pci, and no graphics card for a "
			  "guest had another driver.");
	return VERDICT_PASS;
}

/* Only mkinitcpio and dracut are told of single files. */
static bool names_files(const struct host *h, struct finding *out)
{
	if (!has_script(h, out))
		return false;
	if (h->setup.initramfs.known && !fact_is(&h->setup.initramfs, "mkinitcpio") &&
	    !fact_is(&h->setup.initramfs, "dracut")) {
		finding_say(out, "Files come into an initramfs of %s by its hooks.",
			    h->setup.initramfs.v);
		return false;
	}
	return true;
}

static enum verdict judge_files(const struct host *h, struct finding *out)
{
	const struct setup_script *s = install_script(h);
	const bool is_early = lists_module(&h->setup.initramfs_modules, "vfio_pci");

	if (guest_list_has(&h->setup.initramfs_files, s->path.v)) {
		finding_say(out, "%s is put into the initramfs.", s->path.v);
		return VERDICT_PASS;
	}
	finding_fill_quoted(out, "script", s->path.v);
	finding_fill_quoted(out, "config",
			    h->setup.initramfs_config.known ? h->setup.initramfs_config.v : "?");
	finding_fill(out, "initramfs", "%s", host_initramfs_command(h));
	if (fact_is(&h->setup.initramfs, "dracut"))
		finding_fix(out, NULL,
			    "echo 'install_items+=\" '{script}' \"' | sudo tee "
			    "/etc/dracut.conf.d/90-vfiobench.conf\n{initramfs}",
			    "sudo rm /etc/dracut.conf.d/90-vfiobench.conf\n{initramfs}");
	finding_say(out,
		    "modprobe.d runs %s in place of loading vfio-pci, but the initramfs does "
		    "not get it%s.",
		    s->path.v,
		    is_early ? ": loading vfio_pci there fails, and a driver of the host takes the "
			       "device"
			     : "");
	return is_early ? VERDICT_PROBLEM : VERDICT_ADVICE;
}

static bool uses_mkinitcpio(const struct host *h, struct finding *out)
{
	if (!passthrough_is_wanted(h, out))
		return false;
	if (!h->setup.initramfs.known || fact_is(&h->setup.initramfs, "mkinitcpio"))
		return true;
	finding_say(out, "The initramfs is made by %s, which copies modprobe.d by itself.",
		    h->setup.initramfs.v);
	return false;
}

/* The hooks with modconf behind autodetect, or behind the first. */
static const char *with_modconf(const struct host *h, struct finding *out)
{
	const struct fact_strs *hooks = &h->setup.initramfs_hooks;
	const char *after = guest_list_has(hooks, "autodetect") ? "autodetect"
			    : hooks->n                          ? hooks->v[0]
								: "";
	const char *text = "";

	for (size_t i = 0; i < hooks->n; i++)
		text = finding_text(out, "%s%s%s%s", text, *text ? " " : "", hooks->v[i],
				    !strcmp(hooks->v[i], after) ? " modconf" : "");
	return text;
}

static enum verdict judge_modconf(const struct host *h, struct finding *out)
{
	const bool is_early = lists_module(&h->setup.initramfs_modules, "vfio_pci");
	const bool has_options = modprobe_option(h, out, "vfio_pci", "ids", NULL) ||
				 modprobe_find(h, "install", "vfio_pci");

	if (guest_list_has(&h->setup.initramfs_hooks, "modconf")) {
		finding_say(out, "The initramfs gets modprobe.d: modconf is among its hooks.");
		return VERDICT_PASS;
	}
	if (!has_options || !is_early || cmdline_value(h, out, "vfio_pci.ids")) {
		finding_say(out, "modconf is not among the hooks, and nothing that the initramfs "
				 "loads for VFIO needs it.");
		return VERDICT_PASS;
	}
	finding_fill_quoted(out, "hooks", with_modconf(h, out));
	finding_fill(out, "initramfs", "%s", host_initramfs_command(h));
	finding_fill_quoted(out, "config",
			    h->setup.initramfs_config.known ? h->setup.initramfs_config.v : "?");
	finding_say(out, "The initramfs loads vfio_pci without modprobe.d, because modconf is not "
			 "among its hooks: the options for it come too late.");
	return VERDICT_PROBLEM;
}

/* "rd.driver.pre=vfio_pci,vfio": it may stand there several times. */
static bool asks_dracut(const struct host *h, struct text *ret_word)
{
	struct text rest = text_of(h->kernel.cmdline.known ? h->kernel.cmdline.v : "");

	while (boot_line_next(&rest, ret_word)) {
		if (text_starts(*ret_word, "rd.driver.pre=") && text_find(*ret_word, "vfio"))
			return true;
	}
	return false;
}

static bool has_driver_pre(const struct host *h, struct finding *out)
{
	struct text word;

	if (!h->kernel.cmdline.known || asks_dracut(h, &word))
		return true;
	finding_say(out, "rd.driver.pre is not on the command line for VFIO.");
	return false;
}

static enum verdict judge_driver_pre(const struct host *h, struct finding *out)
{
	struct text word;

	if (!asks_dracut(h, &word))
		return VERDICT_UNKNOWN;
	if (!strcmp(h->setup.initramfs.v, "dracut")) {
		finding_say(out, "dracut loads vfio-pci before other drivers (%.*s).",
			    (int)word.len, word.at);
		return VERDICT_PASS;
	}
	finding_change(out, CHANGE_BOOT, "-%.*s", (int)word.len, word.at);
	finding_say(out,
		    "%.*s is a word for dracut, but %s makes the initramfs here: it has no "
		    "effect.",
		    (int)word.len, word.at, h->setup.initramfs.v);
	return VERDICT_ADVICE;
}

static enum verdict judge_rebuild(const struct host *h, struct finding *out)
{
	finding_fill(out, "initramfs", "%s", host_initramfs_command(h));
	if (!h->setup.is_initramfs_stale.v) {
		finding_say(out, "The initramfs is newer than modprobe.d and its configuration.");
		return VERDICT_PASS;
	}
	finding_say(out, "modprobe.d or the configuration of the initramfs was changed after the "
			 "image was made: the next boot still uses what was there before.");
	return VERDICT_ADVICE;
}

#define MODPROBE READS(READ(setup.modprobe), READ(setup.scripts))

static const struct rule rules[] = {
	{ "vfio.override-exec-bit", false, has_script, MODPROBE, judge_exec_bit },
	{ "vfio.install-hook", false, has_install_line, MODPROBE, judge_install },
	{ "vfio.initramfs-modules", false, passthrough_is_wanted,
	  READS(READ(setup.initramfs_modules)), judge_modules },
	{ "vfio.initramfs-files", false, names_files,
	  READS(READ(setup.modprobe), READ(setup.scripts), READ(setup.initramfs_files)),
	  judge_files },
	{ "vfio.modconf-hook", false, uses_mkinitcpio,
	  READS(READ(setup.initramfs), READ(setup.initramfs_hooks), READ(setup.modprobe)),
	  judge_modconf },
	{ "vfio.rd-driver-pre", false, has_driver_pre,
	  READS(READ(kernel.cmdline), READ(setup.initramfs)), judge_driver_pre },
	{ "initramfs.rebuild", false, NULL, READS(READ(setup.is_initramfs_stale)), judge_rebuild },
};

const struct rule_set rules_vfio_boot = { rules, ARRAY_SIZE(rules) };
