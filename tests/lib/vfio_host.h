/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vfio_host.h - a host with a graphics card for a guest, made by hand, for tests of rules. */
#ifndef TESTS_LIB_VFIO_HOST_H
#define TESTS_LIB_VFIO_HOST_H

#include "tests/lib/host.h"

enum { CARD, SOUND, OTHER, PORT, N_FUNCTIONS };

struct vfio_host {
	struct host h;
	struct pci_function f[N_FUNCTIONS];
	struct domain_hostdev devs[2];
	const char *addresses[2];
	struct setup_modprobe lines[3];
	struct setup_script script;
	struct setting_fact param;
	struct log_event event;
};

static inline void set_bool(struct fact_bool *f, bool v)
{
	*f = (struct fact_bool){ true, v };
}

static inline void set_u64(struct fact_u64 *f, uint64_t v)
{
	*f = (struct fact_u64){ true, v };
}

static inline void set_driver(struct pci_function *f, const char *driver)
{
	set_bool(&f->is_bound, driver != NULL);
	f->driver.known = driver != NULL;
	f->driver.v = driver;
}

static inline void set_function(struct pci_function *f, const char *address, uint64_t class_code,
				uint64_t device, uint64_t group)
{
	set_str(&f->address, address);
	set_u64(&f->class_code, class_code);
	set_u64(&f->vendor_id, 0x10de);
	set_u64(&f->device_id, device);
	set_u64(&f->iommu_group, group);
}

/* NVIDIA card 01:00.0 with sound 01:00.1 bound to vfio-pci; 02:00.0 is the host's own. */
static inline void vfio_host_init(struct vfio_host *v)
{
	memset(v, 0, sizeof(*v));
	host_blank(&v->h);
	set_function(&v->f[CARD], "0000:01:00.0", 0x030000, 0x1b81, 1);
	set_function(&v->f[SOUND], "0000:01:00.1", 0x040300, 0x10f0, 1);
	set_function(&v->f[OTHER], "0000:02:00.0", 0x030000, 0x1244, 2);
	set_function(&v->f[PORT], "0000:00:01.0", 0x060400, 0x1901, 1);
	set_str(&v->f[CARD].parent, "0000:00:01.0");
	set_str(&v->f[SOUND].parent, "0000:00:01.0");
	set_driver(&v->f[CARD], "vfio-pci");
	set_driver(&v->f[SOUND], "vfio-pci");
	set_driver(&v->f[OTHER], "nouveau");
	set_driver(&v->f[PORT], "pcieport");
	v->h.pci.functions = (struct fact_list){ true, N_FUNCTIONS, v->f };
	for (size_t i = 0; i < 2; i++) {
		v->addresses[i] = v->f[i].address.v;
		set_str(&v->devs[i].type, "pci");
		set_str(&v->devs[i].address, v->addresses[i]);
		set_bool(&v->devs[i].is_managed, true);
	}
}

/* The configuration of a guest that gets both functions. */
static inline void vfio_host_set_guest(struct vfio_host *v)
{
	set_str(&v->h.domain.source, "libvirt");
	v->h.domain.host_devices = (struct fact_strs){ true, 2, v->addresses };
	v->h.domain.hostdevs = (struct fact_list){ true, 2, v->devs };
}

static inline void vfio_host_set_param(struct vfio_host *v, const char *name, const char *value)
{
	set_str(&v->param.name, name);
	set_str(&v->param.value, value);
	v->h.kernel.params = (struct fact_list){ true, 1, &v->param };
}

/* A whole log with one line; kind NULL: without. */
static inline void vfio_host_set_log(struct vfio_host *v, const char *kind, const char *device,
				     const char *value)
{
	memset(&v->event, 0, sizeof(v->event));
	set_bool(&v->h.log.is_complete, true);
	v->h.log.events = (struct fact_list){ true, kind ? 1 : 0, &v->event };
	if (kind)
		set_str(&v->event.kind, kind);
	if (device)
		set_str(&v->event.device, device);
	if (value)
		set_str(&v->event.value, value);
	set_str(&v->event.text, "vfio-pci said so");
}

/* modprobe.d: "options vfio-pci ids=" and "install vfio-pci"; NULL: without. */
static inline void vfio_host_set_modprobe(struct vfio_host *v, const char *options,
					  const char *script)
{
	size_t n = 0;

	if (options)
		v->lines[n++] = (struct setup_modprobe){ { true, "/etc/modprobe.d/vfio.conf" },
							 { true, "options" },
							 { true, "vfio_pci" },
							 { true, options } };
	if (script)
		v->lines[n++] = (struct setup_modprobe){ { true, "/etc/modprobe.d/vfio.conf" },
							 { true, "install" },
							 { true, "vfio_pci" },
							 { true, script } };
	v->h.setup.modprobe = (struct fact_list){ true, n, v->lines };
	if (script) {
		set_str(&v->script.path, script);
		set_bool(&v->script.is_present, true);
		set_bool(&v->script.is_executable, true);
	}
	v->h.setup.scripts = (struct fact_list){ true, script ? 1 : 0, &v->script };
}

static inline void vfio_host_release(struct vfio_host *v)
{
	arena_release(&v->h.arena);
}

/* Pieces of what is to be done; NULL is not looked at, "" must not be there. */
static inline void check_fix(const struct finding *f, const char *now, const char *persist)
{
	const char *const is[] = { f->fix.now, f->fix.persist }, *const want[] = { now, persist };

	for (size_t i = 0; i < ARRAY_SIZE(is); i++) {
		if (want[i] && !*want[i] ? is[i] != NULL
					 : want[i] && (!is[i] || !strstr(is[i], want[i])))
			fail_msg("%s: %s '%s', expected '%s'", f->tweak->id, i ? "persist" : "now",
				 is[i], want[i]);
	}
}

#endif
