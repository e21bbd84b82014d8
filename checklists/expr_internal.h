/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_EXPR_INTERNAL_H
#define CHECKLISTS_EXPR_INTERNAL_H

#include "base/buf.h"
#include "checklists/expr.h"
#include "checklists/tree.h"

/*
 * What the files of the expression engine share: tokens (expr_lex.c), the
 * parsed expression (expr_parse.c, expr_path.c), values (expr_value.c,
 * expr_number.c, expr_date.c), one evaluation (expr_eval.c, expr_nodes.c) and
 * the table of functions (expr_functions*.c).
 */

/* ---- tokens ---- */

enum op {
	OP_NONE,
	OP_OR,
	OP_AND,
	OP_EQUAL,
	OP_NOT_EQUAL,
	OP_LESS,
	OP_LESS_EQUAL,
	OP_GREATER,
	OP_GREATER_EQUAL,
	OP_PLUS,
	OP_MINUS,
	OP_TIMES,
	OP_DIV,
	OP_MOD,
	OP_COUNT
};

enum token_kind {
	TOK_END,
	TOK_NUMBER,
	TOK_TEXT,      /* `text`: without its quotes */
	TOK_REFERENCE, /* `text`: what "${...}" has in its braces */
	TOK_NAME,      /* `text` */
	TOK_AXIS,      /* `text`: its name; "::" is taken */
	TOK_ANY,       /* "*" where a name could stand */
	TOK_SELF,      /* "." */
	TOK_PARENT,    /* ".." */
	TOK_AT,
	TOK_SLASH,
	TOK_DESCENDANTS, /* "//" */
	TOK_OPEN_PREDICATE,
	TOK_CLOSE_PREDICATE,
	TOK_UNION,
	TOK_FUNCTION, /* `text`: its name; the "(" is the next token */
	TOK_OP,
	TOK_OPEN,
	TOK_CLOSE,
	TOK_COMMA,
	TOK_BAD /* err is set */
};

struct token {
	enum token_kind kind;
	enum op op;
	int column;
	double number;
	const char *text; /* borrowed from the arena */
};

struct lexer {
	struct arena *arena;
	const char *pos, *end;
	const char *counted; /* up to here columns are counted */
	int column;          /* of `counted`, from 1 */
	bool after_operand;  /* so that "*" and "div" are operators */
	struct err *err;
};

void lex_init(struct lexer *lexer, struct arena *arena, const char *text,
    size_t len, struct err *err);
void lex_next(struct lexer *lexer, struct token *token);

/* ---- the tree ---- */

enum node_kind {
	NODE_NUMBER,
	NODE_TEXT,
	NODE_ITEM,
	NODE_COLUMN, /* of the choice at hand */
	NODE_NEGATE,
	NODE_CHAIN, /* operands of one precedence, from left to right */
	NODE_CALL,
	NODE_PATH, /* walked over a tree */
	NODE_UNION /* of the nodes of its operands */
};

struct function;

enum axis {
	AXIS_CHILD,
	AXIS_DESCENDANT,
	AXIS_DESCENDANT_OR_SELF,
	AXIS_SELF,
	AXIS_PARENT,
	AXIS_ANCESTOR,
	AXIS_ANCESTOR_OR_SELF,
	AXIS_FOLLOWING,
	AXIS_FOLLOWING_SIBLING,
	AXIS_PRECEDING,
	AXIS_PRECEDING_SIBLING,
	AXIS_ATTRIBUTE,
	AXIS_NONE /* the nodes so far, filtered together: "(//a)[1]" */
};

enum node_test {
	TEST_NAME,
	TEST_ANY, /* "*": any element, or attribute on that axis */
	TEST_NODE,
	TEST_TEXT,
	TEST_COMMENT,
	TEST_INSTRUCTION
};

struct predicate {
	const struct expr *expr;
	const struct predicate *next;
};

struct step {
	enum axis axis;
	enum node_test test;
	const char *name; /* of TEST_NAME; NULL else */
	const struct predicate *predicates;
	const struct step *next;
};

enum path_start {
	START_CONTEXT,
	START_CURRENT, /* what the whole expression is evaluated at */
	START_ROOT,
	START_REFERENCE, /* ${name}; only where names are resolved */
	START_ITEM,      /* the nodes of an item of the form */
	START_EXPR       /* the nodes of `args` */
};

struct expr {
	enum node_kind kind;
	enum op
	    op; /* of an operand in a chain: what joins it to those before */
	int column;
	int item;                /* NODE_ITEM, NODE_COLUMN, jr:choice-name */
	int row_of;              /* the repeat in whose row that is; -1 */
	bool many;               /* NODE_ITEM: in any number of rows */
	double number;           /* NODE_NUMBER */
	const char *text;        /* NODE_TEXT */
	const struct expr *args; /* operands or arguments, by `next` */
	const struct expr *next;
	int arg_count;
	const struct function *function; /* NODE_CALL */
	int target;                      /* NODE_PATH: the item at its end */
	enum path_start start;           /* NODE_PATH, and what an item was */
	const struct step *steps;        /* NODE_PATH; NULL: only its start */
};

/* ---- parsing ---- */

struct parser {
	struct lexer lexer;
	struct token tok;
	struct arena *arena;
	const struct expr_names *names;
	struct err *err;
	int depth, nodes;
	int failed_at; /* the column that parse_fail() told of */
	bool in_tree; /* in a condition on nodes that are no items */
	int step_of;  /* in a condition: the item whose nodes it is about; -1 */
};

struct expr *parse_fail(struct parser *p, int column, enum err_code code,
    const char *fmt, ...) PRINTF_LIKE(4, 5);
/* Expected something else than the token at hand. */
struct expr *parse_expected(struct parser *p, const char *what);
struct expr *parse_new_node(struct parser *p, enum node_kind kind, int column);
/* Counts one level of nesting; the caller takes it back from p->depth. */
bool parse_enter(struct parser *p);
/* A whole expression, up to what cannot belong to it. */
struct expr *parse_expression(struct parser *p);
/* A literal, a call, parentheses: what is no path by itself. */
struct expr *parse_primary(struct parser *p);
/*
 * What a path in quotes or in clear means, seen from `self`; -1 with err.
 * `*row_of` may be NULL.
 */
int parse_resolve(
    struct parser *p, int column, int self, const char *path, int *row_of);

/* ---- expr_path.c: a path, or a primary with steps behind it, and "|" ---- */
struct expr *parse_union(struct parser *p);

/* ---- expr_form_path.c ---- */
/* The item that the path means up to `last` (NULL: all of it); -1 with err. */
int path_item_at(struct parser *p, const struct expr *path,
    const struct step *last, int *row_of);
/* What the whole path is in a form; NULL with err. */
struct expr *path_resolve(struct parser *p, struct expr *path);

/* ---- values ---- */

struct value {
	enum value_kind kind;
	bool truth;
	bool has_time; /* of a date: written with its time */
	double number;
	int64_t ms;       /* of a date, since 1970-01-01 UTC */
	const char *text; /* borrowed: the tree's, the source's or scratch */
};

struct scratch;

/* One evaluation. */
struct eval {
	const struct expr_source *source;
	struct tree_node context; /* tree NULL: there is none */
	size_t position, size;    /* of the context among the nodes at hand */
	struct tree_node current; /* the context of the whole expression */
	bool found_nodes; /* had the last set that became a value any node? */
	struct scratch *scratch; /* texts made on the way; freed at its end */
	size_t scratch_bytes;
	int steps, steps_max;
	struct err *err;
};

enum { EXPR_SCRATCH_MAX = 16 * 1024 * 1024 }; /* bytes in one evaluation */

/* About as long as a step takes to write. */
enum { BYTES_PER_STEP = 64 };

/* Counts work as `steps`; -1 with ERR_LIMIT where it is too much. */
int eval_work(struct eval *eval, size_t steps);

/* Memory until the end of the evaluation; NULL with ERR_LIMIT. */
char *eval_alloc(struct eval *eval, size_t size);
const char *eval_strndup(struct eval *eval, const char *text, size_t len);

int eval_node(struct eval *eval, const struct expr *node, struct value *value);

/* ---- expr_nodes.c ---- */

/* Nodes in the order of their document, each once. */
struct node_set {
	struct tree_node *nodes; /* scratch */
	size_t count, room;
};

/* Could it give nodes?  Then eval_nodes() may be asked. */
bool expr_gives_nodes(const struct expr *node);
int eval_nodes(
    struct eval *eval, const struct expr *node, struct node_set *set);
int node_set_add(
    struct eval *eval, struct node_set *set, struct tree_node node);

/* ---- expr_walk.c ---- */
void node_set_sort(struct node_set *set);
/* What the axis and the test of a step find from a node, in the order of the
 * document or against it. */
int walk_step(struct eval *eval, const struct step *step, struct tree_node from,
    struct node_set *found);
/* The node after `node` in the document that is below `top`. */
int walk_following_node(const struct tree *tree, int node, int top, bool into);

/* The value of one node, of its kind; 0 or -1. */
int eval_tree_node(
    struct eval *eval, struct tree_node node, struct value *value);
/* The value of the item or node that the expression stands at. */
int eval_self(struct eval *eval, const struct expr *node, struct value *value);
/* 1 or 0: a comparison in which one side has several nodes; -1. */
int eval_compare_nodes(struct eval *eval, enum op op, const struct expr *left,
    const struct expr *right, bool *truth);
/* The operators on two values. */
void eval_apply(struct eval *eval, enum op op, struct value *left,
    const struct value *right);

struct value value_of_text(const char *text);
struct value value_of_number(double number);
struct value value_of_truth(bool truth);
struct value value_of_date(int64_t ms, bool has_time);

bool value_truth(const struct value *value);
double value_number(const struct value *value);
/* NULL with ERR_LIMIT. */
const char *value_text(struct eval *eval, const struct value *value);
/* As it is kept: NaN as "", true as "1", whole numbers without exponent. */
const char *value_stored(struct eval *eval, const struct value *value);
bool value_is_blank(const struct value *value); /* "" or NaN */

/* What an answer's text means as a value of `kind`. */
struct value value_read(enum value_kind kind, const char *text);

/* ---- numbers ---- */

enum { NUMBER_TEXT_MAX = 64 };

/* JavaRosa's rule: digits, "-", "." and "," only; else NaN. */
double number_read(const char *text);
void number_write(double number, char text[NUMBER_TEXT_MAX]);
void number_write_stored(double number, char text[NUMBER_TEXT_MAX]);
/* Rounds the decimal writing, halves towards positive infinity. */
double number_round(double number, int places);

/* ---- dates ---- */

enum { DATE_TEXT_MAX = 64, DAY_MS = 24 * 60 * 60 * 1000 };

/* "2026-11-23", with a time and zone or without, or a time alone. */
bool date_read(const char *text, int64_t *ms, bool *has_time);
void date_write(int64_t ms, bool has_time, char text[DATE_TEXT_MAX]);
/* Whole days of the local calendar since 1970-01-01. */
double date_days(int64_t ms);
/* Local midnight of day `days` since 1970-01-01. */
int64_t date_of_days(int64_t days);
/* The local time of day as a fraction. */
double date_day_fraction(int64_t ms);
/* format-date(): -1 with ERR_VALUE for a directive that is not known. */
int date_format(int64_t ms, const char *format, const char *lang,
    struct buf *out, struct err *err);

/* ---- functions ---- */

enum {
	FUNCTION_VOLATILE = 1,
	FUNCTION_ONCE = 2,        /* reads the item itself */
	FUNCTION_CHOICE_NAME = 4, /* second argument: a path in quotes */
	FUNCTION_NODES = 8,       /* its argument must be a reference */
	FUNCTION_REGEX = 16,      /* second argument: a pattern */
	FUNCTION_SELF = 32,       /* without argument: of the item itself */
	FUNCTION_TREE = 64,       /* needs a tree to walk */
	FUNCTION_ALL_ROWS = 128,  /* an absolute path means all rows */
	FUNCTION_INDEXED = 256,   /* items and repeats mean all rows */
	FUNCTION_DAILY = 512      /* volatile, but the same for a day */
};

enum { ARGS_ANY = 1000 };

struct function {
	const char *name;
	int min_args, max_args;
	int flags;
	int (*call)(
	    struct eval *eval, const struct expr *node, struct value *value);
	/* What gives nodes gives them here, and then has no `call`. */
	int (*nodes)(
	    struct eval *eval, const struct expr *node, struct node_set *set);
};

/* An array that ends with a NULL name. */
extern const struct function functions_logic[], functions_text[],
    functions_number[], functions_date[], functions_nodes[], functions_geo[],
    functions_digest[], functions_files[];

/* instance(): what steps may follow in a form. */
int nodes_of_instance(
    struct eval *eval, const struct expr *node, struct node_set *set);

/* NULL with ERR_UNSUPPORTED or ERR_NOT_FOUND, naming the nearest. */
const struct function *function_find(const char *name, struct err *err);

const struct expr *call_arg(const struct expr *node, int index);
/* 0, or -1 with err. */
int call_text(
    struct eval *eval, const struct expr *node, int index, const char **text);
int call_number(
    struct eval *eval, const struct expr *node, int index, double *number);
int call_truth(
    struct eval *eval, const struct expr *node, int index, bool *truth);
/*
 * The values of all arguments from the `from`-th on, each node of a set by
 * itself: 1, 0 at the end, -1.
 */
struct call_values {
	int from; /* the caller's; the rest begins as zero */
	int at;
	struct node_set set;
	size_t node;
	bool in_set;
};

int call_next_value(struct eval *eval, const struct expr *node,
    struct call_values *values, struct value *value);

/* ERR_VALUE: "column 3: regex(): ..." */
int call_fail(struct eval *eval, const struct expr *node, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* Compiles a pattern to see that it is one; 0 or -1 with ERR_FORMAT. */
int regex_check(const char *pattern, struct err *err);

int call_regex(struct eval *eval, const struct expr *node, struct value *value);

/* Bytes of the character at `text`, at least 1 (0 at the end). */
size_t char_bytes(const char *text);

#endif
