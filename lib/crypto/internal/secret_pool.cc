#include "lib/crypto/internal/secret_pool.h"

#include <sodium.h>

#include <cstring>
#include <vector>

#include "lib/base/mutex.h"
#include "lib/crypto/internal/openssl.h"
#include "lib/crypto/internal/sodium.h"

namespace sluis {
namespace {

constexpr std::size_t kSlab = 65536;
constexpr std::size_t kCellSizes[] = {64, 512, 4096};  // what is larger has memory of its own

std::uint8_t* Allocate(std::size_t size) {
  EnsureSodium();
  auto* const bytes = static_cast<std::uint8_t*>(sodium_malloc(size));
  CryptoCheck(bytes != nullptr, "no memory for a secret");
  return bytes;
}

// Free cells of one size. Slabs are kept: their number is that of the most secrets alive at once.
class Cells {
 public:
  std::uint8_t* Take(std::size_t size) SLUIS_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (free_.empty()) {
      std::uint8_t* const slab = Allocate(kSlab);
      for (std::size_t at = 0; at < kSlab; at += size) free_.push_back(slab + at);
    }
    std::uint8_t* const cell = free_.back();
    free_.pop_back();
    return cell;
  }
  void Give(std::uint8_t* cell) SLUIS_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    free_.push_back(cell);
  }

 private:
  Mutex mutex_;
  std::vector<std::uint8_t*> free_ SLUIS_GUARDED_BY(mutex_);
};

// The index of the smallest cell that holds `size`, or the number of sizes.
std::size_t ClassOf(std::size_t size) {
  std::size_t index = 0;
  while (index < std::size(kCellSizes) && size > kCellSizes[index]) ++index;
  return index;
}

// Never destroyed: secrets with static lifetime give back after everything else is gone.
Cells& CellsOf(std::size_t index) {
  static Cells* const cells = new Cells[std::size(kCellSizes)];
  return cells[index];
}

}  // namespace

std::uint8_t* TakeSecretMemory(std::size_t size) {
  const std::size_t index = ClassOf(size);
  std::uint8_t* const bytes =
      index == std::size(kCellSizes) ? Allocate(size) : CellsOf(index).Take(kCellSizes[index]);
  std::memset(bytes, 0, size);
  return bytes;
}

void GiveSecretMemory(std::uint8_t* bytes, std::size_t size) {
  const std::size_t index = ClassOf(size);
  if (index == std::size(kCellSizes)) return sodium_free(bytes);  // wipes too
  sodium_memzero(bytes, size);
  CellsOf(index).Give(bytes);
}

}  // namespace sluis
