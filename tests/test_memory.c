/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the memory of the real program holds, read from outside: of the
 * passphrase nothing once the vault is open, of all else nothing once it is
 * locked.  What the kernel keeps of the terminal's line is out of reach.
 */
#include "tests/terminal_support.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/setup.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "storage/identity.h"
#include "storage/vault_internal.h"
#include "storage/vfs_internal.h"

/* No other text has them; no two neighbours are alike. */
#define PHRASE "Zq7-Xylofon-Vbk"
#define SITE "Poste Zyxel Quor"
#define ANSWER "gardien-absent-QX7"
#define NOTE "registre-perdu-WK9"
#define LOCK "\x18" /* ^X */

enum {
	TARGETS_MAX = 16,
	STRIDE_MAX = 64,    /* characters in the cells of a screen */
	PART_MAX = 64 << 20 /* no mapping of ours is larger */
};

struct target {
	const char *name;
	const void *bytes;
	size_t len;
	bool is_text; /* looked for with gaps, too */
	int count;    /* how often it was found */
	uint64_t at;  /* where, the last time */
};

static struct target targets[TARGETS_MAX];
static size_t target_count;

enum { PASSPHRASE_AT, ANSWER_AT, NOTE_AT, SITE_AT, KEYS_AT, IDENTITY_AT = 8 };

static void
add_target(const char *name, const void *bytes, size_t len, bool is_text)
{
	void *copy = malloc(len);

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	targets[target_count++] = (struct target){
		.name = name, .bytes = copy, .len = len, .is_text = is_text
	};
}

static void
add_text(const char *name, const char *text)
{
	add_target(name, text, strlen(text), true);
}

static void
add_secret(const char *name, const struct secret *secret)
{
	add_target(
	    name, secret->data, secret->len < 32 ? secret->len : 32, false);
}

/* The keys of the vault, which the test itself can open. */
static void
add_keys(void)
{
	char text[] = PHRASE;
	struct secret *passphrase = secret_take(text, strlen(text), false);
	char *path =
	    xasprintf("%s/.local/share/ronde/vault.ronde-vault", home_folder);
	struct err err = { 0 };
	struct vault *vault =
	    vault_open(path, passphrase, setup_vault_options(), &err);
	const struct identity *self;

	assert_no_err(&err);
	self = identity_get(vault);
	add_secret("the data key", vault->key);
	add_secret("the key of the pages", vault->vfs->page_key);
	add_secret("the key of the header", vault->vfs->header_key);
	add_secret("the key of the masks", vault->vfs->mask_key);
	assert_int_equal(target_count, IDENTITY_AT);
	add_secret("the key of statements", self->sign_key);
	add_secret("the key of bundles", self->minisign_key.key);
	add_secret("the age identity", self->age_identity);
	vault_close(vault);
	secret_free(passphrase);
	free(path);
}

/* ---- reading ---- */

/* Is the text at `at`, its characters `stride` bytes apart? */
static bool
is_at(const struct target *target, const unsigned char *at,
    const unsigned char *end, size_t stride)
{
	const unsigned char *text = target->bytes;

	for (size_t i = 0; i < target->len; i++)
		if (at + i * stride >= end || at[i * stride] != text[i])
			return false;
	return true;
}

static void
look_in(struct target *target, const unsigned char *part, size_t len,
    uint64_t address)
{
	const unsigned char *end = part + len, *at = part;
	const size_t widest = target->is_text ? STRIDE_MAX : 1;

	while ((at = memchr(at, *(const unsigned char *)target->bytes,
		    (size_t)(end - at)))) {
		for (size_t stride = 1; stride <= widest;
		     stride += stride < 4 ? 1 : 4)
			if (is_at(target, at, end, stride)) {
				target->count++;
				target->at = address + (uint64_t)(at - part);
			}
		at++;
	}
}

/* What a target leaves out, guard pages, cannot be read by anybody. */
static size_t
read_part(int mem, uint64_t from, unsigned char *part, size_t len)
{
	size_t got = 0;

	while (got < len) {
		const ssize_t more =
		    pread(mem, part + got, len - got, (off_t)(from + got));

		if (more <= 0)
			break;
		got += (size_t)more;
	}
	return got;
}

static FILE *
open_maps(struct vt *vt, const char *name)
{
	char path[64];
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)vt_pid(vt), name);
	maps = fopen(path, "re");
	assert_non_null(maps);
	return maps;
}

/* Looks for all targets in all of the process; bytes read. */
static size_t
look(struct vt *vt)
{
	char path[64], line[LINE_ROOM];
	FILE *maps = open_maps(vt, "maps");
	unsigned char *part = malloc(PART_MAX);
	size_t all = 0;
	int mem;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)vt_pid(vt));
	mem = open(path, O_RDONLY | O_CLOEXEC);
	if (mem < 0) {
		print_message("skipped: needs the right to read /proc/PID/mem "
			      "(root)\n");
		skip();
	}
	assert_non_null(part);
	for (size_t i = 0; i < target_count; i++)
		targets[i].count = 0;
	while (fgets(line, sizeof(line), maps)) {
		uint64_t from = 0, to = 0;
		size_t len;

		assert_int_equal(
		    sscanf(line, "%" SCNx64 "-%" SCNx64, &from, &to), 2);
		if (strstr(line, "[vsyscall]") || strstr(line, "[vvar"))
			continue;
		assert_true(to - from <= PART_MAX);
		len = read_part(mem, from, part, (size_t)(to - from));
		for (size_t i = 0; i < target_count; i++)
			look_in(&targets[i], part, len, from);
		all += len;
	}
	close(mem);
	fclose(maps);
	free(part);
	assert_true(all > 100000);
	return all;
}

static void
assert_gone(size_t from)
{
	for (size_t i = from; i < target_count; i++)
		if (targets[i].count > 0)
			fail_msg("%s is in memory at %" PRIx64, targets[i].name,
			    targets[i].at);
}

static void
assert_there(size_t index)
{
	if (targets[index].count == 0)
		fail_msg("%s should be in memory and is not found",
		    targets[index].name);
}

/* The kernel keeps the page out of swap ("lo") and of cores ("dd"). */
static void
assert_guarded(struct vt *vt, uint64_t address)
{
	FILE *maps = open_maps(vt, "smaps");
	char line[LINE_ROOM];
	bool inside = false, seen = false;

	while (fgets(line, sizeof(line), maps)) {
		uint64_t from = 0, to = 0;

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " ", &from, &to) == 2)
			inside = address >= from && address < to;
		if (!inside || strncmp(line, "VmFlags:", 8) != 0)
			continue;
		seen = true;
		if (!strstr(line, " lo") || !strstr(line, " dd"))
			fail_msg("the page of a key is not guarded: %s", line);
	}
	assert_true(seen);
	fclose(maps);
}

static void
assert_no_core(struct vt *vt)
{
	FILE *limits = open_maps(vt, "limits");
	char line[LINE_ROOM];
	bool seen = false;

	while (fgets(line, sizeof(line), limits)) {
		long soft = -1, hard = -1;

		if (strncmp(line, "Max core file size", 18) != 0)
			continue;
		assert_int_equal(sscanf(line + 18, "%ld %ld", &soft, &hard), 2);
		assert_int_equal(soft, 0);
		assert_int_equal(hard, 0);
		seen = true;
	}
	assert_true(seen);
	fclose(limits);
}

/* ---- the tests ---- */

static struct vt *
start_asking(void)
{
	return terminal_start(&(struct terminal){ .asks = true });
}

static void
a_lock_leaves_nothing_in_memory(void **state)
{
	struct vt *vt = start_asking();

	(void)state;
	assert_no_core(vt);
	vt_send(vt, PHRASE);
	look(vt);
	assert_there(PASSPHRASE_AT); /* or its absence would say nothing */
	vt_send(vt, "\r");
	open_remarks(vt);
	vt_send(vt, ANSWER);
	vt_send(vt, "\033[5~\033[5~"); /* Page up: saved */
	vt_send(vt, F2);
	vt_send(vt, NOTE); /* only typed */
	look(vt);
	/* The search works, and keys lie where they should. */
	assert_there(ANSWER_AT);
	assert_there(NOTE_AT);
	assert_there(SITE_AT);
	for (size_t i = KEYS_AT; i < target_count; i++) {
		assert_there(i);
		/* The others stand in a page of the vault as well. */
		if (i < IDENTITY_AT) {
			assert_int_equal(targets[i].count, 1);
			assert_guarded(vt, targets[i].at);
		}
	}
	vt_send(vt, LOCK);
	assert_shown(vt, "The vault is locked");
	look(vt);
	assert_gone(0);
	assert_no_core(vt);
	vt_enter(vt, PHRASE);
	assert_shown(vt, NOTE);
	vt_free(vt);
}

static void
a_stopped_program_has_nothing_in_memory(void **state)
{
	struct vt *vt = start_asking();

	(void)state;
	vt_enter(vt, PHRASE);
	assert_shown(vt, NOTE); /* as it was kept */
	vt_send_only(vt, "\x1a");
	vt_wait_stopped(vt);
	look(vt);
	assert_gone(0);
	assert_no_core(vt);
	vt_free(vt);
}

static void
the_passphrase_is_gone_once_the_vault_is_open(void **state)
{
	/* Typed, shown while it is typed, pasted, after a wrong one. */
	static const char *const ways[] = {
		PHRASE "\r",
		"Zq7" F2 "-Xylofon-Vbk" F2 "\r",
		"Zq7" F2 "-Xylofon-Vbk\r",
		ESC "[200~" PHRASE ESC "[201~\r",
		PHRASE "x\r\r" PHRASE "\r",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		struct vt *vt = start_asking();

		assert_shown(vt, "Passphrase");
		vt_send(vt, ways[i]);
		assert_not_shown(vt, "Passphrase");
		look(vt);
		assert_there(SITE_AT);
		if (targets[PASSPHRASE_AT].count > 0)
			fail_msg("way %zu: the passphrase is in memory at "
				 "%" PRIx64,
			    i, targets[PASSPHRASE_AT].at);
		vt_free(vt);
	}
}

static void
a_passphrase_from_a_file_is_gone_as_well(void **state)
{
	struct vt *vt = start_plain();

	(void)state;
	look(vt);
	assert_there(SITE_AT);
	assert_int_equal(targets[PASSPHRASE_AT].count, 0);
	vt_free(vt);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_lock_leaves_nothing_in_memory),
		TEST(a_stopped_program_has_nothing_in_memory),
		TEST(the_passphrase_is_gone_once_the_vault_is_open),
		TEST(a_passphrase_from_a_file_is_gone_as_well),
	};
	struct err err = { 0 };

#ifdef __SANITIZE_ADDRESS__
	printf("skipped: the memory of a sanitized program is another\n");
	return 77;
#endif
	if (crypto_init(&err) != 0)
		return 1;
	terminal_set_up(PHRASE, SITE);
	add_text("the passphrase", PHRASE);
	add_text("an answer", ANSWER);
	add_text("a note", NOTE);
	add_text("the name of the site", SITE);
	add_keys();
	return RUN_TESTS(tests);
}
