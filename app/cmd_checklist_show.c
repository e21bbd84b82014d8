/* SPDX-License-Identifier: Apache-2.0 */
/* ronde checklist show */
#include <stdio.h>

#include "app/checklist_file.h"
#include "app/cmd_checklist.h"
#include "base/i18n.h"
#include "checklists/form_facts.h"

static json_t *
json_of_types(const struct form_facts *facts)
{
	json_t *types = json_object();

	for (int type = 0; type < ITEM_TYPE_COUNT; type++)
		if (facts->types[type] > 0)
			json_object_set_new(types, item_type_name(type),
			    json_integer(facts->types[type]));
	return types;
}

static json_t *
json_of_texts(const char *const *texts, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_string(texts[i]));
	return list;
}

static void
count_missing(
    void *arg, const struct item *item, const char *column, size_t lang)
{
	size_t *missing = arg;

	(void)item;
	(void)column;
	missing[lang]++;
}

static json_t *
json_of_missing(const struct form *form)
{
	size_t missing[FORM_LANGS_MAX] = { 0 };
	json_t *untranslated = json_object();

	form_untranslated(form, count_missing, missing);
	for (size_t i = 0; i < form->lang_count; i++)
		json_object_set_new(untranslated, form->langs[i],
		    json_integer((json_int_t)missing[i]));
	return untranslated;
}

static void
print_json(const struct form *form, const struct form_facts *facts)
{
	char hex[HASH_HEX_MAX];
	size_t sections;
	json_t *whole;

	form_sections(form, &sections);
	hash_to_hex(&form->identity, hex);
	whole = json_pack("{s:s, s:s, s:s, s:s}", "identity", hex, "title",
	    form->title, "form_id", form->form_id, "version", form->version);
	json_object_set_new(
	    whole, "languages", json_of_texts(form->langs, form->lang_count));
	json_object_set_new(whole, "default_language",
	    json_string(form->langs[form->default_lang]));
	json_object_set_new(whole, "sections", json_integer((int)sections));
	json_object_set_new(
	    whole, "questions", json_integer(form->question_count));
	json_object_set_new(
	    whole, "groups", json_integer(facts->types[ITEM_GROUP]));
	json_object_set_new(
	    whole, "repeats", json_integer(facts->types[ITEM_REPEAT]));
	json_object_set_new(whole, "choice_lists", json_integer(facts->lists));
	json_object_set_new(whole, "choices", json_integer(facts->choices));
	json_object_set_new(whole, "types", json_of_types(facts));
	json_object_set_new(whole, "logic",
	    json_pack("{s:i, s:i, s:i, s:i, s:i}", "relevant", facts->relevant,
		"required", facts->required, "constraint", facts->constraint,
		"calculation", facts->calculation, "choice_filter",
		facts->filter));
	json_object_set_new(whole, "functions",
	    json_of_texts(facts->functions, facts->function_count));
	json_object_set_new(whole, "untranslated", json_of_missing(form));
	cli_print_json(whole);
}

static void
print_list(const char *title, const char *const *texts, size_t count)
{
	cli_print("%-16s ", title);
	for (size_t i = 0; i < count; i++)
		cli_print("%s%s", i ? ", " : "", texts[i]);
	printf("\n");
}

static void
print_text(const struct form *form, const struct form_facts *facts)
{
	char hex[HASH_HEX_MAX];

	hash_to_hex(&form->identity, hex);
	cli_print("%-16s %s\n", _("title"), form->title);
	cli_print("%-16s %s\n", "form_id", form->form_id);
	cli_print("%-16s %s\n", _("version"), form->version);
	cli_print("%-16s %s\n", _("identity"), hex);
	print_list(_("languages"), form->langs, form->lang_count);
	cli_print("%-16s %d\n", _("questions"), form->question_count);
	cli_print("%-16s %d\n", _("groups"), facts->types[ITEM_GROUP]);
	cli_print("%-16s %d\n", _("repeats"), facts->types[ITEM_REPEAT]);
	cli_print("%-16s %d\n", _("choices"), facts->choices);
	for (int type = 0; type < ITEM_TYPE_COUNT; type++)
		if (facts->types[type] > 0 && type != ITEM_GROUP &&
		    type != ITEM_REPEAT)
			cli_print("  %-14s %d\n", item_type_name(type),
			    facts->types[type]);
	print_list(_("functions"), facts->functions, facts->function_count);
}

int
checklist_show(struct cli *cli, struct err *err)
{
	struct form *form = checklist_file_open(cli, cli->operands[0], err);
	struct form_facts facts;

	if (!form)
		return -1;
	form_facts(form, &facts);
	if (cli->json)
		print_json(form, &facts);
	else
		print_text(form, &facts);
	form_facts_release(&facts);
	form_free(form);
	return 0;
}
