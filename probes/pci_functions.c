/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pci_functions.c - which functions there are, and the order in which they are looked at: files
 * before configuration spaces, because reading those may wake a function.
 */
#include <stdlib.h>
#include <string.h>

#include "probes/parse/lspci_hex.h"
#include "probes/pci_parts.h"

#define LSPCI_TEXT "/lspci.hex"

/* Sorted, each once, not too many; their facts with their addresses. */
static int settle(struct probe_env *env, struct pci_facts *f, struct nodes *nodes)
{
	size_t n = 0;
	int r = 0;

	qsort(nodes->v, nodes->n, sizeof(*nodes->v), node_compare);
	for (size_t i = 0; i < nodes->n; i++) {
		if (n == 0 || node_compare(&nodes->v[n - 1], &nodes->v[i]) != 0)
			nodes->v[n++] = nodes->v[i];
	}
	if (n > PCI_FUNCTIONS_MAX)
		r = probe_gap_words(env, "functions", "", "%zu functions: the first %u are read", n,
				    PCI_FUNCTIONS_MAX);
	nodes->n = (size_t)u64_min(n, PCI_FUNCTIONS_MAX);
	nodes->facts = arena_calloc(env->arena, nodes->n, sizeof(*nodes->facts));
	if (!nodes->facts)
		return -ENOMEM;
	f->functions = (struct fact_list){ true, nodes->n, nodes->facts };
	for (size_t i = 0; i < nodes->n && r == 0; i++)
		r = fact_set_str(&nodes->facts[i].address, env->arena, nodes->v[i].name);
	return r;
}

/* Names that are no address in sysfs form are none of the kernel's. */
static void add_name(struct nodes *nodes, const char *name)
{
	struct node *node = &nodes->v[nodes->n];

	*node = (struct node){ 0 };
	if (pci_address_parse(text_of(name), &node->address) < 0 ||
	    node->address.domain > INT32_MAX)
		return;
	pci_address_format(&node->address, node->name);
	if (!strcmp(node->name, name))
		nodes->n++;
}

static int list_sysfs(struct probe_env *env, struct nodes *nodes)
{
	char **names;
	size_t n;
	int r = sysroot_list(env->root, &names, &n, PCI_DEVICES);

	if (r < 0)
		return r;
	nodes->v = arena_calloc(env->arena, n, sizeof(*nodes->v));
	for (size_t i = 0; i < n && nodes->v; i++)
		add_name(nodes, names[i]);
	names_free(names, n);
	return nodes->v ? 0 : -ENOMEM;
}

/* A function that sleeps without power would be woken by the look at its configuration. */
static bool is_asleep(const struct probe_env *env, const struct pci_function *f)
{
	return env->root->is_whole && fact_is(&f->power_state, "D3cold");
}

static int read_one_config(struct config *c, struct probe_env *env, struct nodes *nodes, size_t i)
{
	static const char field[] = "functions.config_bytes";
	const struct node *node = &nodes->v[i];
	int r;

	if (is_asleep(env, &nodes->facts[i]))
		return tally_add_words(&nodes->tally, env, field, node->name,
				       "asleep (D3cold): not woken for this");
	r = config_read(c, env, nodes, i);
	if (r == 0 || r == -ENOMEM)
		return r;
	if (c->is_text)
		return tally_add_words(&nodes->tally, env, field, node->name,
				       "the text holds less than 64 bytes of it");
	return tally_add(&nodes->tally, env, field, node->name, r);
}

static int read_configs(struct config *c, struct probe_env *env, struct nodes *nodes)
{
	int r = 0;

	for (size_t i = 0; i < nodes->n && r == 0; i++)
		r = read_one_config(c, env, nodes, i);
	return r;
}

/* A capture has the names that pci.ids of the host gave. */
static int answer_names(struct probe_env *env, struct nodes *nodes)
{
	int r = 0;

	for (size_t i = 0; i < nodes->n && r == 0; i++)
		r = fact_set_str(&nodes->facts[i].name, env->arena,
				 probe_answer(env, "pci.%s.name", nodes->v[i].name));
	return r;
}

/*
 * Of this machine only: a list of names that differs from machine to machine would make different
 * documents of the same captured tree.
 */
static int read_names(struct config *c, struct probe_env *env, struct nodes *nodes)
{
	size_t n = 0;
	int r = 0;

	for (size_t i = 0; i < nodes->n && r == 0; i++) {
		struct pci_function *f = &nodes->facts[i];
		const char *name;

		if (!f->vendor_id.known || !f->device_id.known)
			continue;
		r = config_name(c, env->arena, f->vendor_id.v, f->device_id.v, &name);
		if (r == 0 && name) {
			r = fact_set_str(&f->name, env->arena, name);
			n++;
		}
	}
	if (nodes->n && !n && r == 0)
		r = probe_gap_words(env, "functions.name", "pci.ids", "names none of them");
	return r;
}

/* Without libpci's part the files still tell much. */
static int no_configs(struct probe_env *env, int error)
{
	return error == -ENOMEM ? error : probe_gap(env, "functions.config_bytes", "", error);
}

static int read_sysfs(struct probe_env *env, struct pci_facts *f, struct nodes *nodes)
{
	auto_config struct config c = { .fd = -1 };
	int r = fact_set_str(&f->source, env->arena, "sysfs");

	for (size_t i = 0; i < nodes->n && r == 0; i++)
		r = sysfs_read(env, nodes, i);
	if (r < 0)
		return r;
	r = config_open_sysfs(&c, env->root);
	r = r < 0 ? no_configs(env, r) : read_configs(&c, env, nodes);
	if (r == 0)
		r = sysfs_finish(env, nodes);
	if (r < 0)
		return r;
	return env->root->is_live ? read_names(&c, env, nodes) : answer_names(env, nodes);
}

static int list_text(struct probe_env *env, struct text text, struct nodes *nodes)
{
	auto_free struct lspci_function *one = malloc(sizeof(*one));

	nodes->v = arena_calloc(env->arena, PCI_FUNCTIONS_MAX, sizeof(*nodes->v));
	if (!one || !nodes->v)
		return -ENOMEM;
	while (nodes->n < PCI_FUNCTIONS_MAX && lspci_hex_next(&text, one)) {
		struct node *node = &nodes->v[nodes->n++];

		*node = (struct node){ .address = one->address, .n_bytes = one->n };
		pci_address_format(&one->address, node->name);
		node->bytes = (const uint8_t *)arena_memdup(env->arena, one->bytes, one->n);
		if (!node->bytes)
			return -ENOMEM;
	}
	if (lspci_hex_next(&text, one))
		return probe_gap_words(env, "functions", LSPCI_TEXT,
				       "more functions than %u: the first in the text are read",
				       PCI_FUNCTIONS_MAX);
	return 0;
}

static int read_text(struct probe_env *env, struct text text, struct pci_facts *f,
		     struct nodes *nodes)
{
	auto_config struct config c = { .fd = -1 };
	int r = fact_set_str(&f->source, env->arena, "dump");

	if (r == 0)
		r = list_text(env, text, nodes);
	if (r == 0)
		r = settle(env, f, nodes);
	if (r == 0)
		r = probe_gap_words(env, "functions", LSPCI_TEXT,
				    "such a text has no drivers, groups, vectors and resets");
	if (r < 0)
		return r;
	r = config_open_text(&c, nodes);
	return r < 0 ? no_configs(env, r) : read_configs(&c, env, nodes);
}

/* Bridges and gaps, when all functions are read. */
static int finish(struct probe_env *env, struct nodes *nodes)
{
	const int r = links_find_parents(env, nodes);

	if (r < 0)
		return r;
	links_find_paths(nodes);
	return tally_report(&nodes->tally, env);
}

int functions_of_text(struct probe_env *env, struct text text, struct pci_facts *f)
{
	struct nodes nodes = { 0 };
	const int r = read_text(env, text, f, &nodes);

	return r < 0 ? r : finish(env, &nodes);
}

static int read_text_file(struct probe_env *env, struct pci_facts *f)
{
	struct text text;
	const int r = probe_read_text(env, &text, "functions", LSPCI_TEXT);

	return r < 0 || !text.at ? r : functions_of_text(env, text, f);
}

int functions_read(struct probe_env *env, struct pci_facts *f)
{
	struct nodes nodes = { 0 };
	int r = list_sysfs(env, &nodes);

	if (r == -ENOENT && sysroot_exists(env->root, LSPCI_TEXT) == 0)
		return read_text_file(env, f);
	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "functions", PCI_DEVICES, r);
	r = settle(env, f, &nodes);
	if (r == 0)
		r = read_sysfs(env, f, &nodes);
	return r < 0 ? r : finish(env, &nodes);
}
