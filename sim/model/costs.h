/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of load.c that reads constants. */
#pragma once
#include "sim/model/load.h"

/* Reads costs: of root: every key of the architecture (model->arch, which is known), each with its origin. */
void costs_load(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics);
/* The node of a cost, for complaints; NULL where there is none. */
const struct yaml_node *costs_node(const struct model *model, struct yaml_node *root, unsigned cost);
