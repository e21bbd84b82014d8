/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "crypto/secret.h"
#include "inspections/inspection_internal.h"
#include "storage/db.h"

/*
 * Adding rows and taking them away.  The key of a row is the time at which it
 * was made and 20 random bits, in Crockford's base32: rows stand in the order
 * in which they were made, and those of two inspectors are never the same.
 */
enum {
	KEY_TIME = 10, /* characters of milliseconds */
	KEY_RANDOM = 4,
	KEY_CHARS = KEY_TIME + KEY_RANDOM
};

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static const int64_t time_end = INT64_C(1) << (5 * KEY_TIME);

/* The time in a key of ours; -1 for others. */
static int64_t
time_of_key(const char *key)
{
	int64_t time = 0;

	if (strlen(key) != KEY_CHARS)
		return -1;
	for (int i = 0; i < KEY_TIME; i++) {
		const char *digit = strchr(digits, key[i]);

		if (!digit)
			return -1;
		time = time * 32 + (digit - digits);
	}
	return time;
}

static void
write_key(int64_t time, char key[KEY_CHARS + 1])
{
	uint8_t random[KEY_RANDOM];

	random_bytes(random, sizeof(random));
	for (int i = KEY_TIME; i-- > 0; time /= 32)
		key[i] = digits[time % 32];
	for (int i = 0; i < KEY_RANDOM; i++)
		key[KEY_TIME + i] = digits[random[i] % 32];
	/* Digits alone would be the number of a row that the form counts. */
	key[KEY_CHARS - 1] = digits[10 + random[KEY_RANDOM - 1] % 22];
	key[KEY_CHARS] = '\0';
}

/* Behind the last row, whatever the clock of its device said. */
static void
make_key(const struct state *state, int repeat, char key[KEY_CHARS + 1])
{
	int64_t now = clock_now(), last = -1;
	const int *rows;
	size_t count;

	rows = state_rows(state, repeat, &count);
	if (count > 0)
		last = time_of_key(state_row_key(state, rows[count - 1]));
	if (now < 0)
		now = 0;
	if (last >= now && last < time_end - 1)
		now = last + 1;
	write_key(now, key);
}

/* ---- checks ---- */

static int
check_repeat(const struct inspection *inspection, int repeat, struct err *err)
{
	const struct state *state = inspection->state;
	char *label;
	const char *why = NULL;

	if (repeat < 0 || repeat >= state_places(state) ||
	    state_repeat(state, repeat) >= 0 ||
	    inspection_item(inspection, repeat)->type != ITEM_REPEAT)
		return err_set(err, ERR_VALUE,
		    _("this is no repeat: it has no rows to add"));
	if (state_rows_are_counted(state, repeat))
		why = _("the checklist says how many rows there are");
	else if (!state_is_relevant(state, repeat))
		why = _("this repeat is not asked after the other answers");
	if (!why)
		return inspection_check_open(inspection, KIND_ANSWER, err);
	label = inspection_label(inspection, repeat, i18n_lang());
	err_set(err, ERR_VALUE, "%s: %s", label, why);
	free(label);
	return -1;
}

static int
check_row(const struct inspection *inspection, int row, struct err *err)
{
	const struct state *state = inspection->state;

	if (row < 0 || row >= state_places(state) ||
	    state_repeat(state, row) < 0)
		return err_set(err, ERR_VALUE, _("this is no row of a repeat"));
	if (state_rows_are_counted(state, state_repeat(state, row)))
		return err_set(err, ERR_VALUE,
		    _("the checklist says how many rows there are"));
	return inspection_check_open(inspection, KIND_ANSWER, err);
}

/* ---- writing ---- */

static int
write_value(struct inspection *inspection, const char *path, const char *value,
    struct err *err)
{
	json_t *body = json_object();
	int result;

	json_put_text(body, "path", path);
	if (*value)
		json_put_text(body, "value", value);
	result = inspection_write(inspection, KIND_ANSWER, body, err);
	json_decref(body);
	return result;
}

/* The `number`th place of the row at `path` has a default that is computed. */
static int
keep_default(struct inspection *inspection, const char *path, int number,
    struct err *err)
{
	const struct state *state = inspection->state;
	const int row = state_find(state, path, err), place = row + number;
	struct buf at = BUF_INIT;
	char *value;
	int result;

	if (row < 0)
		return -1;
	if (!inspection_item(inspection, place)->dynamic_default ||
	    !*state_value(state, place) ||
	    inspection_slot_at(inspection, place))
		return 0;
	state_add_path(state, place, &at);
	value = xstrdup(state_value(state, place));
	result = write_value(inspection, at.data, value, err);
	free(value);
	buf_release(&at);
	return result;
}

/* What a form computes when a row comes is computed once: it becomes answers
 * of whoever added the row. */
static int
write_row_with_defaults(struct inspection *inspection,
    const struct item *repeat, const char *path, struct err *err)
{
	int result;

	if (db_begin(vault_db(inspection->vault), err) < 0)
		return -1;
	result = write_value(inspection, path, "1", err);
	for (int i = 1; result == 0 && i < repeat->end - repeat->index; i++)
		if (repeat[i].repeat == repeat->index)
			result = keep_default(inspection, path, i, err);
	return inspection_end_transaction(inspection, result, err);
}

/* Room is looked for before a word is written: the state refuses past it. */
static int
check_room(const struct inspection *inspection, int repeat, struct err *err)
{
	const struct item *item = inspection_item(inspection, repeat);

	if (state_places(inspection->state) >
	    STATE_PLACES_MAX - (item->end - item->index))
		return err_set(err, ERR_LIMIT,
		    _("the answers have more than %d places: too many rows"),
		    STATE_PLACES_MAX);
	return 0;
}

int
inspection_row_add(
    struct inspection *inspection, int repeat, int *row, struct err *err)
{
	struct buf path = BUF_INIT;
	char key[KEY_CHARS + 1];
	int result = -1;

	if (check_repeat(inspection, repeat, err) < 0 ||
	    check_room(inspection, repeat, err) < 0)
		return -1;
	make_key(inspection->state, repeat, key);
	state_add_path(inspection->state, repeat, &path);
	buf_addf(&path, "[%s]", key);
	if (write_row_with_defaults(inspection,
		inspection_item(inspection, repeat), path.data, err) == 0) {
		*row = state_find(inspection->state, path.data, err);
		result = *row < 0 ? -1 : 0;
	}
	buf_release(&path);
	return result;
}

int
inspection_row_remove(struct inspection *inspection, int row, struct err *err)
{
	struct buf path = BUF_INIT;
	int result;

	if (check_row(inspection, row, err) < 0)
		return -1;
	state_add_path(inspection->state, row, &path);
	result = write_value(inspection, path.data, "", err);
	buf_release(&path);
	return result;
}

int
inspection_row_restore(
    struct inspection *inspection, const char *path, struct err *err)
{
	const struct slot *slot = record_find_slot(inspection->record, path);

	if (inspection_check_open(inspection, KIND_ANSWER, err) < 0)
		return -1;
	if (!slot || slot->claim_count == 0)
		return err_set(err, ERR_NOT_FOUND,
		    _("%s: no row was taken away here"), path);
	if (inspection_place_at(inspection, path) >= 0)
		return 0;
	return write_value(inspection, path, "1", err);
}

bool
inspection_row_was_removed(const struct inspection *inspection, int row)
{
	const struct slot *slot = inspection_slot_at(inspection, row);

	if (!slot || slot->alive_count == 0)
		return false;
	for (size_t i = 0; i < slot->alive_count; i++)
		if (*slot->alive[i]->value)
			return false;
	return true;
}
