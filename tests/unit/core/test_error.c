/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdio.h>
#include <string.h>

#include "sim/core/error.h"

Test(error, setting_one_returns_its_code)
{
	struct muk_error error = {0};

	cr_assert_eq(error_set(&error, MUK_ERR_INPUT, "%d pages", 3), MUK_ERR_INPUT);
	cr_assert_eq(error.code, MUK_ERR_INPUT);
	cr_assert_str_eq(error.text, "3 pages");
	cr_assert_eq(error.line, 0);
	cr_assert_str_eq(error.path, "");
}

Test(error, a_place_is_kept)
{
	struct muk_error error = {0};

	error_at(&error, MUK_ERR_INPUT, "a.yaml", 12, 7, "unknown key");
	cr_assert_eq(error.line, 12);
	cr_assert_eq(error.column, 7);
	cr_assert_str_eq(error.path, "a.yaml");
}

Test(error, long_texts_are_cut_to_fit)
{
	struct muk_error error;
	char text[2000];

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	error_at(&error, MUK_ERR_IO, text, 0, 0, "%s", text);
	cr_assert_eq(strlen(error.text), sizeof error.text - 1);
	cr_assert_eq(strlen(error.path), sizeof error.path - 1);
}

Test(error, nobody_need_listen)
{
	cr_assert_eq(error_set(NULL, MUK_ERR_NOMEM, "none"), MUK_ERR_NOMEM);
}

Test(error, every_code_has_a_name_and_others_too)
{
	for (int code = MUK_ERR_DEFECT; code <= MUK_OK; code++)
		cr_assert_str_neq(muk_strerror((enum muk_err)code), "unknown error");
	cr_assert_str_eq(muk_strerror((enum muk_err)-99), "unknown error");
}

static void describe(void *ctx, char *buffer, size_t size)
{
	snprintf(buffer, size, "cycle %d", *(int *)ctx);
}

Test(error, a_false_assertion_ends_the_process_with_70, .exit_code = 70)
{
	int cycle = 42;

	defect_context(describe, &cycle);
	muk_assert(cycle == 43);
}

static void describe_badly(void *ctx, char *buffer, size_t size)
{
	(void)ctx;
	(void)buffer;
	muk_assert(size == 0);
}

Test(error, a_defect_in_describing_a_defect_ends_it_too, .exit_code = 70)
{
	defect_context(describe_badly, NULL);
	muk_assert(!"first");
}
