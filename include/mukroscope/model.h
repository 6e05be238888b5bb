/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processor models: what there is, and what each constant is worth. */
#ifndef MUKROSCOPE_MODEL_H
#define MUKROSCOPE_MODEL_H

#include <stdbool.h>
#include <stdint.h>
#include "mukroscope/api.h"
#include "mukroscope/error.h"

#ifdef __cplusplus
extern "C" {
#endif

struct muk_model;

/** A constant of a model. */
struct muk_constant {
	const char *key, *what;  /**< "int.inner", "int n through a gate, to an inner ring" */
	uint32_t cycles;         /**< 0 where the processor has no such thing */
	bool absent;
	const char *place;       /**< "i486dx-50.yaml:142" */
	const char *source;      /**< a key of cpu_models/SOURCES.md */
	const char *confidence;  /**< "paper", "manual", "secondary", "derived", "memory" */
};

/** The models that the library carries, sorted by name; NULL beyond the last. */
MUK_API const char *muk_model_embedded(unsigned n);
/**
 * Opens a model: a file's path (with a '/' or ending in .yaml), or a name that the library carries.  *model is set
 * whatever is returned, but for MUK_ERR_NOMEM: muk_model_diagnostics has all that is wrong.
 */
MUK_API enum muk_err muk_model_open(struct muk_model **model, const char *name, struct muk_error *error);
MUK_API void muk_model_close(struct muk_model *model);
/** All that is wrong, in the form of compilers' messages; "" for nothing. */
MUK_API const char *muk_model_diagnostics(struct muk_model *model);

MUK_API const char *muk_model_name(const struct muk_model *model);
MUK_API const char *muk_model_title(const struct muk_model *model);
/** Its architecture: "x86", "mips". */
MUK_API const char *muk_model_arch(const struct muk_model *model);
MUK_API uint64_t muk_model_hertz(const struct muk_model *model);
/** Constant number n; false beyond the last. */
MUK_API bool muk_model_constant(const struct muk_model *model, unsigned n, struct muk_constant *constant);

#ifdef __cplusplus
}
#endif
#endif
