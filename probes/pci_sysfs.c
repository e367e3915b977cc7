/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pci_sysfs.c - what the files of a function tell, most of them without root.
 * Source: Documentation/ABI/testing/sysfs-bus-pci, sysfs-bus-pci-devices-aer_stats,
 * sysfs-devices-power.
 */
#include <fcntl.h>
#include <string.h>

#include "probes/parse/pci_text.h"
#include "probes/pci_parts.h"

struct look;
struct attribute;
typedef int attribute_fn(struct look *x, const struct attribute *a, struct text text);

/* One file, and the fact it becomes. set() returns -EBADMSG for odd content. */
struct attribute {
	const char *file, *field;
	size_t at; /* of the fact in struct pci_function */
	attribute_fn *set;
	bool is_everywhere; /* of every function, in kernels of today: a gap when it is missing */
};

/* One function that is being looked at. */
struct look {
	struct probe_env *env;
	struct nodes *nodes;
	struct node *node;
	struct pci_function *f;
	struct sysroot dir;
	char **names;
	size_t n_names;
};

static void *fact_at(const struct look *x, const struct attribute *a)
{
	return (char *)x->f + a->at;
}

static int set_hex(struct look *x, const struct attribute *a, struct text text)
{
	uint64_t v;

	if (text_hex(text, &v) < 0)
		return -EBADMSG;
	fact_set_u64(fact_at(x, a), v);
	return 0;
}

static int set_number(struct look *x, const struct attribute *a, struct text text)
{
	uint64_t v;

	if (text_u64(text, &v) < 0)
		return -EBADMSG;
	fact_set_u64(fact_at(x, a), v);
	return 0;
}

/* -1: the firmware does not tell. */
static int set_node(struct look *x, const struct attribute *a, struct text text)
{
	return text_equal(text, "-1") ? 0 : set_number(x, a, text);
}

static int set_flag(struct look *x, const struct attribute *a, struct text text)
{
	bool v;

	if (text_bool(text, &v) < 0)
		return -EBADMSG;
	fact_set_bool(fact_at(x, a), v);
	return 0;
}

static int set_word(struct look *x, const struct attribute *a, struct text text)
{
	if (text_equal(text, "unknown") || text_equal(text, "error"))
		return -ENODATA;
	return text.len ? fact_set_text(fact_at(x, a), x->env->arena, text) : -EBADMSG;
}

static int set_override(struct look *x, const struct attribute *a, struct text text)
{
	return text.len == 0 || text_equal(text, "(null)") ? 0 : set_word(x, a, text);
}

/* No gap for an unknown speed: that is what the kernel says of what has no link. */
static int set_speed(struct look *x, const struct attribute *a, struct text text)
{
	uint64_t mts;
	const int r = pci_text_speed(text, &mts);

	if (r == 0)
		fact_set_u64(fact_at(x, a), mts);
	return r == -ENODATA ? 0 : r;
}

static int set_errors(struct look *x, const struct attribute *a, struct text text)
{
	uint64_t n;
	const int r = pci_text_correctable(text, &n);

	if (r == 0)
		fact_set_u64(fact_at(x, a), n);
	return r;
}

static int set_resets(struct look *x, const struct attribute *a, struct text text)
{
	struct fact_strs *methods = fact_at(x, a);
	struct text word;
	int r = 0;

	methods->known = true;
	while (r == 0 && methods->n < 16 && text_next_word(&text, &word)) {
		const char *method = arena_strndup(x->env->arena, word.at, word.len);

		r = method ? fact_add_str(methods, x->env->arena, method) : -ENOMEM;
		if (text_equal(word, "flr") || text_equal(word, "af_flr"))
			fact_set_bool(&x->f->has_flr, true);
	}
	return r;
}

#define A(file, member, set, is_everywhere)                                             \
	{                                                                               \
		file, "functions." #member, offsetof(struct pci_function, member), set, \
			is_everywhere                                                   \
	}
static const struct attribute attributes[] = {
	A("vendor", vendor_id, set_hex, true),
	A("device", device_id, set_hex, true),
	A("class", class_code, set_hex, true),
	A("numa_node", node, set_node, true),
	A("driver_override", driver_override, set_override, true),
	A("boot_vga", is_boot_vga, set_flag, false),
	A("current_link_speed", link_speed_mts, set_speed, false),
	A("current_link_width", link_width, set_number, false),
	A("max_link_speed", max_link_speed_mts, set_speed, false),
	A("max_link_width", max_link_width, set_number, false),
	A("sriov_totalvfs", n_total_vfs, set_number, false),
	A("sriov_numvfs", n_vfs, set_number, false),
	A("reset_method", reset_methods, set_resets, false),
	A("power_state", power_state, set_word, true),
	A("power/runtime_status", runtime_status, set_word, true),
	A("power/control", power_control, set_word, true),
	A("d3cold_allowed", is_d3cold_allowed, set_flag, true),
	A("aer_dev_correctable", n_correctable, set_errors, false),
};
#undef A

static int trouble(struct look *x, const char *field, const char *file, int error)
{
	if (error == -ENOMEM)
		return error;
	return tally_add(&x->nodes->tally, x->env, field,
			 arena_printf(x->env->arena, PCI_DEVICES "/%s/%s", x->node->name, file),
			 error);
}

/* The directory is read once: to try each file of each function costs more than the rest. */
static bool has_file(const struct look *x, const char *file)
{
	const size_t n = strcspn(file, "/");

	for (size_t i = 0; i < x->n_names; i++) {
		if (!strncmp(x->names[i], file, n) && x->names[i][n] == '\0')
			return true;
	}
	return false;
}

static int read_attribute(struct look *x, const struct attribute *a)
{
	auto_free char *line = NULL;
	int r = has_file(x, a->file) ? sysroot_read_line(&x->dir, &line, "/%s", a->file) : -ENOENT;

	if (r == -ENOENT && !a->is_everywhere)
		return 0;
	if (r == 0)
		r = a->set(x, a, text_of(line));
	return r < 0 ? trouble(x, a->field, a->file, r) : 0;
}

/* aer_dev_correctable has a line for each kind of error. */
static int read_whole_attribute(struct look *x, const struct attribute *a)
{
	auto_free char *text = NULL;
	size_t len;
	int r = has_file(x, a->file) ? sysroot_read(&x->dir, &text, &len, "/%s", a->file) : -ENOENT;

	if (r == -ENOENT && !a->is_everywhere)
		return 0;
	if (r == 0)
		r = a->set(x, a, text_make(text, len));
	return r < 0 ? trouble(x, a->field, a->file, r) : 0;
}

static int read_attributes(struct look *x)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(attributes); i++)
		r = attributes[i].set == set_errors ? read_whole_attribute(x, &attributes[i])
						    : read_attribute(x, &attributes[i]);
	return r;
}

/* Last part of what a link points to; *ret_base.at NULL: there is no such link. */
static int read_link(struct look *x, const char *link, const char *field, char **ret_target,
		     struct text *ret_base)
{
	int r;

	*ret_base = text_make(NULL, 0);
	if (!has_file(x, link))
		return 0;
	r = sysroot_readlink(&x->dir, ret_target, "/%s", link);
	if (r < 0)
		return trouble(x, field, link, r);
	*ret_base = pci_text_base(text_of(*ret_target));
	return 0;
}

/* Links are not followed: in a captured tree what they point to may be missing. */
static int read_links(struct look *x)
{
	auto_free char *driver = NULL;
	auto_free char *group = NULL;
	auto_free char *physical = NULL;
	struct text base;
	uint64_t number;
	int r = read_link(x, "driver", "functions.driver", &driver, &base);

	if (r == 0 && base.at) {
		fact_set_bool(&x->f->is_bound, true);
		r = fact_set_text(&x->f->driver, x->env->arena, base);
	}
	if (r == 0)
		r = read_link(x, "iommu_group", "functions.iommu_group", &group, &base);
	if (r == 0 && base.at) {
		if (text_u64(base, &number) == 0)
			fact_set_u64(&x->f->iommu_group, number);
		else
			r = trouble(x, "functions.iommu_group", "iommu_group", -EBADMSG);
	}
	/* Only a virtual function has one. */
	if (r == 0)
		r = read_link(x, "physfn", "functions.physical_function", &physical, &base);
	return r == 0 && base.at ? fact_set_text(&x->f->physical_function, x->env->arena, base) : r;
}

/* The folder "link" holds a file for each power state that both ends of the link can do. */
static int read_link_power(struct look *x)
{
	static const char *const files[] = { "l0s_aspm", "l1_aspm", "l1_1_aspm", "l1_2_aspm" };
	static const char *const aspm[] = { "off", "l0s", "l1", "l0s+l1" };
	unsigned on = 0;
	bool has_any = false;

	if (!has_file(x, "link"))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		uint64_t v = 0;
		const int r = sysroot_read_u64(&x->dir, &v, "/link/%s", files[i]);

		if (r < 0 && r != -ENOENT)
			return trouble(x, "functions.aspm", "link", r);
		has_any |= r == 0;
		if (v)
			on |= 1u << i;
	}
	/* Kernels make the folder for functions without a link too. */
	if (!has_any)
		return 0;
	fact_set_bool(&x->f->has_l1_substates, on >> 2);
	return fact_set_str(&x->f->aspm, x->env->arena, aspm[on & 3]);
}

static int read_all(struct look *x)
{
	int r = read_attributes(x);

	if (r == 0)
		r = read_links(x);
	if (r == 0)
		r = read_link_power(x);
	if (r == 0 && has_file(x, "msi_irqs")) {
		r = vectors_read(&x->dir, x->f);
		r = r < 0 ? trouble(x, "functions.n_vectors", "msi_irqs", r) : 0;
	}
	if (r == 0) {
		r = has_file(x, "resource") ? bars_read(&x->dir, x->env->arena, x->f) : -ENOENT;
		r = r < 0 ? trouble(x, "functions.bars", "resource", r) : 0;
	}
	return r;
}

int sysfs_read(struct probe_env *env, struct nodes *nodes, size_t i)
{
	struct look x = { env, nodes, &nodes->v[i], &nodes->facts[i] };
	auto_fd int fd = sysroot_open_file(env->root, O_RDONLY | O_DIRECTORY, PCI_DEVICES "/%s",
					   x.node->name);
	int r;

	if (fd < 0)
		return trouble(&x, "functions.vendor_id", "", fd);
	/* Short ways: names are looked up from the function's own directory. */
	x.dir = sysroot_below(env->root, fd);
	r = sysroot_list(&x.dir, &x.names, &x.n_names, "/");
	if (r < 0)
		return trouble(&x, "functions.vendor_id", "", r);
	x.node->has_no_config = !has_file(&x, "config");
	r = read_all(&x);
	names_free(x.names, x.n_names);
	return r;
}

/*
 * Drivers and vectors: a function without has no entry. In a captured tree that means something
 * only when the entries of the others were captured.
 */
static void set_absent(struct nodes *nodes, bool has_drivers, bool has_vectors)
{
	for (size_t i = 0; i < nodes->n; i++) {
		struct pci_function *f = &nodes->facts[i];

		if (has_drivers && !f->is_bound.known && f->vendor_id.known)
			fact_set_bool(&f->is_bound, false);
		if (!has_vectors || !f->vendor_id.known)
			continue;
		if (!f->n_vectors.known)
			fact_set_u64(&f->n_vectors, 0);
		if (!f->is_msi_enabled.known && f->n_vectors.v == 0)
			fact_set_bool(&f->is_msi_enabled, false);
		if (!f->is_msix_enabled.known && f->n_vectors.v == 0)
			fact_set_bool(&f->is_msix_enabled, false);
	}
}

int sysfs_finish(struct probe_env *env, struct nodes *nodes)
{
	bool has_drivers = env->root->is_whole, has_vectors = env->root->is_whole;
	int r = 0;

	for (size_t i = 0; i < nodes->n; i++) {
		has_drivers |= nodes->facts[i].is_bound.known;
		has_vectors |= nodes->facts[i].n_vectors.known;
	}
	set_absent(nodes, has_drivers, has_vectors);
	if (nodes->n && !has_drivers)
		r = tally_add_words(&nodes->tally, env, "functions.driver", PCI_DEVICES,
				    "no function has one: not captured");
	if (nodes->n && !has_vectors && r == 0)
		r = tally_add_words(&nodes->tally, env, "functions.n_vectors", PCI_DEVICES,
				    "no function has any: not captured");
	return r;
}
