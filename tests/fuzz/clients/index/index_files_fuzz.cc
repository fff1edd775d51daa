// What stands in the opened files of an index, by the first byte: a manifest, an enrolment under way, a directory of records
// with a key that is looked for, a record. Properties: what is accepted holds what its reader promises; a look-up stays
// within the blocks there are and misses none that can hold the key; a refusal has one of its reasons.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "clients/lib/index/index_folder.h"
#include "clients/lib/index/record_file.h"
#include "lib/base/error.h"

namespace {

using sluis::Bytes;
using sluis::BytesView;

void Demand(bool holds) {
  if (!holds) std::abort();
}

void DemandReason(const absl::Status& status, std::initializer_list<std::string_view> reasons) {
  for (const std::string_view reason : reasons) {
    if (sluis::DetailOf(status).reason == reason) return;
  }
  std::abort();
}

void Manifest(BytesView content) {
  const auto manifest = sluis::edge::ParseIndexManifest(content);
  if (!manifest.ok()) return DemandReason(manifest.status(), {"STORE_DAMAGED"});
  Demand(manifest->generation().size() == 16 && manifest->subjects() >= 0);
  Demand(sluis::edge::ParseIndexManifest(manifest->SerializeAsString()).ok());
}

void Building(BytesView content) {
  const auto building = sluis::edge::ParseIndexBuilding(content);
  if (!building.ok()) return DemandReason(building.status(), {"STORE_DAMAGED"});
  Demand(building->enrolment().size() == 16);
  Demand(sluis::edge::ParseIndexBuilding(building->SerializeAsString()).ok());
}

void Directory(BytesView content) {
  if (content.size() < sluis::pseudonym::kIndexKeySize) return;
  const BytesView key = content.substr(0, sluis::pseudonym::kIndexKeySize);
  content.remove_prefix(key.size());
  const auto directory =
      sluis::edge::RecordDirectory::Parse(sluis::SecretBytes::CopyOf(content));
  if (!directory.ok()) return DemandReason(directory.status(), {"E_LENGTH", "E_TRUNCATED"});
  Demand(content.size() == 8 + 8 * directory->blocks());
  std::uint64_t wanted = 0, records = 0;
  for (const char c : key.substr(0, 8)) wanted = (wanted << 8) | static_cast<std::uint8_t>(c);
  bool rising = true;
  for (std::size_t block = 0; block < directory->blocks(); ++block) {
    records += directory->RecordsOf(block);
    rising = rising && (block == 0 || directory->FirstOf(block - 1) <= directory->FirstOf(block));
  }
  Demand(records == directory->records);
  const auto [begin, end] = directory->BlocksFor(key);
  Demand(begin <= end && end <= directory->blocks());
  for (std::size_t block = 0; rising && block < directory->blocks(); ++block) {
    const bool last = block + 1 == directory->blocks();
    const bool can_hold = directory->FirstOf(block) <= wanted &&
                          (last || directory->FirstOf(block + 1) >= wanted);
    Demand(!can_hold || (begin <= block && block < end));
  }
}

void Record(BytesView content) {
  if (content.size() != sluis::edge::kIndexRecordSize) return;
  const auto subject = sluis::edge::SubjectOf(content);
  if (!subject.ok()) return DemandReason(subject.status(), {"E_SUBJECT", "E_BSN"});
  Demand(subject->value(sluis::SecretAccess::ForTest()) == sluis::edge::ValueOf(content));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const BytesView content(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0: Manifest(content); break;
    case 1: Building(content); break;
    case 2: Directory(content); break;
    default: Record(content); break;
  }
  return 0;
}
