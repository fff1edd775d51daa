// Where the rows of a subject stand in a file: 24 bytes per key, and none of them
// says who it is. Numbers are kept as
// tags under a key of this process; a tag that meets is confirmed against the row itself.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "clients/lib/register/csv_reader.h"
#include "lib/crypto/secret.h"
#include "lib/sealing/subject.h"

namespace sluis::edge {

struct IndexEntry {
  std::uint64_t tag = 0;
  CsvPosition position;
};

// Filled by one thread, then sorted, then only read (thread-safe).
class RowIndex {
 public:
  RowIndex();
  std::uint64_t TagOf(const Subject& subject) const;
  void Add(const Subject& subject, CsvPosition position);
  // Ends the filling.
  void Sort();
  // In the order of the file; rows of another subject are possible, at random and seldom.
  std::span<const IndexEntry> Find(const Subject& subject) const;
  // Whether `position` is the first row under this tag.
  bool IsFirst(const Subject& subject, CsvPosition position) const;
  std::size_t size() const { return entries_.size(); }

 private:
  SecretBytes key_;
  std::vector<IndexEntry> entries_;
};

}  // namespace sluis::edge
