/* SPDX-License-Identifier: Apache-2.0 */
/* Where the GPS says we are, as it gets better, until it is taken. */
#include <stdlib.h>

#include "base/gps.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/ui.h"
#include "tui/views.h"

struct gps_view {
	struct view view;
	struct view *fill; /* borrowed: it is below */
	struct gps *gps;   /* NULL once it has ended */
	struct gps_fix fix;
};

static const struct binding keys[] = {
	{ K_ENTER, ACT_CHOOSE },
	{ ' ', ACT_CHOOSE },
	{ 0, ACT_NONE },
};

static const enum action bar[] = { ACT_CHOOSE, ACT_NONE };

static void
title(const struct view *view, struct buf *out)
{
	(void)view;
	buf_add_text(out, _("Position from the GPS"));
}

static const char *
state_words(enum gps_state state)
{
	switch (state) {
	case GPS_NO_DEVICE:
		return _("gpsd runs, but no GPS receiver is plugged in");
	case GPS_FIX_2D: return _("position without height; it gets better");
	case GPS_FIX_3D: return _("position with height");
	default: return _("waiting for satellites; go where the sky is seen");
	}
}

static void
draw_number(struct grid *grid, int row, const char *what, const char *number,
    const char *unit)
{
	grid_put(grid, row, 2, STYLE_PLAIN, "%s", what);
	grid_put(
	    grid, row, 20, STYLE_KEY, number[0] ? "%s %s" : "-", number, unit);
}

static void
draw(const struct view *view, struct grid *grid)
{
	const struct gps_fix *fix = &((const struct gps_view *)view)->fix;
	const struct grid_box note = {
		.row = VIEW_TOP + 7, .col = 2, .rows = 3, .cols = grid->cols - 4
	};

	grid_put(grid, VIEW_TOP, 0, STYLE_KEY, ">");
	grid_put(grid, VIEW_TOP, 2, STYLE_TITLE, "%s", state_words(fix->state));
	draw_number(grid, VIEW_TOP + 2, _("Latitude"), fix->latitude, "");
	draw_number(grid, VIEW_TOP + 3, _("Longitude"), fix->longitude, "");
	draw_number(grid, VIEW_TOP + 4, _("Height"), fix->altitude, "m");
	draw_number(grid, VIEW_TOP + 5, _("Accuracy"), fix->accuracy, "m");
	grid_put_wrapped(grid, &note, STYLE_DIM,
	    _("Enter takes it; Esc goes back, to type the position"));
	grid_cursor(grid, VIEW_TOP, 0);
}

static void
live(struct view *view, struct err *err)
{
	struct gps_view *own = (struct gps_view *)view;

	if (!own->gps || gps_read(own->gps, &own->fix, err) == 0)
		return;
	gps_close(own->gps);
	own->gps = NULL;
	own->fix = (struct gps_fix){ .state = GPS_WAITING };
}

/* Missing numbers before others are 0, as positions are written. */
static char *
written(const struct gps_fix *fix)
{
	return xasprintf("%s %s %s %s", fix->latitude, fix->longitude,
	    fix->altitude[0] ? fix->altitude : "0",
	    fix->accuracy[0] ? fix->accuracy : "0");
}

static enum view_result
act(struct view *view, enum action action, struct err *err)
{
	struct gps_view *own = (struct gps_view *)view;
	char *text;

	if (action != ACT_CHOOSE)
		return VIEW_UNUSED;
	/* What is seen is taken, not what came since. */
	if (own->fix.state < GPS_FIX_2D) {
		err_set(err, ERR_VALUE, "%s", state_words(own->fix.state));
		return VIEW_STAY;
	}
	text = written(&own->fix);
	fill_take_position(own->fill, text);
	free(text);
	return VIEW_CLOSE;
}

static void
free_view(struct view *view)
{
	gps_close(((struct gps_view *)view)->gps);
	free(view);
}

static const struct view_class gps_class = {
	.name = "gps",
	.keys = keys,
	.bar = bar,
	.title = title,
	.draw = draw,
	.act = act,
	.live = live,
	.free = free_view,
};

struct view *
view_gps_new(struct view *fill, struct err *err)
{
	struct gps *gps = gps_open(err);
	struct gps_view *view;

	if (!gps)
		return NULL;
	view = xcalloc(1, sizeof(*view));
	view->view.class = &gps_class;
	view->fill = fill;
	view->gps = gps;
	return &view->view;
}
