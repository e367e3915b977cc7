/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_vcpus.c - vCPU threads from KVM's debugfs, /sys/kernel/debug/kvm/PID-FD/vcpuN/pid (since
 * 5.19; virt/kvm/kvm_main.c).
 */
#include "probes/guest_parts.h"

#define KVM_DIR "/sys/kernel/debug/kvm"

static bool is_vm_of(const char *name, uint32_t pid)
{
	struct text t = text_of(name);
	uint64_t v;

	return text_take_u64(&t, &v) == 0 && v == pid && text_starts(t, "-");
}

/* Entries come sorted by number, so vcpu2 is before vcpu10. */
static int add_vcpus(const struct sysroot *root, const char *vm, uint32_t **tids, size_t *n_tids)
{
	char **names;
	uint32_t *more;
	size_t n;
	int r = sysroot_list(root, &names, &n, KVM_DIR "/%s", vm);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	more = realloc(*tids, (*n_tids + n + 1) * sizeof(*more));
	if (more)
		*tids = more;
	for (size_t i = 0; i < n && more; i++) {
		uint64_t tid;

		if (!text_starts(text_of(names[i]), "vcpu") ||
		    sysroot_read_u64(root, &tid, KVM_DIR "/%s/%s/pid", vm, names[i]) < 0 ||
		    tid == 0 || tid > INT32_MAX)
			continue;
		more[(*n_tids)++] = (uint32_t)tid;
	}
	names_free(names, n);
	return more ? 0 : -ENOMEM;
}

int guest_vcpu_tids(const struct sysroot *root, uint32_t pid, uint32_t **ret_tids, size_t *ret_n)
{
	auto_free uint32_t *tids = NULL;
	size_t n_tids = 0, n;
	char **names;
	int r = sysroot_list(root, &names, &n, KVM_DIR);

	*ret_tids = NULL;
	*ret_n = 0;
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; i < n && r == 0; i++) {
		if (is_vm_of(names[i], pid))
			r = add_vcpus(root, names[i], &tids, &n_tids);
	}
	names_free(names, n);
	if (r < 0)
		return r;
	*ret_tids = tids;
	*ret_n = n_tids;
	tids = NULL;
	return 0;
}
