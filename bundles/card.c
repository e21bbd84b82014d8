/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/card.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "bundles/trust.h"

/* Making a card, taking one apart, and a card as a file. */

enum { KEYS_BYTES = 32 + 32 + 32 };

static void
make_fingerprint(struct card *card)
{
	uint8_t keys[KEYS_BYTES];

	memcpy(keys, card->sign_public, 32);
	memcpy(keys + 32, card->minisign_public.key, 32);
	memcpy(keys + 64, card->age_recipient.key, 32);
	fingerprint_of(keys, sizeof(keys), card->fingerprint);
}

void
card_release(struct card *card)
{
	free(card->name);
	free(card->organisation);
	free(card->line);
	*card = (struct card){ 0 };
}

static int
take_name(const json_t *body, const char *key, const char *what, char **name,
    struct err *err)
{
	const char *text;

	if (json_get_text(body, key, what, &text, err) < 0 ||
	    text_check_clean(text, TEXT_NAME_MAX, false, what, err) < 0)
		return -1;
	*name = xstrdup(text);
	return 0;
}

static int
take_keys(
    const json_t *body, const char *what, struct card *card, struct err *err)
{
	const char *sign, *minisign, *age;

	if (json_get_text(body, "sign", what, &sign, err) < 0 ||
	    json_get_text(body, "minisign", what, &minisign, err) < 0 ||
	    json_get_text(body, "age", what, &age, err) < 0)
		return -1;
	if (strlen(sign) != 64 || !hex_read(sign, card->sign_public, 32))
		return err_set(err, ERR_FORMAT,
		    _("%s: \"sign\" is not a key of 64 hexadecimal digits"),
		    what);
	if (minisign_public_read(minisign, &card->minisign_public, err) < 0 ||
	    age_recipient_read(age, &card->age_recipient, err) < 0)
		return err_wrap(err, "%s", what);
	return 0;
}

static int
take_person(
    const json_t *body, const char *what, struct card *card, struct err *err)
{
	const char *person, *role;

	if (json_get_text(body, "person", what, &person, err) < 0 ||
	    json_get_text(body, "role", what, &role, err) < 0 ||
	    take_name(body, "name", what, &card->name, err) < 0 ||
	    take_name(body, "organisation", what, &card->organisation, err) < 0)
		return -1;
	if (!id_is(ID_PERSON, person))
		return err_set(err, ERR_FORMAT,
		    _("%s: \"person\" is not the identifier of a person"),
		    what);
	if (!role_find(role, &card->role))
		return err_set(err, ERR_UNSUPPORTED,
		    _("%s: this version knows no role \"%.40s\""), what, role);
	snprintf(card->person, sizeof(card->person), "%s", person);
	return 0;
}

/* The name of a device follows from its keys: nobody can take another's. */
static int
check_card(const struct statement *statement, const struct card *card,
    const char *what, struct err *err)
{
	char device[ID_MAX];

	id_device(card->sign_public, card->minisign_public.key,
	    card->age_recipient.key, device);
	if (strcmp(device, statement->device) != 0)
		return err_set(err, ERR_AUTH,
		    _("%s: the device of the card does not follow from its "
		      "keys"),
		    what);
	if (!statement_is_signed_by(statement, card->sign_public))
		return err_set(err, ERR_AUTH,
		    _("%s: the card is not signed by its own key: it was "
		      "altered, ask for it again"),
		    what);
	return 0;
}

static int
read_card(const struct statement *statement, const char *what,
    struct card *card, struct err *err)
{
	struct card found = { 0 };

	if (strcmp(statement->type, STATEMENT_CARD) != 0)
		return err_set(err, ERR_FORMAT,
		    _("%s: a statement of the type %s, not a card"), what,
		    statement->type);
	if (take_keys(statement->body, what, &found, err) < 0 ||
	    take_person(statement->body, what, &found, err) < 0 ||
	    check_card(statement, &found, what, err) < 0) {
		card_release(&found);
		return -1;
	}
	snprintf(found.device, sizeof(found.device), "%s", statement->device);
	found.line = xstrndup(statement->line, statement->len);
	make_fingerprint(&found);
	*card = found;
	return 0;
}

int
card_of_statement(
    const struct statement *statement, struct card *card, struct err *err)
{
	return read_card(statement, _("card"), card, err);
}

static int
read_line(const char *line, size_t len, const char *what, struct card *card,
    struct err *err)
{
	struct statement statement = { 0 };
	int result;

	if (statement_read(&statement, line, len, what, err) < 0)
		return -1;
	result = read_card(&statement, what, card, err);
	statement_release(&statement);
	return result;
}

static int
read_json(const char *text, size_t len, const char *what, struct card *card,
    struct err *err)
{
	json_t *json = json_parse(text, len, what, err);
	const char *line;
	int result = -1;

	if (json && json_get_text(json, "card", what, &line, err) == 0)
		result = read_line(line, strlen(line), what, card, err);
	json_decref(json);
	return result;
}

/* The one line that begins as a card; what people wrote around it is theirs. */
static const char *
find_line(const char *text, size_t len, size_t *line_len, int *count)
{
	static const char start[] = "[\"" STATEMENT_CARD "\",";
	const char *end = text + len, *found = NULL;

	*count = 0;
	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t room;

		if (!stop)
			stop = end;
		room = (size_t)(stop - text);
		if (room > 0 && text[room - 1] == '\r')
			room--;
		if (room >= sizeof(start) - 1 &&
		    memcmp(text, start, sizeof(start) - 1) == 0) {
			found = text;
			*line_len = room;
			++*count;
		}
		text = stop < end ? stop + 1 : end;
	}
	return found;
}

int
card_read(const char *text, size_t len, const char *what, struct card *card,
    struct err *err)
{
	size_t line_len = 0;
	int count;
	const char *line;

	if (len > CARD_FILE_MAX)
		return err_set(err, ERR_LIMIT,
		    _("%s is larger than %d bytes: not a card"), what,
		    CARD_FILE_MAX);
	line = find_line(text, len, &line_len, &count);
	if (count > 1)
		return err_set(err, ERR_FORMAT,
		    _("%s holds %d cards: give one at a time"), what, count);
	if (line)
		return read_line(line, line_len, what, card, err);
	while (len > 0 && strchr(" \t\r\n", *text))
		text++, len--;
	if (len > 0 && *text == '{')
		return read_json(text, len, what, card, err);
	return err_set(err, ERR_FORMAT,
	    _("%s holds no card: a card is what \"ronde identity\" writes"),
	    what);
}

void
card_write(const struct card *card, struct buf *out)
{
	char minisign[MINISIGN_TEXT_MAX], age[AGE_TEXT_MAX];

	minisign_public_write(&card->minisign_public, minisign);
	age_recipient_write(&card->age_recipient, age);
	buf_addf(out, _("Card of %s\n"), card->name);
	buf_addf(out, _("Organisation: %s\n"), card->organisation);
	buf_addf(out, _("Role: %s\n"), role_title(card->role));
	buf_addf(out, _("Person: %s\n"), card->person);
	buf_addf(out, _("Device: %s\n"), card->device);
	buf_addf(out, _("Fingerprint, to compare by telephone: %s\n"),
	    card->fingerprint);
	buf_addf(out, "minisign: %s\n", minisign);
	buf_addf(out, "age: %s\n\n%s\n", age, card->line);
}

/* ---- this vault's own ---- */

static json_t *
own_body(const struct identity *self)
{
	char minisign[MINISIGN_TEXT_MAX], age[AGE_TEXT_MAX], sign[65];
	json_t *body = json_object();

	hex_write(self->sign_public, 32, sign);
	minisign_public_write(&self->minisign_public, minisign);
	age_recipient_write(&self->age_recipient, age);
	json_put_text(body, "person", self->person);
	json_put_text(body, "name", self->name);
	json_put_text(body, "organisation", self->organisation);
	json_put_text(body, "role", role_code(self->role));
	json_put_text(body, "sign", sign);
	json_put_text(body, "minisign", minisign);
	json_put_text(body, "age", age);
	return body;
}

/* Keeps the first card met; with the latest counting, the order is fixed. */
static int
keep_card(void *arg, const struct statement *statement, struct err *err)
{
	struct card *card = arg;
	struct card found;

	if (card_of_statement(statement, &found, err) < 0)
		return -1;
	card_release(card);
	*card = found;
	return 0;
}

static int
make_own(struct vault *vault, const struct identity *self, struct err *err)
{
	json_t *body = own_body(self);
	struct hash hash;
	const int result =
	    statement_make(vault, STATEMENT_CARD, body, &hash, err);

	json_decref(body);
	return result < 0 ? -1 : trust_refresh(vault, err);
}

int
card_own(struct vault *vault, struct card *card, struct err *err)
{
	const struct identity *self = identity_get(vault);
	struct card found = { 0 };

	if (!self)
		return err_set(err, ERR_DENIED,
		    _("the vault has no person yet, so it has no card"));
	if (statement_each(vault, STATEMENT_CARD, self->device, keep_card,
		&found, err) < 0)
		return -1;
	if (!found.line &&
	    (make_own(vault, self, err) < 0 ||
		statement_each(vault, STATEMENT_CARD, self->device, keep_card,
		    &found, err) < 0))
		return -1;
	*card = found;
	return 0;
}
