/* SPDX-License-Identifier: Apache-2.0 */
/* Swap and hibernation, on computers made of folders. */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/host.h"
#include "base/mem.h"

#define SWAPS "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
#define SDA "/sys/class/block/sda2/size", "1"
#define CRYPT_0 "/sys/class/block/dm-0/dm/uuid", "CRYPT-LUKS2-0123-swap\n"
#define LVM_1 "/sys/class/block/dm-1/dm/uuid", "LVM-0123\n"

enum { FILES_MAX = 8 };

/* A name and its text, one after the other. */
struct computer {
	const char *what;
	const char *files[2 * FILES_MAX + 1];
	const char *swap; /* that is in clear; NULL: none */
	bool hibernates;
};

static const struct computer computers[] = {
	{ "no swap", { "/proc/swaps", SWAPS }, NULL, false },
	{ "nothing that can be read", { NULL }, NULL, false },
	{ "a partition",
	    { "/proc/swaps", SWAPS "/dev/sda2 partition 9 0 -2\n", SDA },
	    "/dev/sda2", false },
	{ "dm-crypt",
	    { "/proc/swaps", SWAPS "/dev/dm-0 partition 9 0 -2\n", CRYPT_0 },
	    NULL, false },
	{ "a volume on dm-crypt",
	    { "/proc/swaps", SWAPS "/dev/dm-1 partition 9 0 -2\n", LVM_1,
		"/sys/class/block/dm-1/slaves/dm-0/x", "", CRYPT_0 },
	    NULL, false },
	{ "a volume on a disk",
	    { "/proc/swaps", SWAPS "/dev/dm-1 partition 9 0 -2\n", LVM_1,
		"/sys/class/block/dm-1/slaves/sda2/x", "", SDA },
	    "/dev/dm-1", false },
	{ "a volume on both",
	    { "/proc/swaps", SWAPS "/dev/dm-1 partition 9 0 -2\n", LVM_1,
		"/sys/class/block/dm-1/slaves/sda2/x", "", SDA,
		"/sys/class/block/dm-1/slaves/dm-0/x", "", CRYPT_0 },
	    "/dev/dm-1", false },
	{ "a volume on itself",
	    { "/proc/swaps", SWAPS "/dev/dm-1 partition 9 0 -2\n", LVM_1,
		"/sys/class/block/dm-1/slaves/dm-1/x", "" },
	    "/dev/dm-1", false },
	{ "zram",
	    { "/proc/swaps", SWAPS "/dev/zram0 partition 9 0 100\n",
		"/sys/class/block/zram0/backing_dev", "none\n" },
	    NULL, false },
	{ "zram with a disk behind it",
	    { "/proc/swaps", SWAPS "/dev/zram0 partition 9 0 100\n",
		"/sys/class/block/zram0/backing_dev", "/dev/sda2\n", SDA },
	    "/dev/zram0", false },
	{ "the second is in clear",
	    { "/proc/swaps",
		SWAPS "/dev/dm-0 partition 9 0 -2\n/dev/sda2 partition 9 0 "
		      "-3\n",
		CRYPT_0, SDA },
	    "/dev/sda2", false },
	{ "a file on a disk",
	    { "/proc/swaps", SWAPS "/swap\\040file file 9 0 -2\n",
		"/proc/self/mountinfo", "22 1 8:2 / / rw - ext4 /dev/sda2 rw\n",
		"/sys/dev/block/8:2/size", "1" },
	    "/swap file", false },
	{ "a file on dm-crypt",
	    { "/proc/swaps", SWAPS "/var/my\\040swap/f file 9 0 -2\n",
		"/proc/self/mountinfo",
		"22 1 8:2 / / rw - ext4 /dev/sda2 rw\n"
		"23 22 254:0 / /var/my\\040swap rw shared:1 - ext4 "
		"/dev/mapper/v rw\n"
		"24 22 8:3 / /var/my rw - ext4 /dev/sda3 rw\n",
		"/sys/dev/block/254:0/dm/uuid", "CRYPT-LUKS2-1\n" },
	    NULL, false },
	{ "a file on btrfs on dm-crypt",
	    { "/proc/swaps", SWAPS "/swap/f file 9 0 -2\n",
		"/proc/self/mountinfo",
		"22 1 0:25 /@ / rw - btrfs /dev/mapper/luks-1 rw\n", CRYPT_0,
		"/sys/class/block/dm-0/dm/name", "luks-1\n" },
	    NULL, false },
	{ "a file on btrfs on a disk",
	    { "/proc/swaps", SWAPS "/swap/f file 9 0 -2\n",
		"/proc/self/mountinfo",
		"22 1 0:25 /@ / rw - btrfs /dev/sda2 rw\n", SDA },
	    "/swap/f", false },
	{ "hibernation to a disk",
	    { "/sys/power/state", "freeze mem disk\n", "/sys/power/resume",
		"8:2\n", "/sys/power/disk", "[platform] shutdown\n",
		"/sys/dev/block/8:2/size", "1" },
	    NULL, true },
	{ "hibernation to dm-crypt",
	    { "/sys/power/state", "freeze mem disk\n", "/sys/power/resume",
		"254:0\n", "/sys/dev/block/254:0/dm/uuid", "CRYPT-PLAIN-s\n" },
	    NULL, false },
	{ "hibernation to nowhere",
	    { "/sys/power/state", "freeze mem disk\n", "/sys/power/resume",
		"0:0\n", "/proc/cmdline", "quiet ro\n" },
	    NULL, false },
	{ "hibernation by the command line",
	    { "/sys/power/state", "freeze mem disk\n", "/sys/power/resume",
		"0:0\n", "/proc/cmdline", "quiet resume=UUID=12 ro\n" },
	    NULL, true },
	{ "hibernation by the command line to dm-crypt",
	    { "/sys/power/state", "freeze mem disk\n", "/proc/cmdline",
		"quiet resume=/dev/mapper/luks-1\n", CRYPT_0,
		"/sys/class/block/dm-0/dm/name", "luks-1\n" },
	    NULL, false },
	{ "hibernation that is switched off",
	    { "/sys/power/state", "freeze mem disk\n", "/sys/power/disk",
		"[disabled]\n", "/sys/power/resume", "8:2\n" },
	    NULL, false },
	{ "no hibernation",
	    { "/sys/power/state", "freeze mem\n", "/sys/power/resume",
		"8:2\n" },
	    NULL, false },
};

static char *
make_computer(const struct computer *computer)
{
	char *root = test_folder();
	struct err err = { 0 };

	for (const char *const *file = computer->files; *file; file += 2) {
		char *path = xasprintf("%s%s", root, file[0]);
		char *folder =
		    xstrndup(path, (size_t)(file_name(path) - path - 1));

		if (!file_exists(folder))
			file_make_folders(folder, &err);
		file_write(path, file[1], strlen(file[1]), 0600, &err);
		assert_no_err(&err);
		free(folder);
		free(path);
	}
	return root;
}

static void
what_comes_to_a_disk_in_clear_is_seen(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(computers); i++) {
		const struct computer *computer = &computers[i];
		char *root = make_computer(computer);
		struct host host;

		host_look(root, &host);
		if (host.swaps_in_clear != (computer->swap != NULL) ||
		    host.hibernates_in_clear != computer->hibernates)
			fail_msg("%s: swap %d, hibernation %d", computer->what,
			    host.swaps_in_clear, host.hibernates_in_clear);
		assert_string_equal(
		    host.swap, computer->swap ? computer->swap : "");
		free(root);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_comes_to_a_disk_in_clear_is_seen),
	};

	return RUN_TESTS(tests);
}
