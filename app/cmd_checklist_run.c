/* SPDX-License-Identifier: Apache-2.0 */
/* ronde checklist run */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/checklist_file.h"
#include "app/cmd_checklist.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "checklists/script.h"
#include "checklists/submission.h"

/*
 * A form answered by a script, without a vault: for tests and for those who
 * write forms.  After each line the whole state, a line a place:
 *
 *     PATH <tab> VALUE <tab> relevant <tab> valid <tab> required
 *
 * with "-" where it is not, and "\n", "\t" and "\\" in values.
 */
const struct cli_option checklist_run_options[] = {
	{ "script", N_("FILE"),
	    N_("the answers; - reads them from the input") },
	{ "lang", N_("LANGUAGE"), N_("language of the form for its messages") },
	{ NULL, NULL, NULL },
};

struct run {
	const struct cli *cli;
	json_t *steps; /* NULL: printed as text */
};

static void
add_escaped(struct buf *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '\n': buf_add_text(out, "\\n"); break;
		case '\t': buf_add_text(out, "\\t"); break;
		case '\\': buf_add_text(out, "\\\\"); break;
		default: buf_add_char(out, *text);
		}
}

static void
print_place(const struct state *state, int place)
{
	struct buf line = BUF_INIT;

	state_add_numbered(state, place, &line);
	buf_add_char(&line, '\t');
	add_escaped(&line, state_value(state, place));
	buf_addf(&line, "\t%s\t%s\t%s\n",
	    state_is_relevant(state, place) ? "relevant" : "-",
	    state_is_valid(state, place) ? "valid" : "-",
	    state_is_required(state, place) ? "required" : "-");
	fputs(line.data, stdout);
	buf_release(&line);
}

static json_t *
json_of_place(const struct state *state, int place, size_t lang)
{
	struct buf path = BUF_INIT, why = BUF_INIT;
	json_t *one;

	state_add_numbered(state, place, &path);
	one = json_pack("{s:s, s:s, s:b, s:b, s:b}", "path", path.data, "value",
	    state_value(state, place), "relevant",
	    (int)state_is_relevant(state, place), "valid",
	    (int)state_is_valid(state, place), "required",
	    (int)state_is_required(state, place));
	state_why_invalid(state, place, lang, &why);
	if (why.len > 0)
		json_object_set_new(one, "why", json_string(why.data));
	buf_release(&path);
	buf_release(&why);
	return one;
}

/* A place of the state: what stands at the place of a member of a repeat
 * without a row is nothing. */
static bool
is_shown(const struct state *state, int place)
{
	const struct form *form = state_form(state);
	const struct item *item = &form->items[state_item(state, place)];

	return item->repeat < 0 || state_row(state, place) >= 0;
}

static void
show_state(const struct run *run, const struct state *state, size_t lang,
    const char *line)
{
	json_t *places = run->steps ? json_array() : NULL;

	if (!run->steps)
		cli_print("> %s\n", line);
	for (int at = state_next(state, -1); at >= 0;
	     at = state_next(state, at)) {
		if (!is_shown(state, at))
			continue;
		if (places)
			json_array_append_new(
			    places, json_of_place(state, at, lang));
		else
			print_place(state, at);
	}
	if (places)
		json_array_append_new(run->steps,
		    json_pack("{s:s, s:o}", "line", line, "state", places));
}

static int
after_line(
    struct script *script, const char *line, size_t number, struct err *err)
{
	(void)number;
	(void)err;
	show_state(script->arg, script->state, script->lang, line);
	return 0;
}

static const char *
meta_of(void *arg, const char *kind)
{
	(void)arg;
	(void)kind;
	return NULL;
}

static void
print_submission(const struct run *run, const struct state *state)
{
	const struct form *form = state_form(state);
	char id[SUBMISSION_ID_MAX], hex[HASH_HEX_MAX];
	struct submission submission = { .instance_id = id, .meta = meta_of };
	struct buf xml = BUF_INIT;

	hash_to_hex(&form->identity, hex);
	submission_id(hex, 0, id);
	submission_write(state, &submission, &xml);
	if (run->steps)
		cli_print_json(json_pack(
		    "{s:O, s:s}", "steps", run->steps, "submission", xml.data));
	else
		fputs(xml.data, stdout);
	buf_release(&xml);
}

static int
read_script(const char *path, struct buf *text, struct err *err)
{
	return strcmp(path, "-") == 0 ? file_read_fd(0, path, text, err)
				      : file_read(path, text, err);
}

static int
find_lang(const struct cli *cli, const struct form *form, size_t *lang,
    struct err *err)
{
	const char *name = cli_value(cli, "lang");

	*lang = form->default_lang;
	if (!name)
		return 0;
	for (size_t i = 0; i < form->lang_count; i++)
		if (strcmp(form->langs[i], name) == 0) {
			*lang = i;
			return 0;
		}
	return err_set(
	    err, ERR_USAGE, _("the form has no language \"%s\""), name);
}

static int
run_form(const struct cli *cli, const struct form *form, const char *path,
    struct err *err)
{
	struct run run = { cli, cli->json ? json_array() : NULL };
	struct script script = { .after = after_line, .arg = &run };
	struct buf text;
	int result = -1;

	buf_init(&text, SCRIPT_BYTES_MAX + 1);
	script.state = state_new(form, 0);
	state_start(script.state, true);
	if (find_lang(cli, form, &script.lang, err) < 0 ||
	    read_script(path, &text, err) < 0)
		goto out;
	show_state(&run, script.state, script.lang, "");
	result = script_run(&script, text.data, text.len, path, err);
	if (result == 0)
		print_submission(&run, script.state);
out:
	state_free(script.state);
	json_decref(run.steps);
	buf_release(&text);
	return result;
}

int
checklist_run(struct cli *cli, struct err *err)
{
	const char *script;
	struct form *form;
	int result;

	if (cli_need(cli, "script", &script, err) < 0)
		return -1;
	form = checklist_file_open(cli, cli->operands[0], err);
	if (!form)
		return -1;
	result = run_form(cli, form, script, err);
	form_free(form);
	return result;
}
