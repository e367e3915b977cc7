/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pci_access.c - libpci kept in a box: one method, one directory or text, no exit().
 *
 * libpci opens files by name. It gets /proc/self/fd/N/devices/ADDRESS/config, so that no path is
 * too long for it; in a captured tree, where a link may lead out, each file is first compared with
 * the one that the tree holds.
 */
#include <fcntl.h>
#include <pci/pci.h>
#include <setjmp.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "probes/pci_parts.h"

#define BYTES_PER_LINE 16u
#define FD_PATH_SIZE   40u

/* A step that may call libpci, and what to do with it. */
struct step {
	struct config *c;
	struct probe_env *env;
	struct nodes *nodes;
	size_t i;
	struct pci_dev *dev;
};

/* libpci gives its error function no argument of ours, and the function must not return. */
static _Thread_local jmp_buf *way_out;

static void leave(char *msg, ...) PCI_PRINTF(1, 2) PCI_NONRET;

static void leave(char *msg, ...)
{
	(void)msg;
	if (!way_out)
		abort();
	longjmp(*way_out, 1);
}

static void ignore(char *msg, ...) PCI_PRINTF(1, 2);

static void ignore(char *msg, ...)
{
	(void)msg;
}

/* -EIO: libpci gave up on the step. */
static int guarded(int (*run)(struct step *step), struct step *step)
{
	jmp_buf here;
	int r;

	if (setjmp(here)) {
		way_out = NULL;
		return -EIO;
	}
	way_out = &here;
	r = run(step);
	way_out = NULL;
	return r;
}

static int start(struct step *step)
{
	pci_init(step->c->access);
	return 0;
}

/* libpci writes to none of them, but its prototype is older than const. */
static int set_param(struct pci_access *access, const char *name, const char *value)
{
	return pci_set_param(access, (char *)name, (char *)value);
}

/* The method is forced: left to itself, libpci would look at the machine that it runs on. */
static int open_access(struct config *c, unsigned method, const char *parameter, const char *path)
{
	struct step step = { .c = c };

	c->access = pci_alloc();
	c->access->error = leave;
	c->access->warning = ignore;
	c->access->debug = ignore;
	c->access->method = method;
	c->access->id_lookup_mode = 0; /* no cache in a home directory */
	/* -1 when libpci was built without it. */
	(void)set_param(c->access, "hwdb.disable", "1");
	if (set_param(c->access, parameter, path) < 0)
		return -ENOTSUP;
	return guarded(start, &step);
}

int config_open_sysfs(struct config *c, const struct sysroot *root)
{
	char path[FD_PATH_SIZE];

	*c = (struct config){ .fd = sysroot_open_file(root, O_RDONLY | O_DIRECTORY,
						      "/sys/bus/pci") };
	if (c->fd < 0)
		return c->fd;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", c->fd);
	return open_access(c, PCI_ACCESS_SYS_BUS_PCI, "sysfs.path", path);
}

/* As much as a kernel gives at a time: a block that is cut off is not there. */
static size_t whole_bytes(const struct node *node)
{
	static const size_t sizes[] = { 4096, 256, 64 };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		if (node->n_bytes >= sizes[i])
			return sizes[i];
	}
	return 0;
}

/* The one form of the text that libpci reads without complaint. */
static void write_node(FILE *f, const struct node *node)
{
	const size_t n = whole_bytes(node);

	if (!n)
		return;
	fprintf(f, "%s x\n", node->name);
	for (size_t i = 0; i < n; i++) {
		if (i % BYTES_PER_LINE == 0)
			fprintf(f, "%02zx:", i);
		fprintf(f, " %02x%s", node->bytes[i], (i + 1) % BYTES_PER_LINE ? "" : "\n");
	}
	fputc('\n', f);
}

static int write_text(int fd, const struct nodes *nodes)
{
	auto_file FILE *f = NULL;
	int copy = dup(fd);

	f = copy >= 0 ? fdopen(copy, "w") : NULL;
	if (!f) {
		const int r = neg_errno();

		if (copy >= 0)
			close(copy);
		return r;
	}
	/* Backwards: libpci puts what it reads at the front of its list. */
	for (size_t i = nodes->n; i > 0; i--)
		write_node(f, &nodes->v[i - 1]);
	return fflush(f) == 0 ? 0 : neg_errno();
}

int config_open_text(struct config *c, const struct nodes *nodes)
{
	char path[FD_PATH_SIZE];
	int r;

	*c = (struct config){ .fd = memfd_create("lspci", MFD_CLOEXEC), .is_text = true };
	if (c->fd < 0)
		return neg_errno();
	r = write_text(c->fd, nodes);
	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", c->fd);
	r = open_access(c, PCI_ACCESS_DUMP, "dump.name", path);
	c->next = c->access->devices;
	return r;
}

void config_close(struct config *c)
{
	if (c->access)
		pci_cleanup(c->access);
	c->access = NULL;
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

static bool is_node(const struct pci_dev *dev, const struct node *node)
{
	return (uint32_t)dev->domain == node->address.domain && dev->bus == node->address.bus &&
	       dev->dev == node->address.device && dev->func == node->address.function;
}

static struct pci_dev *find_in_text(struct config *c, const struct node *node)
{
	struct pci_dev *dev = c->next;

	if (!dev || !is_node(dev, node))
		return NULL;
	c->next = dev->next;
	return dev;
}

static bool is_same_file(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

/* Will libpci open what the tree holds under that name? */
static int check_file(struct config *c, const struct sysroot *root, const struct node *node)
{
	auto_free char *path = NULL;
	auto_fd int ours = -1;
	auto_fd int theirs = -1;

	if (root->is_live)
		return sysroot_exists(root, PCI_DEVICES "/%s/config", node->name);
	ours = sysroot_open_file(root, O_RDONLY, PCI_DEVICES "/%s/config", node->name);
	if (ours < 0)
		return ours;
	if (asprintf(&path, "devices/%s/config", node->name) < 0)
		return -ENOMEM;
	theirs = openat(c->fd, path, O_PATH | O_CLOEXEC);
	return theirs >= 0 && is_same_file(ours, theirs) ? 0 : -EXDEV;
}

static int get_dev(struct step *step)
{
	const struct pci_address *at = &step->nodes->v[step->i].address;

	step->dev =
		pci_get_dev(step->c->access, (int)at->domain, at->bus, at->device, at->function);
	return 0;
}

static int read_caps(struct step *step)
{
	return caps_read(step->dev, step->env, step->nodes, step->i);
}

int config_read(struct config *c, struct probe_env *env, struct nodes *nodes, size_t i)
{
	struct step step = { c, env, nodes, i, NULL };
	int r;

	if (c->is_text) {
		step.dev = find_in_text(c, &nodes->v[i]);
		return step.dev ? guarded(read_caps, &step) : -ENOENT;
	}
	if (nodes->v[i].has_no_config)
		return -ENOENT;
	r = check_file(c, env->root, &nodes->v[i]);
	if (r < 0)
		return r;
	r = guarded(get_dev, &step);
	if (r < 0)
		return r;
	r = guarded(read_caps, &step);
	pci_free_dev(step.dev);
	return r;
}

struct naming {
	struct step step; /* first: the step is this struct */
	int vendor, device;
	char words[256];
	const char *found;
};

static int look_up(struct step *step)
{
	struct naming *naming = (struct naming *)step;

	naming->found =
		pci_lookup_name(step->c->access, naming->words, sizeof(naming->words),
				PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_NUMBERS,
				naming->vendor, naming->device);
	return 0;
}

int config_name(struct config *c, struct arena *a, uint64_t vendor, uint64_t device,
		const char **ret_name)
{
	struct naming naming = { .step = { .c = c },
				 .vendor = (int)(vendor & 0xffff),
				 .device = (int)(device & 0xffff) };
	const int r = guarded(look_up, &naming.step);

	*ret_name = NULL;
	if (r < 0 || !naming.found)
		return 0;
	*ret_name = arena_strdup(a, naming.found);
	return *ret_name ? 0 : -ENOMEM;
}
