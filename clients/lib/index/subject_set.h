// Which subjects a register has, without keeping one of them: eight bytes each, a keyed tag. Every
// subject can be ticked off once.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/crypto/keyed_tag.h"
#include "lib/sealing/subject.h"

namespace sluis::edge {

// Filled, then sorted, then ticked; one thread.
class SubjectSet {
 public:
  void Add(SubjectKind kind, BytesView value);
  // Ends the filling.
  void Sort();
  std::size_t size() const { return tags_.size(); }
  std::size_t ticked() const { return ticked_count_; }

  enum class Tick { kFirst, kAgain, kUnknown };
  Tick TickOff(SubjectKind kind, BytesView value);
  bool Contains(SubjectKind kind, BytesView value) const;

 private:
  std::uint64_t TagOf(SubjectKind kind, BytesView value) const;
  std::size_t PlaceOf(std::uint64_t tag) const;  // size() if it is not there
  void Compact();

  KeyedTag key_;
  std::vector<std::uint64_t> tags_;
  std::vector<bool> ticked_;
  std::size_t ticked_count_ = 0;
  std::size_t compact_at_ = std::size_t{1} << 20;
};

}  // namespace sluis::edge
