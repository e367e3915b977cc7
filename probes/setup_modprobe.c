/* SPDX-License-Identifier: GPL-2.0-or-later */
/* setup_modprobe.c - modprobe.d(5), and which modules are loaded (/proc/modules). */
#include <string.h>

#include "probes/parse/modprobe_conf.h"
#include "probes/parse/personal.h"
#include "probes/setup_files.h"
#include "probes/setup_parts.h"

/* Of a host whose files were written by hand a few dozen are there. */
#define N_LINES_MAX 1024

/* Of thousands of modules, those about virtualisation, graphics, sound and watchdogs. */
static const char *const modules[] = {
	"vfio*",        "kvm*",      "iommu*",  "irqbypass",   "pci_stub",     "xen_pciback",
	"vendor_reset", "nvidia*",   "nouveau", "amdgpu",      "radeon",       "i915",
	"xe",           "ast",       "mgag200", "simpledrm",   "efifb",        "vesafb",
	"bochs*",       "snd_hda_*", "xhci_*",  "iTCO_*",      "sp5100_tco",   "softdog",
	"wdat_wdt",     "vhost*",    "tun",     "bridge",      "br_netfilter", "macvtap",
	"uinput",       "zram",      "nvme",    "hid_generic", "virtio*",
};

static bool is_wanted(struct text name)
{
	for (size_t i = 0; i < ARRAY_SIZE(modules); i++) {
		if (modprobe_name_is(name, modules[i]))
			return true;
	}
	return false;
}

static bool is_command(struct text command)
{
	static const char *const commands[] = { "options", "install", "softdep", "blacklist",
						"alias" };

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (text_equal(command, commands[i]))
			return true;
	}
	return false;
}

static bool is_listed(const struct setup_facts *f, const char *path)
{
	const struct setup_script *scripts = f->scripts.v;

	for (size_t i = 0; i < f->scripts.n; i++) {
		if (fact_is(&scripts[i].path, path))
			return true;
	}
	return false;
}

/* "install MODULE /path/script …": the first word, when it is a script of the host's owner. */
static int add_script(struct probe_env *env, struct setup_facts *f, struct text rest)
{
	static const char *const system[] = { "/true", "/false", "/modprobe", "/sh", "/bash" };
	struct setup_file file;
	struct setup_script *script;
	const char *path, *hidden;
	struct text word;

	if (!text_next_word(&rest, &word) || !text_starts(word, "/"))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(system); i++) {
		if (text_ends(word, system[i]))
			return 0;
	}
	path = arena_strndup(env->arena, word.at, word.len - text_ends(word, ";"));
	hidden = path ? personal_hide(env->arena, text_of(path)) : NULL;
	if (!hidden)
		return -ENOMEM;
	if (is_listed(f, hidden))
		return 0;
	script = fact_add_item(&f->scripts, env->arena, sizeof(*script));
	if (!script)
		return -ENOMEM;
	if (setup_stat(env, path, &file) == 0) {
		fact_set_bool(&script->is_present, true);
		fact_set_bool(&script->is_executable, file.is_executable);
	} else if (setup_is_absent(env, path)) {
		fact_set_bool(&script->is_present, false);
	}
	return fact_set_str(&script->path, env->arena, hidden);
}

static int add_line(struct probe_env *env, struct setup_facts *f, const char *path,
		    const struct modprobe_line *line)
{
	const char *module = modprobe_name(env->arena, line->module);
	const char *rest = modprobe_rest(env->arena, line->rest);
	const char *text = rest ? personal_hide(env->arena, text_of(rest)) : NULL;
	struct setup_modprobe *m;
	int r;

	if (!module || !text)
		return -ENOMEM;
	m = fact_add_item(&f->modprobe, env->arena, sizeof(*m));
	if (!m)
		return -ENOMEM;
	r = fact_set_str(&m->path, env->arena, path);
	if (r == 0)
		r = fact_set_text(&m->command, env->arena, line->command);
	if (r == 0)
		r = fact_set_str(&m->module, env->arena, module);
	if (r == 0)
		r = fact_set_str(&m->text, env->arena, text);
	if (r == 0 && text_equal(line->command, "install"))
		r = add_script(env, f, text_of(rest));
	return r;
}

/* "softdep nvidia pre: vfio-pci", "alias pci:… vfio-pci" are about vfio too. */
static bool is_line_wanted(const struct modprobe_line *line)
{
	return is_command(line->command) &&
	       (is_wanted(line->module) || text_find(line->rest, "vfio"));
}

static int read_file(struct probe_env *env, struct setup_facts *f, const char *path)
{
	struct modprobe_line line;
	struct text text;
	int r = setup_read_config(env, &text, "modprobe", path);

	while (r == 0 && text.at && f->modprobe.n < N_LINES_MAX &&
	       modprobe_conf_next(&text, &line)) {
		if (is_line_wanted(&line))
			r = add_line(env, f, path, &line);
	}
	return r;
}

static int read_modules(struct probe_env *env, struct setup_facts *f)
{
	struct text text, line, name;
	int r = setup_read_text(env, &text, "modules", "/proc/modules");

	/* A kernel without modules has no such file. */
	f->modules.known =
		text.at || (env->root->is_whole && setup_is_absent(env, "/proc/modules"));
	if (r == 0 && !f->modules.known && !setup_exists(env, "/proc/modules"))
		r = probe_gap(env, "modules", "/proc/modules", -ENOENT);
	while (r == 0 && text.at && text_next_line(&text, &line)) {
		const char *copy;

		if (!text_next_word(&line, &name) || !is_wanted(name))
			continue;
		copy = arena_strndup(env->arena, name.at, name.len);
		r = copy ? fact_add_str(&f->modules, env->arena, copy) : -ENOMEM;
	}
	return r;
}

int setup_read_modprobe(struct probe_env *env, struct setup_facts *f)
{
	static const char *const dirs[] = { "/etc/modprobe.d", "/run/modprobe.d",
					    "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d",
					    "/lib/modprobe.d" };
	struct fact_strs paths = { 0 };
	int r = setup_drop_ins(env, dirs, ARRAY_SIZE(dirs), ".conf", &paths);

	if (env->root->is_whole || setup_exists(env, dirs[0])) {
		f->modprobe.known = true;
		f->scripts.known = true;
	}
	for (size_t i = 0; r == 0 && i < paths.n; i++)
		r = read_file(env, f, paths.v[i]);
	return r < 0 ? r : read_modules(env, f);
}
