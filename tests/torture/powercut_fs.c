/* SPDX-License-Identifier: Apache-2.0 */
#define FUSE_USE_VERSION 31

#include "tests/torture/powercut_fs.h"

#include <errno.h>
#include <fuse.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "tests/torture/powercut_names.h"

/*
 * The file system is a process of its own with one thread.  What the harness
 * tells it goes through memory that both share; giving power again is a
 * folder that is made, ".power-SEED", so that it comes in turn with the rest.
 */
struct shared {
	volatile uint32_t armed; /* changes until the cut; 0: none */
	volatile bool cut;
	volatile uint64_t changes;
};

struct powercut {
	char *folder;
	pid_t pid;
	struct shared *shared;
};

static struct shared *shared;
static struct names names;

static const char *
base_of(const char *path)
{
	return path + 1; /* one folder */
}

static struct node *
node_of(const char *path, const struct fuse_file_info *info)
{
	if (info && info->fh)
		return (struct node *)(uintptr_t)info->fh;
	return path ? names_find(&names, base_of(path)) : NULL;
}

/* Each change may be the one at which the power goes; then it is not done. */
static int
change(void)
{
	if (shared->cut)
		return -EIO;
	shared->changes++;
	if (shared->armed > 0 && --shared->armed == 0) {
		shared->cut = true;
		return -EIO;
	}
	return 0;
}

static void *
fs_init(struct fuse_conn_info *connection, struct fuse_config *config)
{
	(void)connection;
	config->attr_timeout = 0;
	config->entry_timeout = 0;
	config->negative_timeout = 0;
	config->hard_remove = 1;
	config->nullpath_ok = 1;
	return NULL;
}

static int
fs_getattr(const char *path, struct stat *info, struct fuse_file_info *open)
{
	const struct node *node = node_of(path, open);

	memset(info, 0, sizeof(*info));
	if (path && strcmp(path, "/") == 0) {
		info->st_mode = S_IFDIR | 0700;
		info->st_nlink = 2;
		return 0;
	}
	if (path && base_of(path)[0] == '.')
		return -ENOENT; /* an order, which may come in a cut */
	if (shared->cut)
		return -EIO;
	if (!node)
		return -ENOENT;
	info->st_mode = S_IFREG | 0600;
	info->st_nlink = 1;
	info->st_ino = (ino_t)(uintptr_t)node;
	info->st_size = (off_t)node->file.size;
	info->st_uid = getuid();
	return 0;
}

static int
fs_readdir(const char *path, void *list, fuse_fill_dir_t fill, off_t offset,
    struct fuse_file_info *info, enum fuse_readdir_flags flags)
{
	(void)path;
	(void)offset;
	(void)info;
	(void)flags;
	if (shared->cut)
		return -EIO;
	for (size_t i = 0; i < NAMES_MAX; i++)
		if (*names.seen[i].text)
			fill(list, names.seen[i].text, NULL, 0, 0);
	return 0;
}

static int
opened(struct node *node, struct fuse_file_info *info)
{
	node->opens++;
	info->fh = (uint64_t)(uintptr_t)node;
	info->direct_io = 1; /* nothing stays with the kernel over a cut */
	return 0;
}

static int
fs_open(const char *path, struct fuse_file_info *info)
{
	struct node *node = names_find(&names, base_of(path));

	if (shared->cut)
		return -EIO;
	return node ? opened(node, info) : -ENOENT;
}

static int
fs_create(const char *path, mode_t mode, struct fuse_file_info *info)
{
	struct node *node;
	const int result = change();

	(void)mode;
	if (result != 0)
		return result;
	node = names_make(&names, base_of(path));
	return node ? opened(node, info) : -ENOSPC;
}

static int
fs_read(const char *path, char *to, size_t amount, off_t offset,
    struct fuse_file_info *info)
{
	const struct node *node = node_of(path, info);
	size_t have;

	if (shared->cut || node->gone)
		return -EIO;
	if ((size_t)offset >= node->file.size)
		return 0;
	have = node->file.size - (size_t)offset;
	if (have > amount)
		have = amount;
	memcpy(to, node->file.data + offset, have);
	return (int)have;
}

static int
fs_write(const char *path, const char *from, size_t amount, off_t offset,
    struct fuse_file_info *info)
{
	struct node *node = node_of(path, info);
	const struct memdisk_op op = { .offset = (size_t)offset,
		.len = amount };
	const int result = node->gone ? -EIO : change();

	if (result != 0)
		return result;
	memfile_add(&node->file, op, from);
	return (int)amount;
}

static int
fs_truncate(const char *path, off_t size, struct fuse_file_info *info)
{
	struct node *node = node_of(path, info);
	const struct memdisk_op op = { .truncate = true, .len = (size_t)size };
	int result;

	if (!node)
		return -ENOENT;
	result = node->gone ? -EIO : change();
	if (result != 0)
		return result;
	memfile_add(&node->file, op, NULL);
	return 0;
}

static int
fs_fsync(const char *path, int data_only, struct fuse_file_info *info)
{
	struct node *node = node_of(path, info);
	const int result = node->gone ? -EIO : change();

	(void)data_only;
	if (result == 0)
		memfile_sync(&node->file);
	return result;
}

static int
fs_fsyncdir(const char *path, int data_only, struct fuse_file_info *info)
{
	const int result = change();

	(void)path;
	(void)data_only;
	(void)info;
	if (result == 0)
		names_sync(&names);
	return result;
}

static int
fs_unlink(const char *path)
{
	int result;

	if (!names_find(&names, base_of(path)))
		return -ENOENT;
	result = change();
	if (result == 0)
		names_remove(&names, base_of(path));
	return result;
}

static int
fs_rename(const char *from, const char *to, unsigned flags)
{
	int result;

	if (flags & ~1U) /* RENAME_NOREPLACE */
		return -EINVAL;
	if (!names_find(&names, base_of(from)))
		return -ENOENT;
	if ((flags & 1U) && names_find(&names, base_of(to)))
		return -EEXIST;
	result = change();
	if (result == 0)
		names_rename(&names, base_of(from), base_of(to));
	return result;
}

static int
fs_release(const char *path, struct fuse_file_info *info)
{
	(void)path;
	node_close(&names, (struct node *)(uintptr_t)info->fh);
	return 0;
}

static int
fs_chmod(const char *path, mode_t mode, struct fuse_file_info *info)
{
	(void)path;
	(void)mode;
	(void)info;
	return 0;
}

/* ".power-SEED": the power is back; ".empty-SEED": on a new disk. */
static int
fs_mkdir(const char *path, mode_t mode)
{
	const char *dash = strchr(path, '-');
	uint64_t seed;

	(void)mode;
	if (!dash || base_of(path)[0] != '.')
		return -EPERM;
	seed = strtoull(dash + 1, NULL, 10) | 1;
	names_cut(&names, &seed, base_of(path)[1] == 'e');
	shared->armed = 0;
	shared->cut = false;
	return -EEXIST; /* it is no folder */
}

static const struct fuse_operations operations = {
	.init = fs_init,
	.getattr = fs_getattr,
	.readdir = fs_readdir,
	.open = fs_open,
	.create = fs_create,
	.read = fs_read,
	.write = fs_write,
	.truncate = fs_truncate,
	.fsync = fs_fsync,
	.fsyncdir = fs_fsyncdir,
	.unlink = fs_unlink,
	.rename = fs_rename,
	.release = fs_release,
	.chmod = fs_chmod,
	.mkdir = fs_mkdir,
};

/* The process that is the file system; tells through `to` that it stands. */
static void
serve(const char *folder, int to)
{
	char program[] = "powercut";
	char *argv[] = { program, NULL };
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);
	struct fuse *fuse =
	    fuse_new(&args, &operations, sizeof(operations), NULL);

	if (!fuse || fuse_mount(fuse, folder) != 0)
		_exit(1);
	if (write(to, "m", 1) != 1)
		_exit(1);
	close(to);
	signal(SIGINT, SIG_IGN);
	fuse_set_signal_handlers(fuse_get_session(fuse));
	fuse_loop(fuse);
	fuse_unmount(fuse);
	_exit(0);
}

struct powercut *
powercut_mount(const char *folder)
{
	struct powercut *fs;
	int ends[2];
	char byte = 0;
	pid_t pid;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || pipe(ends) != 0)
		return NULL;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		serve(folder, ends[1]);
	}
	close(ends[1]);
	if (pid < 0 || read(ends[0], &byte, 1) != 1) {
		close(ends[0]);
		return NULL;
	}
	close(ends[0]);
	fs = xcalloc(1, sizeof(*fs));
	fs->folder = xstrdup(folder);
	fs->pid = pid;
	fs->shared = shared;
	return fs;
}

void
powercut_unmount(struct powercut *fs)
{
	if (!fs)
		return;
	kill(fs->pid, SIGTERM);
	waitpid(fs->pid, NULL, 0);
	free(fs->folder);
	free(fs);
}

void
powercut_arm(struct powercut *fs, uint32_t after)
{
	fs->shared->armed = after;
}

static void
order(struct powercut *fs, const char *what, uint64_t seed)
{
	char *path = xasprintf(
	    "%s/.%s-%llu", fs->folder, what, (unsigned long long)seed);

	mkdir(path, 0700);
	free(path);
}

void
powercut_restore(struct powercut *fs, uint64_t seed)
{
	fs->shared->cut = true;
	order(fs, "power", seed);
}

void
powercut_empty(struct powercut *fs)
{
	order(fs, "empty", 1);
}

uint64_t
powercut_changes(struct powercut *fs)
{
	return fs->shared->changes;
}
