/* SPDX-License-Identifier: Apache-2.0 */
#include "app/setup.h"

#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bundles/confirm.h"
#include "bundles/trust.h"
#include "inspections/contents.h"
#include "inspections/inspection.h"

enum { PROJECTORS_MAX = 16 };

/* What is run without an environment, as by cron, keeps its anchor too. */
static const char *
home_folder(void)
{
	const char *home = getenv("HOME");
	const struct passwd *user = home && *home ? NULL : getpwuid(getuid());

	return user ? user->pw_dir : home;
}

/* The environment does not change, but for tests, which set it first. */
static const char *
state_folder(void)
{
	static char folder[PATH_MAX];
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = home_folder();
	int len = 0;

	if (state && state[0] == '/')
		len = snprintf(folder, sizeof(folder), "%s/ronde", state);
	else if (home && home[0] == '/')
		len = snprintf(
		    folder, sizeof(folder), "%s/.local/state/ronde", home);
	return len > 0 && (size_t)len < sizeof(folder) ? folder : NULL;
}

const struct vault_options *
setup_vault_options(void)
{
	static const struct projector *list[PROJECTORS_MAX];
	static struct vault_options options = { .projectors = list };
	size_t count = 0;

	list[count++] = &trust_projector;
	for (size_t i = 0;
	     inspection_projectors[i] && count + 1 < PROJECTORS_MAX; i++)
		list[count++] = inspection_projectors[i];
	list[count] = NULL;
	options.state_folder = state_folder();
	return &options;
}

const struct doctor_check *const *
setup_doctor_checks(void)
{
	static const struct doctor_check *const checks[] = { &confirm_check,
		NULL };

	return checks;
}

static int
of_subject(struct vault *vault, const char *subject,
    const struct bundle_needs *needs, struct err *err)
{
	const struct contents_sink sink = {
		.form = needs->form,
		.blob = needs->blob,
		.subject = needs->subject,
		.arg = needs->arg,
	};

	return contents_of_subject(vault, subject, &sink, err);
}

const struct bundle_contents *
setup_contents(void)
{
	static const struct bundle_contents contents = {
		.of_subject = of_subject,
		.concerns = contents_concerns,
	};

	return &contents;
}
