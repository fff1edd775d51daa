// Floor: the sealing of one exchange and nothing else: the question's subject and three fields
// sealed and opened with their signatures, as both clients do it, and the check of each signature
// that the broker makes.
#pragma once

#include <memory>

#include "tests/bench/region.h"
#include "tests/bench/wire_path.h"

namespace sluis::bench {

class SealFloor {
 public:
  explicit SealFloor(Region& region);
  // Thread-safe.
  void RunOnce() const;

 private:
  Seat asker_, answerer_;
  edge::DirectoryPtr directory_;
  sluis::v1::Exchange exchange_;
};

}  // namespace sluis::bench
