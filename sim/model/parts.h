/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that read a model share: load.c, load_x86.c, load_mips.c, load_caches.c. */
#pragma once
#include "sim/model/load.h"

/* The TLBs' policies, as words. */
extern const char *const model_policies[TLB_POLICY_COUNT];

/* --- load.c --- */
/* Reads an integer that fits 32 bits. */
void model_uint(struct yaml_node *mapping, const char *key, uint32_t least, uint32_t most, uint32_t *out,
                struct diagnostics *diagnostics);
/* The mapping at root.first.second (second may be NULL), for complaints. */
struct yaml_node *model_part(struct yaml_node *root, const char *first, const char *second);
/* Complains of a TLB that cannot be built, at its ways. */
void model_check_tlb(const struct tlb_geometry *geometry, struct yaml_node *at, struct diagnostics *diagnostics);
/* Refuses keys, up to NULL, that would be silently of no effect; why: "since split is true". */
void model_refuse(struct yaml_node *node, const char *const *keys, const char *why, const char *instead,
                  struct diagnostics *diagnostics);
/* Complains of a constant that is absent, though the model as it is would charge it. */
void model_check_present(const struct model *model, struct yaml_node *root, unsigned cost, bool charged,
                         const char *why, struct diagnostics *diagnostics);

/* --- each architecture's: its keys; then, if all keys of the model were right, what they say together --- */
void x86_load(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics);
void x86_check(const struct model *model, struct yaml_node *root, struct diagnostics *diagnostics);
void mips_load(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics);
void mips_check(const struct model *model, struct yaml_node *root, struct diagnostics *diagnostics);

/* --- load_caches.c --- */
void caches_load(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics);
void caches_check(const struct model *model, struct yaml_node *root, struct diagnostics *diagnostics);
/* Whether the cache of data is modelled, and writes back. */
bool caches_write_back(const struct model *model);
