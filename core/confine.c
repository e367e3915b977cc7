/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/confine.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "core/user.h"

/* linux/landlock.h has these two since 5.19 and 6.2. */
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (UINT64_C(1) << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (UINT64_C(1) << 14)
#endif

static int limit(int what, uint64_t most)
{
	struct rlimit l;

	if (getrlimit((unsigned)what, &l) < 0)
		return neg_errno();
	l.rlim_cur = l.rlim_max = u64_min(most, l.rlim_max);
	return setrlimit((unsigned)what, &l) < 0 ? neg_errno() : 0;
}

static int limit_all(const struct confine *c)
{
	const struct {
		int what;
		uint64_t most;
	} limits[] = {
		{ RLIMIT_AS, c->memory_bytes },
		{ RLIMIT_CPU, c->cpu_s },
		{ RLIMIT_FSIZE, 0 }, /* of files; pipes are none */
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_NPROC, c->has_threads ? UINT64_MAX : 0 }, /* it counts threads, too */
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(limits); i++)
		r = limit(limits[i].what, limits[i].most);
	return r;
}

/* Rights that change something, as of the version of landlock(7); older ones refuse unknown bits.
 */
static uint64_t changing_rights(long version)
{
	uint64_t rights = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
			  LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
			  LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
			  LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
			  LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

	if (version >= 2)
		rights |= LANDLOCK_ACCESS_FS_REFER;
	if (version >= 3)
		rights |= LANDLOCK_ACCESS_FS_TRUNCATE;
	return rights;
}

/* Distributions wrap programs in scripts that silence others. */
static void allow_null(int rules)
{
	auto_fd int fd = open("/dev/null", O_PATH | O_CLOEXEC);
	const struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_WRITE_FILE,
		.parent_fd = fd,
	};

	(void)!syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

/* A help where it is there, so nobody is told of failures. After no_new_privs, which it asks for.
 */
static void change_no_files(void)
{
	const long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	const struct landlock_ruleset_attr attr = { .handled_access_fs = changing_rights(version) };
	auto_fd int rules = -1;

	if (version <= 0)
		return;
	rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (rules < 0)
		return;
	allow_null(rules);
	(void)!syscall(SYS_landlock_restrict_self, rules, 0);
}

/* clone(2): where the low half of its flags is, the first argument on all but a few machines. */
#define FLAGS_AT                                             \
	((uint32_t)(offsetof(struct seccomp_data, args[0]) + \
		    (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0)))
#define LOAD(at)     BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (at))
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, (what))
/* Else the next one, which is an answer, is passed over. */
#define WHERE(nr) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (nr), 0, 1)

/*
 * A help, too. clone3(2) hides its flags from a filter: without it the C library asks clone(2).
 */
static void start_threads_only(void)
{
	struct sock_filter filter[] = {
#ifdef __x86_64__
		/* The numbers of others: i386, x32. */
		LOAD(offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
		ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
		LOAD(offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
		ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
#else
		LOAD(offsetof(struct seccomp_data, nr)),
#endif
		WHERE(SYS_clone3),
		ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
#ifdef SYS_fork
		WHERE(SYS_fork),
		ANSWER(SECCOMP_RET_ERRNO | EPERM),
		WHERE(SYS_vfork),
		ANSWER(SECCOMP_RET_ERRNO | EPERM),
#endif
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 1, 0),
		ANSWER(SECCOMP_RET_ALLOW),
		LOAD(FLAGS_AT),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1),
		ANSWER(SECCOMP_RET_ALLOW),
		ANSWER(SECCOMP_RET_ERRNO | EPERM),
	};
	const struct sock_fprog program = { ARRAY_SIZE(filter), filter };

	(void)!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int confine_self(const struct confine *c)
{
	int r;

	/* Root may. A user would need a user namespace, where programs miss their own name. */
	(void)!unshare(CLONE_NEWNET);
	r = user_become_harmless();
	if (r < 0)
		return r;
	change_no_files();
	if (c->has_threads)
		start_threads_only();
	/* Last: address space that is ours counts, too. */
	return limit_all(c);
}
