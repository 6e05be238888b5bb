/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading an ELF image: the file's header and its loadable segments.
 *
 * libelf parses; this file decides what a guest image may be.  It is a 32-bit
 * little-endian executable for the i386 or MIPS, every loadable segment lies within the
 * file, and none wraps around the address space or overlaps another in memory.
 * A truncated or hostile file is an error with a sentence that says what is wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/core/error.h"
#include "sim/image/private.h"

enum { IMAGE_LARGEST = 64 << 20 };

static enum muk_err wrong(const struct image *image, struct muk_error *error, const char *what)
{
	return error_at(error, MUK_ERR_INPUT, image->name, 0, 0, "%s: not a usable guest image: %s", image->name, what);
}

/* The levels of MIPS's instruction set that are 32 or 64 bits of one line: I to V. */
static const char *const mips_isa[] = { "", "I", "II", "III", "IV", "V" };
enum { MIPS_ISA_MOST = sizeof mips_isa / sizeof *mips_isa - 1 };

/* What code an image for MIPS has (MIPS ABI supplement, e_flags). */
static enum muk_err read_mips_flags(struct image *image, uint32_t flags, struct muk_error *error)
{
	enum { SHORT_CODE = 0x06000000 }; /* EF_MIPS_ARCH_ASE_M16, EF_MIPS_MICROMIPS */
	unsigned level = (flags & EF_MIPS_ARCH) >> 28;

	image->machine = IMAGE_MIPS;
	if (level >= MIPS_ISA_MOST)
		return wrong(image, error, "it is for MIPS32 or MIPS64, which came after the processors here");
	if (flags & (EF_MIPS_ABI2 | EF_MIPS_ABI_ON32))
		return wrong(image, error, "it has another ABI than o32, or long registers");
	if (flags & SHORT_CODE)
		return wrong(image, error, "it has code of MIPS16 or microMIPS");
	image->isa = level + 1;
	return MUK_OK;
}

/* The file's header, field by field. */
static enum muk_err check_header(struct image *image, Elf *elf, struct muk_error *error)
{
	GElf_Ehdr header;

	if (elf_kind(elf) != ELF_K_ELF)
		return wrong(image, error, "it is no ELF file");
	if (!gelf_getehdr(elf, &header))
		return wrong(image, error, "the ELF header is truncated");
	if (gelf_getclass(elf) != ELFCLASS32)
		return wrong(image, error, "it is not a 32-bit ELF file");
	if (header.e_ident[EI_DATA] != ELFDATA2LSB)
		return wrong(image, error, "it is big-endian; the processors here are little-endian");
	if (header.e_machine != EM_386 && header.e_machine != EM_MIPS)
		return wrong(image, error, "it is for another machine than the i386 and MIPS");
	if (header.e_type != ET_EXEC)
		return wrong(image, error, "it is not a linked executable (ET_EXEC)");
	if (header.e_phnum == 0 || header.e_phentsize != sizeof(Elf32_Phdr))
		return wrong(image, error, "it has no program headers");
	if (header.e_phoff > image->size ||
	    (uint64_t)header.e_phnum * sizeof(Elf32_Phdr) > image->size - header.e_phoff)
		return wrong(image, error, "the program headers lie beyond the end of the file");
	image->entry = (vaddr_t)header.e_entry;
	return header.e_machine == EM_MIPS ? read_mips_flags(image, header.e_flags, error) : MUK_OK;
}

/* header: with the physical address at which the segment is loaded. */
static enum muk_err check_segment(struct image *image, const GElf_Phdr *header, struct muk_error *error)
{
	if (header->p_offset > image->size || header->p_filesz > image->size - header->p_offset)
		return wrong(image, error, "a segment lies beyond the end of the file");
	if (header->p_filesz > header->p_memsz)
		return wrong(image, error, "a segment is larger in the file than in memory");
	if (header->p_paddr + header->p_memsz > UINT32_MAX || header->p_vaddr + header->p_memsz > UINT32_MAX)
		return wrong(image, error, "a segment wraps around the end of the address space");
	for (unsigned i = 0; i < image->segments; i++) {
		const struct image_segment *other = &image->segment[i];

		if (header->p_paddr < (uint64_t)other->paddr + other->memory_size &&
		    other->paddr < header->p_paddr + header->p_memsz)
			return wrong(image, error, "two segments overlap in physical memory");
	}
	return MUK_OK;
}

/* Where a segment is loaded: what is linked in kseg0 or kseg1 of a MIPS lies in the memory that these show. */
static paddr_t segment_place(const struct image *image, uint64_t address)
{
	enum { UNMAPPED = 0x80000000u, UNMAPPED_END = 0xc0000000u, PHYSICAL_MASK = 0x1fffffff };
	bool unmapped = image->machine == IMAGE_MIPS && address >= UNMAPPED && address < UNMAPPED_END;

	return (paddr_t)(unmapped ? address & PHYSICAL_MASK : address);
}

static enum muk_err read_segments(struct image *image, Elf *elf, struct muk_error *error)
{
	size_t count = 0;

	if (elf_getphdrnum(elf, &count) != 0)
		return wrong(image, error, "the program headers cannot be read");
	image->segment = calloc(count ? count : 1, sizeof *image->segment);
	if (!image->segment)
		return error_set(error, MUK_ERR_NOMEM, "out of memory reading %s", image->name);
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr header;

		if (!gelf_getphdr(elf, (int)i, &header))
			return wrong(image, error, "a program header cannot be read");
		if (header.p_type != PT_LOAD || header.p_memsz == 0)
			continue;
		header.p_paddr = segment_place(image, header.p_paddr);
		enum muk_err err = check_segment(image, &header, error);

		if (err)
			return err;
		image->segment[image->segments++] = (struct image_segment){
			.paddr = (paddr_t)header.p_paddr,
			.vaddr = (vaddr_t)header.p_vaddr,
			.file_size = (uint32_t)header.p_filesz,
			.memory_size = (uint32_t)header.p_memsz,
			.data = image->bytes + header.p_offset,
		};
	}
	if (image->segments == 0)
		return wrong(image, error, "it has no loadable segment");
	return MUK_OK;
}

static enum muk_err read_parts(struct image *image, struct muk_error *error)
{
	if (elf_version(EV_CURRENT) == EV_NONE)
		return error_set(error, MUK_ERR_DEFECT, "libelf is older than its header");
	Elf *elf = elf_memory((char *)image->bytes, image->size);

	if (!elf)
		return wrong(image, error, "it is no ELF file");
	enum muk_err err = check_header(image, elf, error);

	if (!err)
		err = read_segments(image, elf, error);
	if (!err)
		err = image_read_symbols(image, elf, error);
	if (!err)
		err = image_read_probes(image, elf, error);
	if (!err)
		image_read_sections(image, elf);
	elf_end(elf);
	return err;
}

enum muk_err image_read(struct image *image, const char *name, const void *bytes, size_t size, struct muk_error *error)
{
	memset(image, 0, sizeof *image);
	snprintf(image->name, sizeof image->name, "%s", name);
	if (size < sizeof(Elf32_Ehdr))
		return wrong(image, error, "it is shorter than an ELF header");
	image->bytes = malloc(size);
	if (!image->bytes)
		return error_set(error, MUK_ERR_NOMEM, "out of memory reading %s", name);
	memcpy(image->bytes, bytes, size);
	image->size = size;
	enum muk_err err = read_parts(image, error);

	if (err)
		image_free(image);
	return err;
}

static enum muk_err read_whole(int file, size_t size, uint8_t *bytes, const char *path, struct muk_error *error)
{
	for (size_t at = 0; at < size;) {
		ssize_t got = read(file, bytes + at, size - at);

		if (got <= 0)
			return error_at(error, MUK_ERR_IO, path, 0, 0, "%s: cannot read it: %s", path,
			                got == 0 ? "it ends early" : strerror(errno));
		at += (size_t)got;
	}
	return MUK_OK;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

enum muk_err image_read_file(struct image *image, const char *path, struct muk_error *error)
{
	struct stat status;
	int file = open(path, O_RDONLY | O_CLOEXEC);

	memset(image, 0, sizeof *image);
	if (file < 0)
		return error_at(error, MUK_ERR_INPUT, path, 0, 0, "%s: cannot open the image: %s", path, strerror(errno));
	enum muk_err err = MUK_OK;
	uint8_t *bytes = NULL;

	if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
		err = error_at(error, MUK_ERR_INPUT, path, 0, 0, "%s: not a regular file", path);
	else if (status.st_size > IMAGE_LARGEST)
		err = error_at(error, MUK_ERR_INPUT, path, 0, 0, "%s: larger than 64 MiB", path);
	else if (!(bytes = malloc((size_t)status.st_size + 1)))
		err = error_set(error, MUK_ERR_NOMEM, "out of memory reading %s", path);
	if (!err)
		err = read_whole(file, (size_t)status.st_size, bytes, path, error);
	close(file);
	if (!err)
		err = image_read(image, base_name(path), bytes, (size_t)status.st_size, error);
	free(bytes);
	return err;
}

void image_free(struct image *image)
{
	image_free_lines(image);
	for (unsigned i = 0; i < image->symbols; i++)
		free(image->symbol[i].name);
	free(image->symbol);
	free(image->probe);
	free(image->segment);
	free(image->bytes);
	memset(image, 0, sizeof *image);
}

const char *image_misfit(const struct image *image, enum image_machine machine, unsigned isa, char *text, size_t size)
{
	static const char *const names[] = {
#define X(name, text) text,
		IMAGE_MACHINES(X)
#undef X
	};

	if (image->machine != machine)
		snprintf(text, size, "it is for %s, and the model's processor is %s", names[image->machine], names[machine]);
	else if (image->isa > isa)
		snprintf(text, size, "it has code for MIPS %s, and the model's processor knows MIPS %s only", mips_isa[image->isa],
		         mips_isa[isa]);
	else
		return NULL;
	return text;
}

bool image_physical(const struct image *image, vaddr_t address, paddr_t *out)
{
	for (unsigned i = 0; i < image->segments; i++) {
		const struct image_segment *segment = &image->segment[i];

		if (address - segment->vaddr < segment->memory_size) {
			*out = segment->paddr + (address - segment->vaddr);
			return true;
		}
	}
	return false;
}
