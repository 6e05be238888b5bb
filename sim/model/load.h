/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a processor model. */
#pragma once
#include "sim/model/model.h"
#include "sim/yaml/yaml.h"

/* Reads a whole model from a parsed file, diagnosing everything that is wrong. False if anything was. */
bool model_load(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics);
/* The embedded model files: NAME (without .yaml), its text; NULL beyond the last. Sorted by name. */
const char *model_embedded(unsigned n, const char **text, size_t *size);
