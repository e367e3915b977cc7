/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TEST_SOURCES: probes/irq_lines.c probes/irq_affinity.c probes/irq_devices.c probes/irq_balance.c
 * TEST_SOURCES: probes/processes.c tests/lib/tree.c
 */
#include <string.h>

#include "probes/irq_parts.h"
#include "tests/lib/check.h"
#include "tests/lib/tree.h"

struct run {
	struct arena arena;
	struct probe_env env;
	struct irq_facts facts;
};

static void run_init(struct run *run, const struct tree *tree)
{
	*run = (struct run){ 0 };
	run->env = (struct probe_env){
		.probe = probe_find("irq"),
		.root = &tree->root,
		.arena = &run->arena,
	};
	run->env.gaps_end = &run->env.gaps;
}

static void run_release(struct run *run)
{
	arena_release(&run->arena);
}

#define auto_run auto_cleanup(run_release)

static const struct irq_line *line_of(const struct run *run, const char *label)
{
	const struct irq_line *lines = run->facts.lines.v;

	for (size_t i = 0; i < run->facts.lines.n; i++) {
		if (fact_is(&lines[i].label, label))
			return &lines[i];
	}
	fail_msg("no line %s", label);
	return NULL;
}

static void assert_cpus(const struct fact_cpus *f, const char *want)
{
	struct cpus set;

	assert_true(f->known);
	assert_int_equal(cpus_parse_list(text_of(want), &set), 0);
	assert_true(cpus_equal(&f->v, &set));
}

/* How many gaps there are for a field, and the error of the last one. */
static size_t n_gaps(const struct run *run, const char *field, const char **ret_error)
{
	size_t n = 0;

	for (const struct gap *g = run->env.gaps; g; g = g->next) {
		if (strcmp(g->field, field) != 0)
			continue;
		n++;
		if (ret_error)
			*ret_error = g->error;
	}
	return n;
}

static const char interrupts[] =
	"           CPU0       CPU2\n"
	"  0:         47          0   IO-APIC   2-edge      timer\n"
	" 16:          0          3   IO-APIC  16-fasteoi   i801_smbus\n"
	" 17:          0          3   IO-APIC  17-fasteoi   ehci_hcd:usb1, snd_hda_intel\n"
	" 19:          5          0   IO-APIC  19-fasteoi   unbound\n"
	" 24:          1          2   PCI-MSI-edge      xhci_hcd\n"
	" 25:          1          2   PCI-MSIX-0000:03:00.0   1-edge      nvme0q1\n"
	"LOC:        100        200   Local timer interrupts\n"
	"ERR:          9\n"
	"what is this\n";

static void test_lines(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;
	const struct irq_line *line;
	const char *error = "";

	run_init(&run, tree);
	tree_file(tree, "proc/interrupts", interrupts);
	assert_int_equal(irq_read_lines(&run.env, &run.facts), 0);
	assert_cpus(&run.facts.cpus, "0,2");
	assert_true(run.facts.lines.known);
	assert_int_equal(run.facts.lines.n, 8);
	line = line_of(&run, "16");
	assert_int_equal(line->irq.v, 16);
	assert_true(fact_is(&line->chip, "IO-APIC"));
	assert_true(fact_is(&line->hwirq, "16-fasteoi"));
	assert_true(fact_is(&line->actions, "i801_smbus"));
	assert_false(line->device.known);
	assert_int_equal(line->counts.n, 1);
	assert_int_equal(line->counts.v[0].key, 2);
	assert_int_equal(line->counts.v[0].value, 3);
	assert_int_equal(line->n_total.v, 3);
	assert_true(fact_is(&line_of(&run, "25")->device, "0000:03:00.0"));
	line = line_of(&run, "LOC");
	assert_false(line->irq.known);
	assert_false(line->chip.known);
	assert_true(fact_is(&line->actions, "Local timer interrupts"));
	assert_int_equal(line->n_total.v, 300);
	line = line_of(&run, "ERR");
	assert_false(line->counts.known);
	assert_int_equal(line->n_total.v, 9);
	assert_int_equal(n_gaps(&run, "irq.lines", &error), 1);
	assert_string_equal(error, "1 lines are not understood");
}

static void test_no_lines(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;
	const char *error = "";

	run_init(&run, tree);
	assert_int_equal(irq_read_lines(&run.env, &run.facts), 0);
	assert_false(run.facts.lines.known);
	assert_int_equal(n_gaps(&run, "irq.lines", &error), 1);
	assert_string_equal(error, "ENOENT");
	tree_file(tree, "proc/interrupts", "nothing of use\n");
	assert_int_equal(irq_read_lines(&run.env, &run.facts), 0);
	assert_false(run.facts.lines.known);
	assert_int_equal(n_gaps(&run, "irq.lines", &error), 2);
	assert_string_equal(error, "no line with the CPUs");
	assert_int_equal(irq_read_affinity(&run.env, &run.facts), 0);
	assert_int_equal(irq_find_devices(&run.env, &run.facts), 0);
	assert_int_equal(n_gaps(&run, "irq.lines.is_movable", NULL), 0);
}

/* A stranger's file of very many lines: bounded, and said. */
static void test_many_lines(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;
	auto_free char *text = malloc(4 * 40000 + 8);
	char *end = stpcpy(text, "CPU0\n");
	const char *error = "";

	assert_non_null(text);
	for (size_t i = 0; i < 40000; i++)
		end = stpcpy(end, "A:1\n");
	run_init(&run, tree);
	tree_file(tree, "proc/interrupts", text);
	assert_int_equal(irq_read_lines(&run.env, &run.facts), 0);
	assert_int_equal(run.facts.lines.n, 32768);
	assert_int_equal(n_gaps(&run, "irq.lines", &error), 1);
	assert_string_equal(error, "only the first 32768 lines were read");
}

static void test_affinity(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;
	const struct irq_line *line;

	run_init(&run, tree);
	tree_file(tree, "proc/interrupts", interrupts);
	tree_file(tree, "proc/irq/0/smp_affinity_list", "0-2\n");
	tree_file(tree, "proc/irq/0/effective_affinity_list", "\n");
	/* an old kernel has masks only */
	tree_file(tree, "proc/irq/16/smp_affinity", "00000001,00000004\n");
	tree_file(tree, "proc/irq/16/effective_affinity", "00000000,00000004\n");
	tree_file(tree, "proc/irq/17/smp_affinity_list", "odd\n");
	assert_int_equal(irq_read_lines(&run.env, &run.facts), 0);
	assert_int_equal(irq_read_affinity(&run.env, &run.facts), 0);
	line = line_of(&run, "0");
	assert_cpus(&line->affinity, "0-2");
	assert_cpus(&line->effective, "");
	assert_false(line->is_movable.known);
	line = line_of(&run, "16");
	assert_cpus(&line->affinity, "2,32");
	assert_cpus(&line->effective, "2");
	assert_false(line_of(&run, "17")->affinity.known);
	assert_false(line_of(&run, "24")->affinity.known);
	/* once for a field, not once for a line */
	assert_int_equal(n_gaps(&run, "irq.lines.affinity", NULL), 1);
	assert_int_equal(n_gaps(&run, "irq.lines.effective", NULL), 1);
	assert_int_equal(n_gaps(&run, "irq.lines.is_movable", NULL), 1);
}

static void add_device(const struct tree *tree, const char *address, const char *irq,
		       const char *driver)
{
	auto_free char *irq_path = NULL, *driver_path = NULL;

	assert_true(asprintf(&irq_path, "sys/bus/pci/devices/%s/irq", address) > 0);
	assert_true(asprintf(&driver_path, "sys/bus/pci/devices/%s/driver", address) > 0);
	tree_file(tree, irq_path, irq);
	if (driver)
		tree_link(tree, driver, driver_path);
}

static void test_devices(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	run_init(&run, tree);
	tree_file(tree, "proc/interrupts", interrupts);
	add_device(tree, "0000:00:1f.3", "16\n", "../../drivers/i801_smbus");
	add_device(tree, "0000:00:1a.0", "17\n", "../../drivers/ehci-pci");
	add_device(tree, "0000:00:1b.0", "17\n", "../../drivers/snd_hda_intel");
	add_device(tree, "0000:00:1c.0", "19\n", NULL);
	/* an interrupt 2-edge is none of a PCI line; 0 stands for none */
	add_device(tree, "0000:00:1d.0", "0\n", "../../drivers/x");
	add_device(tree, "0000:04:00.0", "17\n", "../../drivers/xhci_hcd");
	tree_file(tree, "sys/bus/pci/devices/0000:04:00.0/msi_irqs/24", "msi\n");
	add_device(tree, "odd", "16\n", "x");
	assert_int_equal(irq_read_lines(&run.env, &run.facts), 0);
	assert_int_equal(irq_find_devices(&run.env, &run.facts), 0);
	assert_true(fact_is(&line_of(&run, "16")->device, "0000:00:1f.3"));
	assert_false(line_of(&run, "17")->device.known); /* shared */
	assert_false(line_of(&run, "19")->device.known); /* no driver */
	assert_false(line_of(&run, "0")->device.known);
	assert_true(fact_is(&line_of(&run, "24")->device, "0000:04:00.0"));
	assert_true(fact_is(&line_of(&run, "25")->device, "0000:03:00.0"));
	/* one gap already for the line that is none */
	assert_int_equal(n_gaps(&run, "irq.lines", NULL), 1);
}

static void test_irqbalance_runs(void **state)
{
	static const char environment[] = "IRQBALANCE_BANNED_CPULIST=4-7";
	const struct tree *tree = *state;
	auto_run struct run run;

	run_init(&run, tree);
	tree_file(tree, "proc/1/comm", "systemd\n");
	tree_file(tree, "proc/800/comm", "irqbalance\n");
	tree_bytes(tree, "proc/800/environ", environment, sizeof(environment));
	tree_bytes(tree, "proc/800/cmdline", "irqbalance\0-o", 14);
	tree_file(tree, "etc/default/irqbalance", "IRQBALANCE_BANNED_CPULIST=1\n");
	assert_int_equal(irq_read_irqbalance(&run.env, &run.facts), 0);
	assert_true(run.facts.is_irqbalance_running.v);
	assert_cpus(&run.facts.irqbalance_banned, "4-7");
	assert_true(run.facts.has_irqbalance_oneshot.v);
	assert_null(run.env.gaps);
}

static void test_irqbalance_settings_only(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	run_init(&run, tree);
	tree_file(tree, "proc/1/comm", "systemd\n");
	tree_file(tree, "proc/2/comm", "irqbalance-ui\n");
	tree_file(tree, "etc/sysconfig/irqbalance", "IRQBALANCE_BANNED_CPUS=c\n");
	assert_int_equal(irq_read_irqbalance(&run.env, &run.facts), 0);
	assert_true(run.facts.is_irqbalance_running.known);
	assert_false(run.facts.is_irqbalance_running.v);
	assert_cpus(&run.facts.irqbalance_banned, "2-3");
	assert_true(run.facts.has_irqbalance_oneshot.known);
	assert_false(run.facts.has_irqbalance_oneshot.v);
	assert_null(run.env.gaps);
}

/* Nothing was captured of it: unknown, never "does not run". */
static void test_irqbalance_unknown(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	run_init(&run, tree);
	tree_file(tree, "proc/interrupts", interrupts);
	assert_int_equal(irq_read_irqbalance(&run.env, &run.facts), 0);
	assert_false(run.facts.is_irqbalance_running.known);
	assert_false(run.facts.irqbalance_banned.known);
	assert_false(run.facts.has_irqbalance_oneshot.known);
	assert_int_equal(n_gaps(&run, "irq.is_irqbalance_running", NULL), 1);
	assert_int_equal(n_gaps(&run, "irq.irqbalance_banned", NULL), 1);
	/* settings that are not understood ban nobody knows whom */
	tree_file(tree, "etc/default/irqbalance", "IRQBALANCE_BANNED_CPULIST=some\n");
	assert_int_equal(irq_read_irqbalance(&run.env, &run.facts), 0);
	assert_false(run.facts.irqbalance_banned.known);
	assert_true(run.facts.has_irqbalance_oneshot.known);
	assert_int_equal(n_gaps(&run, "irq.irqbalance_banned", NULL), 2);
}

#define ON_TREE(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(test_lines),
		ON_TREE(test_no_lines),
		ON_TREE(test_many_lines),
		ON_TREE(test_affinity),
		ON_TREE(test_devices),
		ON_TREE(test_irqbalance_runs),
		ON_TREE(test_irqbalance_settings_only),
		ON_TREE(test_irqbalance_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
