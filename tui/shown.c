/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/shown.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "inspections/inspection.h"

void
shown_size(uint64_t bytes, struct buf *out)
{
	static const struct {
		uint64_t bytes;
		const char *unit;
	} units[] = {
		{ (uint64_t)1 << 30, N_("GB") },
		{ (uint64_t)1 << 20, N_("MB") },
		{ (uint64_t)1 << 10, N_("kB") },
	};
	const char *point = i18n_lang() == LANG_FR ? "," : ".";

	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (bytes >= units[i].bytes) {
			const uint64_t tenths = bytes * 10 / units[i].bytes;

			buf_addf(out, "%llu%s%llu %s",
			    (unsigned long long)(tenths / 10), point,
			    (unsigned long long)(tenths % 10),
			    _(units[i].unit));
			return;
		}
	buf_addf(out, _("%llu bytes"), (unsigned long long)bytes);
}

void
shown_stage(const struct inspection_info *info, struct buf *out)
{
	const int faults = info->invalid + info->conflicts;

	if (faults > 0)
		buf_addf(out, _("to correct (%d)"), faults);
	else
		buf_add_text(out, stage_title(info->stage));
}

int
shown_percent(int answered, int relevant)
{
	return relevant > 0 ? answered * 100 / relevant : 0;
}

static void
add_date(const char *date, struct buf *out)
{
	char text[CLOCK_SHOWN_MAX], whole[CLOCK_TEXT_MAX];
	int64_t when;

	if (clock_is_date(date)) {
		snprintf(whole, sizeof(whole), "%s", date);
		snprintf(whole + strlen(whole), sizeof(whole) - strlen(whole),
		    "T12:00:00.000+00:00");
		if (clock_parse(whole, &when)) {
			clock_show_date(when, i18n_lang(), text);
			buf_add_text(out, text);
			return;
		}
	}
	buf_add_text(out, date);
}

/* "18 Dec 2026" becomes "18 Dec" while it is 2026. */
static void
add_near(const char *date, struct buf *out)
{
	char today[CLOCK_SHOWN_MAX];
	const char *year = strrchr(date, ' '), *this_year;

	clock_show_date(clock_now(), i18n_lang(), today);
	this_year = strrchr(today, ' ');
	if (year && this_year && strcmp(year, this_year) == 0)
		buf_add(out, date, (size_t)(year - date));
	else
		buf_add_text(out, date);
}

void
shown_date(const char *date, struct buf *out)
{
	struct buf whole = BUF_INIT;

	add_date(date, &whole);
	add_near(whole.data, out);
	buf_release(&whole);
}

void
shown_near_time(int64_t when, struct buf *out)
{
	char text[CLOCK_SHOWN_MAX];

	clock_show_date(when, i18n_lang(), text);
	add_near(text, out);
	clock_show_time(when, false, text);
	buf_addf(out, " %s", text);
}

void
shown_lately(int64_t when, struct buf *out)
{
	char date[CLOCK_SHOWN_MAX], today[CLOCK_SHOWN_MAX];

	clock_show_date(when, i18n_lang(), date);
	clock_show_date(clock_now(), i18n_lang(), today);
	if (strcmp(date, today) == 0) {
		clock_show_time(when, false, date);
		buf_add_text(out, date);
	} else {
		add_near(date, out);
	}
}

void
shown_person(const char *name, const char *organisation, struct buf *out)
{
	buf_add_text(out, name);
	if (organisation && *organisation)
		buf_addf(out, ", %s", organisation);
}

void
shown_value(
    const struct form *form, int item, const char *value, struct buf *out)
{
	if (value && *value)
		form_add_shown(form, &form->items[item], value,
		    form_lang(form, i18n_lang()), out);
	else
		buf_add_text(out, "-");
}
