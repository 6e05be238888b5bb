/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a processor model.
 *
 *   model_open ---> tree, whole ---> yaml_set, yaml_override ---> model_load ---> struct model
 *   (a name or a path)   base files merged
 */
#pragma once
#include "sim/model/model.h"
#include "sim/yaml/yaml.h"

/*
 * Reads a whole model from a parsed file, diagnosing everything that is wrong. False if anything was; then *model is
 * not to be used.  A "base:" still in the tree is followed.  root stays the caller's.
 */
bool model_load(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics);
/*
 * The tree of a model, its base files merged in: an embedded name ("i486dx-50"), or a path (it has a '/' or ends in
 * ".yaml") relative to the folder of the file beside (NULL: the working directory).  NULL if it cannot be had.  at is
 * where the name was written, for diagnostics; it may be NULL.
 */
struct yaml_node *model_open(const char *name, const char *beside, const struct yaml_node *at,
                             struct diagnostics *diagnostics);
/* Follows "base:" of a tree that was parsed already; consumes it. NULL on error. */
struct yaml_node *model_resolve(struct yaml_node *root, struct diagnostics *diagnostics);
/* The embedded model files: NAME (without .yaml), its text; NULL beyond the last. Sorted by name. */
const char *model_embedded(unsigned n, const char **text, size_t *size);
