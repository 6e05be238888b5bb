/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of a model: cost keys, confidences, engine modes. */
#include "sim/model/model.h"

static const char *const keys[] = {
#define X(name, key, what) key,
#include "sim/model/costs_x86.def"
#undef X
};

static const char *const whats[] = {
#define X(name, key, what) what,
#include "sim/model/costs_x86.def"
#undef X
};

const char *x86_cost_key(enum x86_cost cost)
{
	return keys[cost];
}

const char *x86_cost_what(enum x86_cost cost)
{
	return whats[cost];
}

const char *model_confidence_word(enum model_confidence confidence)
{
	static const char *const words[] = {
#define X(name, word) word,
		MODEL_CONFIDENCES(X)
#undef X
	};

	return words[confidence];
}

const char *engine_mode_name(enum engine_mode mode)
{
	static const char *const names[] = {"auto", "set-mru", "subset", "every-access"};

	return names[mode];
}
