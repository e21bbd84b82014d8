/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Project Wycheproof.  A case is used unless our functions cannot express it;
 * that is where a nonce, tag, key, signature or output has another size than
 * the function's, and each function below says so itself.
 * "acceptable" cases count as used: they must give the value or be refused.
 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"
#include "crypto/primitive.h"
#include "crypto/secret.h"

struct bytes {
	uint8_t *at;
	size_t len;
};

/* One case: its group and itself; `get()` takes from either. */
struct test_case {
	const json_t *group, *test;
	const char *result;
};

enum outcome { REFUSED, GAVE_IT, GAVE_ANOTHER, NOT_OURS };

static struct bytes
get(const json_t *object, const char *key)
{
	const char *hex = json_opt_text(object, key);
	struct bytes bytes = { NULL, 0 };

	assert_non_null(hex);
	bytes.len = strlen(hex) / 2;
	bytes.at = xcalloc(bytes.len + 1, 1);
	assert_true(hex_read(hex, bytes.at, bytes.len));
	return bytes;
}

static enum outcome
compare(const void *one, const void *other, size_t len)
{
	return memcmp(one, other, len) == 0 ? GAVE_IT : GAVE_ANOTHER;
}

/* Both ways: opening says whether it is right, sealing gives the same. */
static enum outcome
run_xchacha(const struct test_case *c)
{
	struct bytes key = get(c->test, "key"), iv = get(c->test, "iv");
	struct bytes aad = get(c->test, "aad"), msg = get(c->test, "msg");
	struct bytes ct = get(c->test, "ct"), tag = get(c->test, "tag");
	uint8_t *clear = xcalloc(ct.len + 1, 1), sealed_tag[AEAD_TAG_BYTES];
	enum outcome outcome = NOT_OURS;

	if (iv.len != AEAD_NONCE_BYTES || tag.len != AEAD_TAG_BYTES)
		goto out;
	outcome = REFUSED;
	if (aead_open(key.at, iv.at, aad.at, aad.len, ct.at, ct.len, tag.at,
		clear) < 0)
		goto out;
	outcome = compare(clear, msg.at, msg.len);
	aead_seal(
	    key.at, iv.at, aad.at, aad.len, msg.at, msg.len, clear, sealed_tag);
	if (memcmp(clear, ct.at, ct.len) != 0 ||
	    memcmp(sealed_tag, tag.at, tag.len) != 0)
		outcome = GAVE_ANOTHER;
out:
	free(key.at);
	free(iv.at);
	free(aad.at);
	free(msg.at);
	free(ct.at);
	free(tag.at);
	free(clear);
	return outcome;
}

static enum outcome
run_chacha(const struct test_case *c)
{
	struct bytes key = get(c->test, "key"), iv = get(c->test, "iv");
	struct bytes aad = get(c->test, "aad"), msg = get(c->test, "msg");
	struct bytes ct = get(c->test, "ct"), tag = get(c->test, "tag");
	const struct chacha with = { key.at, iv.at, aad.at, aad.len };
	uint8_t *sealed = xcalloc(ct.len + tag.len + 1, 1);
	uint8_t *made = xcalloc(ct.len + CHACHA_TAG_BYTES, 1);
	enum outcome outcome = NOT_OURS;

	if (iv.len != CHACHA_NONCE_BYTES || tag.len != CHACHA_TAG_BYTES)
		goto out;
	memcpy(sealed, ct.at, ct.len);
	memcpy(sealed + ct.len, tag.at, tag.len);
	outcome = REFUSED;
	if (chacha_open(&with, sealed, ct.len + tag.len, made) < 0)
		goto out;
	outcome = compare(made, msg.at, msg.len);
	chacha_seal(&with, msg.at, msg.len, made);
	if (memcmp(made, sealed, ct.len + tag.len) != 0)
		outcome = GAVE_ANOTHER;
out:
	free(key.at);
	free(iv.at);
	free(aad.at);
	free(msg.at);
	free(ct.at);
	free(tag.at);
	free(sealed);
	free(made);
	return outcome;
}

static enum outcome
run_ed25519(const struct test_case *c)
{
	const json_t *key = json_object_get(c->group, "publicKey");
	struct bytes pk = get(key, "pk"), msg = get(c->test, "msg");
	struct bytes sig = get(c->test, "sig");
	enum outcome outcome = REFUSED;

	/* minisign_read() refuses another length before it comes to this. */
	if (pk.len != ED25519_PUBLIC_BYTES || sig.len != ED25519_BYTES)
		outcome = NOT_OURS;
	else if (ed25519_check(pk.at, msg.at, msg.len, sig.at))
		outcome = GAVE_IT;
	free(pk.at);
	free(msg.at);
	free(sig.at);
	return outcome;
}

static enum outcome
run_x25519(const struct test_case *c)
{
	struct bytes point = get(c->test, "public");
	struct bytes scalar = get(c->test, "private");
	struct bytes shared = get(c->test, "shared");
	uint8_t made[X25519_BYTES];
	enum outcome outcome = NOT_OURS;

	if (point.len == X25519_BYTES && scalar.len == X25519_BYTES)
		outcome = x25519(scalar.at, point.at, made) < 0
		    ? REFUSED
		    : compare(made, shared.at, sizeof(made));
	free(point.at);
	free(scalar.at);
	free(shared.at);
	return outcome;
}

static enum outcome
run_hkdf(const struct test_case *c)
{
	struct bytes ikm = get(c->test, "ikm"), salt = get(c->test, "salt");
	struct bytes info = get(c->test, "info"), okm = get(c->test, "okm");
	const size_t size = (size_t)json_opt_int(c->test, "size", 0);
	uint8_t *made = xcalloc(size + 1, 1);
	enum outcome outcome = NOT_OURS;

	/* Longer output is a mistake of the caller, which ends the program. */
	if (size <= 255 * SHA256_BYTES) {
		hkdf_sha256(ikm.at, ikm.len, salt.at, salt.len, info.at,
		    info.len, made, size);
		outcome = compare(made, okm.at, size);
	}
	free(ikm.at);
	free(salt.at);
	free(info.at);
	free(okm.at);
	free(made);
	return outcome;
}

static enum outcome
run_hmac(const struct test_case *c)
{
	struct bytes key = get(c->test, "key"), msg = get(c->test, "msg");
	struct bytes tag = get(c->test, "tag");
	uint8_t made[SHA256_BYTES];
	enum outcome outcome;

	/* A shorter tag is the start of the whole one. */
	hmac_sha256(key.at, key.len, msg.at, msg.len, made);
	outcome = compare(made, tag.at, tag.len) == GAVE_IT ? GAVE_IT : REFUSED;
	free(key.at);
	free(msg.at);
	free(tag.at);
	return outcome;
}

static void
check_case(const char *name, const struct test_case *c, enum outcome outcome)
{
	const bool valid = strcmp(c->result, "valid") == 0;
	const bool good = valid ? outcome == GAVE_IT
	    : strcmp(c->result, "invalid") == 0
	    ? outcome == REFUSED
	    : outcome == GAVE_IT || outcome == REFUSED;

	if (!good)
		fail_msg("%s: case %lld is %s, we gave %d", name,
		    (long long)json_opt_int(c->test, "tcId", 0), c->result,
		    (int)outcome);
}

struct count {
	size_t used, skipped;
};

static void
run_file(const char *path, const char *name,
    enum outcome (*run)(const struct test_case *), struct count *count)
{
	struct buf text = BUF_INIT;
	struct err err = { 0 };
	json_t *root, *group, *test;
	size_t i, k;

	assert_int_equal(file_read(path, &text, &err), 0);
	root = json_parse(text.data, text.len, name, &err);
	assert_no_err(&err);
	json_array_foreach(json_object_get(root, "testGroups"), i, group)
	{
		json_array_foreach(json_object_get(group, "tests"), k, test)
		{
			const struct test_case c = { group, test,
				json_opt_text(test, "result") };
			const enum outcome outcome = run(&c);

			if (outcome == NOT_OURS) {
				count->skipped++;
				continue;
			}
			count->used++;
			check_case(name, &c, outcome);
		}
	}
	json_decref(root);
	buf_release(&text);
}

static void
no_case_gives_a_wrong_result(void **state)
{
	static const struct {
		const char *name;
		enum outcome (*run)(const struct test_case *);
		size_t used, skipped;
	} files[] = {
		{ "xchacha20_poly1305", run_xchacha, 306, 9 },
		{ "chacha20_poly1305", run_chacha, 316, 9 },
		{ "ed25519", run_ed25519, 139, 12 },
		{ "x25519", run_x25519, 518, 0 },
		{ "hkdf_sha256", run_hkdf, 83, 3 },
		{ "hmac_sha256", run_hmac, 174, 0 },
	};
	struct count total = { 0, 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char *name =
		    xasprintf("vectors/wycheproof/%s_test.json", files[i].name);
		const char *path = test_shared(name);
		struct count count = { 0, 0 };

		free(name);
		if (!path)
			skip();
		run_file(path, files[i].name, files[i].run, &count);
		printf("wycheproof: %s %zu used, %zu skipped\n", files[i].name,
		    count.used, count.skipped);
		assert_int_equal(count.used, files[i].used);
		assert_int_equal(count.skipped, files[i].skipped);
		total.used += count.used;
		total.skipped += count.skipped;
	}
	printf(
	    "wycheproof: %zu used, %zu skipped\n", total.used, total.skipped);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_case_gives_a_wrong_result),
	};
	struct err err = { 0 };

	if (crypto_init(&err) < 0)
		return 1;
	return RUN_TESTS(tests);
}
