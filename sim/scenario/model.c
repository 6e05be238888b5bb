/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processor models as the public API has them (include/mukroscope/model.h). */
#include "mukroscope/model.h"
#include "sim/core/error.h"
#include "sim/model/load.h"
#include <stdlib.h>
#include <string.h>

struct muk_model {
	struct model model;
	bool loaded;
	struct diagnostics diagnostics;
	char *rendered;
};

const char *muk_model_embedded(unsigned n)
{
	return model_embedded(n, NULL, NULL);
}

enum muk_err muk_model_open(struct muk_model **out, const char *name, struct muk_error *error)
{
	struct muk_model *model = calloc(1, sizeof(*model));

	*out = model;
	if (!model)
		return error_set(error, MUK_ERR_NOMEM, "the host's memory is exhausted");
	struct yaml_node *root = model_open(name, NULL, NULL, &model->diagnostics);
	model->loaded = root && model_load(&model->model, root, &model->diagnostics);
	yaml_destroy(root);
	return diagnostics_error(&model->diagnostics, error);
}

void muk_model_close(struct muk_model *model)
{
	if (!model)
		return;
	diagnostics_free(&model->diagnostics);
	free(model->rendered);
	free(model);
}

const char *muk_model_diagnostics(struct muk_model *model)
{
	free(model->rendered);
	model->rendered = diagnostics_render(&model->diagnostics);
	return model->rendered ? model->rendered : "";
}

const char *muk_model_name(const struct muk_model *model)
{
	return model->model.name;
}

const char *muk_model_title(const struct muk_model *model)
{
	return model->model.title;
}

const char *muk_model_arch(const struct muk_model *model)
{
	return model_arch_word(model->model.arch);
}

uint64_t muk_model_hertz(const struct muk_model *model)
{
	return model->model.hertz;
}

bool muk_model_constant(const struct muk_model *model, unsigned n, struct muk_constant *constant)
{
	enum model_arch arch = model->model.arch;

	if (!model->loaded || n >= model_costs(arch))
		return false;
	const struct model_origin *origin = &model->model.cost_origin[n];
	*constant = (struct muk_constant){
		.key = model_cost_key(arch, n), .what = model_cost_what(arch, n),
		.cycles = model->model.cost[n], .absent = !strcmp(origin->source, "absent"), .place = origin->place,
		.source = origin->source, .confidence = model_confidence_word(origin->confidence),
	};
	return true;
}
