/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_ACTION_H
#define TUI_ACTION_H

#include "base/i18n.h"

/*
 * Everything a person can ask for, once.  From this list come the enum, the
 * words of the last line and the lines of the help.  To add one: a row here,
 * a key in the view's table, a case in its act().
 *
 *   identifier, word for the last line, line of the help
 */
#define ACTIONS(X)                                                            \
	X(ACT_NONE, "", "")                                                   \
	X(ACT_UP, N_("up"), N_("go up"))                                      \
	X(ACT_DOWN, N_("down"), N_("go down"))                                \
	X(ACT_PAGE_UP, N_("page up"), N_("go up a page"))                     \
	X(ACT_PAGE_DOWN, N_("page down"), N_("go down a page"))               \
	X(ACT_FIRST, N_("first"), N_("go to the first line"))                 \
	X(ACT_LAST, N_("last"), N_("go to the last line"))                    \
	X(ACT_LEFT, N_("left"), N_("go left"))                                \
	X(ACT_RIGHT, N_("right"), N_("go right"))                             \
	X(ACT_OPEN, N_("open"), N_("open the selected line"))                 \
	X(ACT_OK, N_("continue"), N_("continue"))                             \
	X(ACT_SUBMIT, N_("finish"), N_("finish this screen from any field"))  \
	X(ACT_CHOOSE, N_("choose"), N_("choose the selected line"))           \
	X(ACT_TOGGLE, N_("check"), N_("check or uncheck the selected line"))  \
	X(ACT_BACK, N_("back"), N_("go back"))                                \
	X(ACT_QUIT, N_("quit"), N_("quit ronde"))                             \
	X(ACT_HELP, N_("help"), N_("what can be done here"))                  \
	X(ACT_LANG, N_("language"), N_("switch between English and French"))  \
	X(ACT_FORM_LANG, N_("other language"),                                \
	    N_("read the questions in the next language of the checklist"))   \
	X(ACT_SUN, N_("sun"), N_("black on white for bright sun, and back"))  \
	X(ACT_LOG, N_("messages"), N_("see the messages of this session"))    \
	X(ACT_REDRAW, N_("redraw"), N_("draw the screen anew"))               \
	X(ACT_SUSPEND, N_("suspend"), N_("leave to the shell for a while"))   \
	X(ACT_SEARCH, N_("search"), N_("search by typing"))                   \
	X(ACT_SHOW, N_("show"), N_("show or hide what is typed"))             \
	X(ACT_COMPLETE, N_("complete"), N_("complete the path"))              \
	X(ACT_PICK_FILE, N_("files"), N_("pick from a list of files"))        \
	X(ACT_RECOVER, N_("recovery code"),                                   \
	    N_("open with the recovery code instead"))                        \
	X(ACT_NEW_INSPECTION, N_("new"), N_("start a new inspection"))        \
	X(ACT_NEW_SITE, N_("site"), N_("add a site"))                         \
	X(ACT_NEW_MISSION, N_("mission"), N_("give a new mission to people")) \
	X(ACT_CHECKLISTS, N_("checklists"), N_("see and import checklists"))  \
	X(ACT_IMPORT, N_("import"), N_("import a file"))                      \
	X(ACT_PEOPLE, N_("people"), N_("people, cards and whom I trust"))     \
	X(ACT_ADD_CARD, N_("add a card"), N_("trust someone from a card"))    \
	X(ACT_SAVE_CARD, N_("my card"), N_("write my own card to a file"))    \
	X(ACT_EXCHANGE, N_("exchange"),                                       \
	    N_("exchange with a USB stick or a folder"))                      \
	X(ACT_BACKUP, N_("back up"), N_("write a backup of the vault"))       \
	X(ACT_LOCK, N_("lock"), N_("lock the vault"))                         \
	X(ACT_RENAME, N_("rename"), N_("give the site another name"))         \
	X(ACT_NEXT, N_("next"), N_("keep the answer and go on"))              \
	X(ACT_PREVIOUS_ITEM, N_("previous"), N_("go to the one before"))      \
	X(ACT_NEXT_ITEM, N_("following"), N_("go to the one after"))          \
	X(ACT_FIELD, N_("field"), N_("go to the next field, or the sections")) \
	X(ACT_FIELD_BACK, N_("field before"),                                 \
	    N_("go to the field before, or the sections"))                    \
	X(ACT_NOTE, N_("note"), N_("write a note on this question"))          \
	X(ACT_BASIS, N_("source"),                                            \
	    N_("say how it is known: seen, document, interview"))             \
	X(ACT_EVIDENCE, N_("file"), N_("attach a file to this question"))     \
	X(ACT_GPS, N_("GPS"), N_("take the position from the GPS"))           \
	X(ACT_DETACH, N_("detach"), N_("detach the last file"))               \
	X(ACT_FLAG, N_("urgent"), N_("mark as urgent, or not"))               \
	X(ACT_REASON, N_("reason"), N_("write the reason of this answer"))    \
	X(ACT_UNANSWERED, N_("unanswered"),                                   \
	    N_("jump to the next question without answer"))                   \
	X(ACT_MAP, N_("sections"), N_("go to the list of sections, or back")) \
	X(ACT_ADD_ROW, N_("add"), N_("add one more to this repeat"))           \
	X(ACT_ROWS, N_("list"), N_("go to the list of this repeat"))          \
	X(ACT_CLEAR, N_("take back"), N_("take the answer back"))             \
	X(ACT_UNDO, N_("undo"), N_("undo the last answer"))                   \
	X(ACT_SCROLL_UP, N_("scroll up"), N_("scroll the question up"))       \
	X(ACT_SCROLL_DOWN, N_("scroll down"), N_("scroll the question down")) \
	X(ACT_CONFLICTS, N_("differing"), N_("see the answers that differ"))  \
	X(ACT_REVIEW, N_("review"), N_("review, then sign"))                  \
	X(ACT_SIGN, N_("sign"), N_("sign"))                                   \
	X(ACT_REOPEN, N_("reopen"), N_("reopen, with a reason"))              \
	X(ACT_REPORT, N_("report"), N_("write a report to a file"))           \
	X(ACT_START, N_("start"), N_("start"))

enum action {
#define X(id, word, help) id,
	ACTIONS(X)
#undef X
	    ACTION_COUNT
};

const char *action_word(enum action action); /* translated */
const char *action_help(enum action action); /* translated */

#endif
