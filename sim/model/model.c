/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of a model: cost keys, confidences, engine modes. */
#include "sim/model/model.h"

static const struct {
	const char *key, *what;
} x86_constants[] = {
#define X(name, key, what) { key, what },
#include "sim/model/costs_x86.def"
#undef X
}, mips_constants[] = {
#define X(name, key, what) { key, what },
#include "sim/model/costs_mips.def"
#undef X
};

const char *model_arch_word(enum model_arch arch)
{
	static const char *const words[] = {
#define X(name, word, constants) word,
		MODEL_ARCHES(X)
#undef X
	};

	return words[arch];
}

unsigned model_costs(enum model_arch arch)
{
	static const unsigned counts[] = {
#define X(name, word, constants) constants,
		MODEL_ARCHES(X)
#undef X
	};

	return counts[arch];
}

const char *model_cost_key(enum model_arch arch, unsigned cost)
{
	return arch == ARCH_MIPS ? mips_constants[cost].key : x86_constants[cost].key;
}

const char *model_cost_what(enum model_arch arch, unsigned cost)
{
	return arch == ARCH_MIPS ? mips_constants[cost].what : x86_constants[cost].what;
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
