/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three walls, each of which would do alone against most: limits on memory,
 * time and files; landlock, under which no path can be opened (kernels before
 * 5.13 lack it, then the others hold); and seccomp, which ends the process at
 * any call that reading spreadsheets does not need.
 */
#include "checklists/sandbox.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/landlock.h>
#include <seccomp.h>

#include "base/i18n.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif
#ifndef HAS_SANITIZER
#define HAS_SANITIZER 0
#endif

/* What landlock is at most asked to take away: files, network, signals. */
struct rules {
	uint64_t files, network, scopes;
};

static int
set_limits(struct err *err)
{
	static const struct {
		int what;
		rlim_t most;
	} limits[] = {
		{ RLIMIT_CPU, SANDBOX_CPU_SECONDS },
		{ RLIMIT_FSIZE, 0 },
		{ RLIMIT_NOFILE, 3 },
		{ RLIMIT_CORE, 0 },
		/* AddressSanitizer takes terabytes of addresses. */
		{ RLIMIT_AS,
		    HAS_SANITIZER ? RLIM_INFINITY : SANDBOX_MEMORY_BYTES },
	};

	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		struct rlimit limit;

		if (getrlimit((__rlimit_resource_t)limits[i].what, &limit) < 0)
			return err_errno(err, _("cannot limit the helper"));
		if (limit.rlim_max < limits[i].most)
			continue;
		limit.rlim_cur = limit.rlim_max = limits[i].most;
		if (setrlimit((__rlimit_resource_t)limits[i].what, &limit) < 0)
			return err_errno(err, _("cannot limit the helper"));
	}
	return 0;
}

static int
enter_landlock(struct err *err)
{
	/* By version of the interface: how many file rights it knows. */
	static const int rights[] = { 0, 13, 14, 15, 15, 16 };
	struct rules rules = { 0 };
	const long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	size_t size = sizeof(rules.files);
	int set;

	if (version < 1)
		return 0; /* an old kernel, or switched off */
	rules.files = (1ULL << rights[version < 5 ? version : 5]) - 1;
	if (version >= 4) {
		rules.network = 3; /* bind, connect */
		size += sizeof(rules.network);
	}
	if (version >= 6) {
		rules.scopes = 3; /* abstract sockets, signals */
		size += sizeof(rules.scopes);
	}
	set = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
	if (set < 0 || syscall(SYS_landlock_restrict_self, set, 0) < 0) {
		err_errno(err, _("cannot confine the helper"));
		if (set >= 0)
			close(set);
		return -1;
	}
	return close(set);
}

/* Calls without which no memory, text or result could be had. */
static const int allowed[] = { SCMP_SYS(read), SCMP_SYS(write),
	SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(brk), SCMP_SYS(madvise),
	SCMP_SYS(futex), SCMP_SYS(exit), SCMP_SYS(exit_group),
	SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(close),
	SCMP_SYS(fstat), SCMP_SYS(lseek), SCMP_SYS(getrandom),
	SCMP_SYS(restart_syscall) };

/* What the sanitizers do besides, in builds for tests. */
static const int allowed_sanitized[] = { SCMP_SYS(mmap), SCMP_SYS(mprotect),
	SCMP_SYS(sigaltstack), SCMP_SYS(getpid), SCMP_SYS(gettid),
	SCMP_SYS(sched_yield), SCMP_SYS(prctl), SCMP_SYS(getrlimit),
	SCMP_SYS(prlimit64), SCMP_SYS(tgkill) };

/*
 * What libraries try politely and can do without (time zones, modules for
 * encodings): refused, without ending the process.
 */
static const int refused[] = { SCMP_SYS(open), SCMP_SYS(openat),
	SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(stat), SCMP_SYS(lstat),
	SCMP_SYS(newfstatat), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
	SCMP_SYS(sysinfo), SCMP_SYS(sched_getaffinity) };

static int
add_memory_rules(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp no_code =
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	int status;

	status = seccomp_rule_add_array(
	    filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, &no_code);
	if (status == 0)
		status = seccomp_rule_add_array(
		    filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, &no_code);
	return status;
}

static int
add_rules(scmp_filter_ctx filter)
{
	int status = 0;

	for (size_t i = 0; status == 0 && i < ARRAY_LEN(allowed); i++)
		status =
		    seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; status == 0 && i < ARRAY_LEN(refused); i++)
		status = seccomp_rule_add(
		    filter, SCMP_ACT_ERRNO(EACCES), refused[i], 0);
	for (size_t i = 0;
	     HAS_SANITIZER && status == 0 && i < ARRAY_LEN(allowed_sanitized);
	     i++)
		status = seccomp_rule_add(
		    filter, SCMP_ACT_ALLOW, allowed_sanitized[i], 0);
	if (!HAS_SANITIZER && status == 0)
		status = add_memory_rules(filter);
	return status;
}

static int
enter_seccomp(struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int status = filter ? add_rules(filter) : -ENOMEM;

	if (status == 0)
		status = seccomp_load(filter);
	if (filter)
		seccomp_release(filter);
	if (status == 0)
		return 0;
	errno = -status;
	return err_errno(err, _("cannot confine the helper"));
}

int
sandbox_enter(struct err *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return err_errno(err, _("cannot confine the helper"));
	if (enter_landlock(err) < 0 || set_limits(err) < 0)
		return -1;
	return enter_seccomp(err);
}
