// Memory for secrets. A page of its own with guards for each 32-byte key would cost more than the
// cryptography that uses it, so small secrets share slabs: each slab is one sodium_malloc (guard
// pages around it, locked where the limit of the process allows, left out of core dumps), cut into
// cells of one size.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluis {

// Memory of `size` bytes, all zero; never null for a size above 0 (the process ends instead).
// Thread-safe.
std::uint8_t* TakeSecretMemory(std::size_t size);
// Wipes and gives back. `size` as it was taken.
void GiveSecretMemory(std::uint8_t* bytes, std::size_t size);

}  // namespace sluis
